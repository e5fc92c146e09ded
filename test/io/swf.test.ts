import { describe, expect, test } from 'vitest'
import { readSwf, type SwfJob, swfToTasks } from '../../src/io/swf.ts'
import { createProblem } from '../../src/model/problem.ts'
import { caught } from '../caught.ts'

/** A line of 18 numbers: job, submit, wait, run, processors, and requested processors; the rest unknown. */
function line(job: number, submit: number, wait: number, run: number, processors: number, requested = -1): string {
  return `  ${job}  ${submit} ${wait}\t${run} ${processors} -1 -1 ${requested} -1 -1 1 7 3 -1 -1 -1 -1 -1  `
}

const log = [
  '; Computer: toy cluster',
  ';   of the test',
  '; Note: first',
  ';',
  '; Note: second: with a colon',
  '',
  line(1, 0, 5, 100, 4),
  line(2, 30, -1, 0, 2),
  '; a comment between the jobs',
  line(3, 60, 0, 20, -1, 8),
].join('\r\n')

describe('readSwf', () => {
  test('header: repeated keys and continuation lines are joined', () => {
    expect(readSwf(log).header).toEqual({
      Computer: 'toy cluster\nof the test',
      Note: 'first\nsecond: with a colon\na comment between the jobs',
    })
  })

  test('jobs: all 18 numbers, -1 as null', () => {
    const [first, , third] = readSwf(log).jobs
    expect(first).toEqual({
      jobNumber: 1,
      submitSeconds: 0,
      waitSeconds: 5,
      runSeconds: 100,
      allocatedProcessors: 4,
      meanCpuSeconds: null,
      usedMemoryKb: null,
      requestedProcessors: null,
      requestedSeconds: null,
      requestedMemoryKb: null,
      status: 1,
      user: 7,
      group: 3,
      application: null,
      queue: null,
      partition: null,
      precedingJob: null,
      thinkSeconds: null,
    } satisfies SwfJob)
    expect(third).toMatchObject({ jobNumber: 3, allocatedProcessors: null, requestedProcessors: 8 })
  })

  test('every field is read from its own place', () => {
    const [job] = readSwf('1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18').jobs
    expect(Object.values(job!)).toEqual(Array.from({ length: 18 }, (_, place) => place + 1))
  })

  test('a log of comments alone has no jobs', () => {
    expect(readSwf('; Version: 2\n')).toEqual({ header: { Version: '2' }, jobs: [] })
  })

  test.each<[string, string, string, unknown]>([
    ['an empty file', '', 'text', ''],
    ['a line that is cut off', `${line(1, 0, 0, 1, 1)}\n2 3 4`, 'line 2', '3 columns'],
    ['a line that is too long', `${line(1, 0, 0, 1, 1)} 9`, 'line 1', '19 columns'],
    ['a word', line(1, 0, 0, 1, 1).replace('\t1 ', '\tlong '), 'line 1, column run time', 'long'],
    ['a negative number that is not -1', line(1, 0, 0, -2, 1), 'line 1, column run time', '-2'],
    ['a binary file', `${line(1, 0, 0, 1, 1)}\n\0\0`, 'line 2', 'a NUL character'],
  ])('%s is refused', (_, source, path, received) => {
    expect(caught(() => readSwf(source))).toMatchObject({ code: 'format', path, received })
  })
})

describe('swfToTasks', () => {
  const { jobs } = readSwf(log)

  test('processors as length: 100 s x 4 processors x 1000 MIPS', () => {
    const { tasks, skipped } = swfToTasks(jobs)
    expect(tasks).toEqual([
      { id: '1', lengthMi: 400_000, arrivalSeconds: 0 },
      // allocated unknown, 8 requested: 20 s x 8 x 1000
      { id: '3', lengthMi: 160_000, arrivalSeconds: 60 },
    ])
    expect(skipped).toEqual([jobs[1]])
  })

  test('processors as cores: the length is that of one core', () => {
    expect(swfToTasks(jobs, { processors: 'cores', speedMips: 10 }).tasks).toEqual([
      { id: '1', lengthMi: 1000, cores: 4, arrivalSeconds: 0 },
      { id: '3', lengthMi: 200, cores: 8, arrivalSeconds: 60 },
    ])
  })

  test('gives no task where run time, processors or submit time are unknown', () => {
    const unknown = readSwf(
      [line(1, -1, 0, 5, 1), line(2, 0, 0, -1, 1), line(3, 0, 0, 5, -1), line(4, 0, 0, 5, 0)].join('\n'),
    ).jobs
    expect(swfToTasks(unknown)).toEqual({ tasks: [], skipped: unknown })
  })

  test('makes a problem', () => {
    const problem = createProblem({ tasks: swfToTasks(jobs).tasks, vms: [{ speedMips: 2000 }] })
    expect(problem.taskIds).toEqual(['1', '3'])
  })

  test('refuses unknown options', () => {
    expect(caught(() => swfToTasks(jobs, { speedmips: 1 } as never))).toMatchObject({
      code: 'invalid-option',
      hint: "Maybe 'speedMips' was meant.",
    })
    expect(caught(() => swfToTasks(jobs, { speedMips: 0 }))).toMatchObject({ path: 'options.speedMips' })
  })
})
