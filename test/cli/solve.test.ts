import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { solvers } from '../../src/cli/solvers.ts'
import { cloudsched, folderWith } from './run-in-process.ts'

const tasks = 'id,lengthMi\nlong,90000\nshort,60000\n'
const vms = 'id,speedMips,pricePerSecond\nfast,800,0.02\nslow,400,0.007\n'
const files = { 'tasks.csv': tasks, 'vms.csv': vms }

describe('what goes where', () => {
  test('a pipe gets the plan as JSON and nothing else', async () => {
    const folder = await folderWith(files)
    const { code, stdout, stderr } = await cloudsched([
      'solve',
      folder.at('tasks.csv'),
      folder.at('vms.csv'),
      '--solver',
      'lpt',
      '--time-weight',
      '1',
    ])
    expect(code).toBe(0)
    expect(stderr).toBe('')
    // LPT: long to fast (112.5 s), then short to slow (150 s) rather than to fast (187.5 s).
    const plan = JSON.parse(stdout)
    expect(plan).toMatchObject({ solver: 'lpt', options: { timeWeight: 1 }, evaluation: { timeSeconds: 150 } })
    expect(plan.plan).toEqual([
      { task: 'long', vm: 'fast', seconds: 112.5 },
      { task: 'short', vm: 'slow', seconds: 150 },
    ])
    expect(await folder.names()).toEqual(['tasks.csv', 'vms.csv'])
  })

  test('or as CSV', async () => {
    const folder = await folderWith(files)
    const { stdout } = await cloudsched([
      'solve',
      folder.at('tasks.csv'),
      folder.at('vms.csv'),
      '--solver',
      'lpt',
      '--format',
      'csv',
    ])
    expect(stdout).toBe('task,vm,seconds\nlong,fast,112.5\nshort,slow,150\n')
  })

  test('a terminal gets the figures; files get plan and charts', async () => {
    const folder = await folderWith(files)
    const charts = [
      '--chart',
      folder.at('gantt.svg'),
      '--convergence',
      folder.at('search.svg'),
      '--load',
      folder.at('load.json'),
    ]
    const { code, stdout } = await cloudsched(
      [
        'solve',
        folder.at('tasks.csv'),
        folder.at('vms.csv'),
        '--solver',
        'lpt',
        '--out',
        folder.at('plan.csv'),
        ...charts,
      ],
      { isTTY: true },
    )
    expect(code).toBe(0)
    expect(stdout).toContain('2 tasks on 2 VMs')
    expect(stdout).toMatch(/lpt +150 /)
    expect(await folder.names()).toEqual(['gantt.svg', 'load.json', 'plan.csv', 'search.svg', 'tasks.csv', 'vms.csv'])
    expect(await readFile(folder.at('plan.csv'), 'utf8')).toBe('task,vm,seconds\nlong,fast,112.5\nshort,slow,150\n')
    expect(await readFile(folder.at('gantt.svg'), 'utf8')).toMatch(/^<svg[^]*long[^]*<\/svg>$/)
    expect(JSON.parse(await readFile(folder.at('load.json'), 'utf8')).$schema).toContain('vega-lite')
  })

  test('the front of time and cost', async () => {
    const folder = await folderWith(files)
    const typed = ['--solver', 'nsga2', '--option', 'generations=5', '--pareto', folder.at('front.json')]
    const { code } = await cloudsched(['solve', folder.at('tasks.csv'), folder.at('vms.csv'), ...typed])
    expect(code).toBe(0)
    // Both on slow: 375 s for 2.625; apart, the longer on fast: 150 s for 3.3; both on fast: 187.5 s for 3.75, dominated.
    const { values } = JSON.parse(await readFile(folder.at('front.json'), 'utf8')).data
    expect(values.map(({ timeSeconds }: { timeSeconds: number }) => timeSeconds)).toEqual(
      expect.arrayContaining([150, 375]),
    )
    expect(values.map(({ timeSeconds }: { timeSeconds: number }) => timeSeconds)).not.toContain(187.5)
  })

  test('a pipe gets nothing when the plan goes to a file', async () => {
    const folder = await folderWith(files)
    const { stdout } = await cloudsched([
      'solve',
      folder.at('tasks.csv'),
      folder.at('vms.csv'),
      '--solver',
      'lpt',
      '--out',
      folder.at('plan.json'),
    ])
    expect(stdout).toBe('')
    expect(JSON.parse(await readFile(folder.at('plan.json'), 'utf8')).solver).toBe('lpt')
  })
})

describe('search', () => {
  test.each(Object.keys(solvers))('%s is called by the name that its results carry', async (name) => {
    const folder = await folderWith(files)
    const typed = ['--solver', name, '--time-limit-ms', '100']
    const { code, stdout } = await cloudsched(['solve', folder.at('tasks.csv'), folder.at('vms.csv'), ...typed])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ solver: name, plan: [{ task: 'long' }, { task: 'short' }] })
  })

  test('the default is whaql; seed and options reach the solver', async () => {
    const folder = await folderWith(files)
    const typed = ['--seed', '7', '--option', 'episodes=200', '--time-limit-ms', '60000']
    const { stdout } = await cloudsched(['solve', folder.at('tasks.csv'), folder.at('vms.csv'), ...typed])
    expect(JSON.parse(stdout)).toMatchObject({
      solver: 'whaql',
      seed: '7',
      options: { episodes: 200, timeLimitMs: 60_000, timeWeight: 0.5 },
    })
  })

  test('an interrupted search writes its best so far and says so', async () => {
    const folder = await folderWith({})
    await cloudsched(['generate', '--tasks', '400', '--vms', '20', '--out', folder.at('problem.json')])
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('interrupted')), 400)
    const { code, stderr } = await cloudsched(
      ['solve', folder.at('problem.json'), '--time-limit-ms', '60000', '--out', folder.at('plan.json')],
      { signal: controller.signal },
    )
    expect(code).toBe(130)
    expect(stderr).toMatch(/^Interrupted: this is the best schedule so far, at most [\d.e-]+ % above the optimum\.\n$/)
    const { status, plan } = JSON.parse(await readFile(folder.at('plan.json'), 'utf8'))
    expect(status).toBe('aborted')
    expect(plan).toHaveLength(400)
  })

  test('interrupted before there is a schedule: no file', async () => {
    const folder = await folderWith(files)
    const { code, stderr } = await cloudsched(
      ['solve', folder.at('tasks.csv'), folder.at('vms.csv'), '--out', folder.at('plan.json')],
      { signal: AbortSignal.abort(new Error('interrupted')) },
    )
    expect(code).toBe(130)
    expect(stderr).toBe('Interrupted before there was a schedule; nothing was written.\n')
    expect(await folder.names()).toEqual(['tasks.csv', 'vms.csv'])
  })
})

describe('input', () => {
  const solveOf = async (content: Readonly<Record<string, string | Uint8Array>>, ...more: string[]) => {
    const folder = await folderWith(content)
    const { code, stdout, stderr } = await cloudsched([
      'solve',
      ...Object.keys(content).map(folder.at),
      '--solver',
      'lpt',
      ...more,
    ])
    return { code, stderr, plan: code === 0 ? JSON.parse(stdout) : null }
  }

  test('packed tables', async () => {
    const { plan } = await solveOf({ 'tasks.csv.gz': gzipSync(tasks), 'vms.csv.gz': gzipSync(vms) })
    expect(plan.plan).toHaveLength(2)
  })

  test('a problem as JSON', async () => {
    const problem = { tasks: [{ lengthMi: 90_000 }], vms: [{ speedMips: 900 }] }
    const { plan } = await solveOf({ 'problem.json': JSON.stringify(problem) })
    expect(plan.evaluation.timeSeconds).toBe(100)
  })

  test('an ETC matrix', async () => {
    // Task 0 takes 5 or 1 s, task 1 takes 2 or 9 s.
    const { plan } = await solveOf({ 'u_i_hihi.0': '2 2 0\n5\n1\n2\n9\n' })
    expect(plan.evaluation.timeSeconds).toBe(2)
    expect(plan.plan.map(({ vm }: { vm: string }) => vm)).toEqual(['1', '0'])
  })

  test('an ETC matrix with machine numbers', async () => {
    const { plan } = await solveOf({ 'matrix.txt': '2 2 1\n2\n0 5 1 1\n0 2 1 9\n' }, '--from', 'rcmax')
    expect(plan.evaluation.timeSeconds).toBe(2)
  })

  const job = (number: number, run: number) =>
    [number, 0, -1, run, 2, -1, -1, 2, -1, -1, 1, 1, 1, 1, 1, 1, -1, -1].join(' ')
  const log = `; Version: 2\n${job(1, 30)}\n${job(2, 0)}\n${job(3, 60)}\n`

  test('a log of jobs; what it leaves out is said', async () => {
    const { plan, stderr } = await solveOf({ 'log.swf': log, 'vms.csv': 'speedMips\n1000\n' })
    // 30 s and 60 s on 2 processors of 1000 MIPS each: 60 and 120 s on one.
    expect(plan.evaluation.timeSeconds).toBe(180)
    expect(plan.plan.map(({ task }: { task: string }) => task)).toEqual(['1', '3'])
    expect(stderr).toContain('1 jobs of the log have no run time')
  })

  test('a part of it, on machines of another speed', async () => {
    const { plan } = await solveOf(
      { 'log.swf': log, 'vms.csv': 'speedMips\n1000\n' },
      '--first',
      '1',
      '--reference-mips',
      '500',
    )
    expect(plan.evaluation.timeSeconds).toBe(30)
  })

  test('batch tasks', async () => {
    const table = ',submit_time,duration,cpu,memory,job_id,task_id,instances_num,disk\n0,5,10,1,0.1,7,1,3,0\n'
    const { plan, stderr } = await solveOf(
      { 'jobs.csv': table, 'vms.csv': 'speedMips,capacity.cpu,capacity.memory\n1000,8,1\n' },
      '--from',
      'alibaba',
    )
    expect(plan.evaluation.timeSeconds).toBe(30)
    expect(stderr).toContain('does not look at tasks.arrivalSeconds')
  })

  test('no tasks: an empty plan', async () => {
    const { code, plan } = await solveOf({ 'tasks.csv': 'lengthMi\n', 'vms.csv': 'speedMips\n1000\n' })
    expect(code).toBe(0)
    expect(plan.plan).toEqual([])
    expect(plan.evaluation.timeSeconds).toBe(0)
  })
})
