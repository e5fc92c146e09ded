import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTasksCsv, readVmsCsv, writeTasksCsv, writeVmsCsv } from '../../src/io/problem-csv.ts'
import { createProblem } from '../../src/model/problem.ts'
import type { TaskInput } from '../../src/model/task.ts'
import type { VmInput } from '../../src/model/vm.ts'
import { cloudInstance } from '../../src/workload/cloud-instance.ts'
import { caught } from '../caught.ts'

describe('readTasksCsv', () => {
  test('every field, and empty cells as fields not given', () => {
    const source = [
      'id,lengthMi,cores,arrivalSeconds,deadlineSeconds,inputMegabytes,outputMegabytes,demand.cpu,demand.memoryMib,requiredLabels.zone',
      'render,90000,2,0,600,10,20,2,4096,a|b',
      '"mail, daily",60000,,,,,,,,',
      ',1.5,1,,,,,,512,c',
      '',
    ].join('\r\n')
    expect(readTasksCsv(source)).toEqual([
      {
        id: 'render',
        lengthMi: 90_000,
        cores: 2,
        arrivalSeconds: 0,
        deadlineSeconds: 600,
        inputMegabytes: 10,
        outputMegabytes: 20,
        demand: { cpu: 2, memoryMib: 4096 },
        requiredLabels: { zone: ['a', 'b'] },
      },
      { id: 'mail, daily', lengthMi: 60_000 },
      { lengthMi: 1.5, cores: 1, demand: { memoryMib: 512 }, requiredLabels: { zone: 'c' } },
    ])
  })

  test('a header alone is no tasks', () => {
    expect(readTasksCsv('lengthMi\n')).toEqual([])
  })

  test.each<[string, string, string, unknown]>([
    ['no lengthMi', 'id\na\n', 'line 1', 'id'],
    ['an unknown column', 'lengthMi,price\n1,2\n', 'line 1', 'price'],
    ['a column that only looks like a resource', 'lengthMi,demandx\n1,2\n', 'line 1', 'demandx'],
    ['an inherited name', 'lengthMi,constructor.x\n1,2\n', 'line 1', 'constructor.x'],
    ['a repeated column', 'lengthMi,lengthMi\n1,2\n', 'line 1', 'lengthMi'],
    ['a repeated resource', 'lengthMi,demand.cpu,demand.cpu\n1,2,2\n', 'line 1', 'demand.cpu'],
    ['an empty length', 'id,lengthMi\na,\n', 'line 2, column lengthMi', ''],
    ['a length of 0', 'lengthMi\n0\n', 'line 2, column lengthMi', '0'],
    ['a length that is no number', 'lengthMi\n1\nmany\n', 'line 3, column lengthMi', 'many'],
    ['broken cores', 'lengthMi,cores\n1,1.5\n', 'line 2, column cores', '1.5'],
    ['a negative arrival', 'lengthMi,arrivalSeconds\n1,-1\n', 'line 2, column arrivalSeconds', '-1'],
    ['a negative demand', 'lengthMi,demand.cpu\n1,-2\n', 'line 2, column demand.cpu', '-2'],
  ])('%s', (_, source, path, received) => {
    expect(caught(() => readTasksCsv(source))).toMatchObject({ code: 'format', path, received })
  })

  test('the hint of the field comes along', () => {
    expect(caught(() => readTasksCsv('lengthMi\n-5\n')).message).toBe(
      'line 2, column lengthMi must be a finite number > 0, received "-5". Maybe the unit is wrong: lengths are in million instructions (MI).',
    )
    expect(caught(() => readTasksCsv('lengthmi\n5\n')).findings.map(({ hint }) => hint)).toContain(
      'Maybe lengthmi is meant: write lengthMi.',
    )
  })
})

describe('readVmsCsv', () => {
  test('every field', () => {
    const source =
      'id,speedMips,pricePerSecond,cores,bandwidthMbps,capacity.cpu,capacity.gpu,labels.zone\nsmall,400,0.007,2,100,2,,a\nlarge,800,0,,,8,1,a|b\n'
    expect(readVmsCsv(source)).toEqual([
      {
        id: 'small',
        speedMips: 400,
        pricePerSecond: 0.007,
        cores: 2,
        bandwidthMbps: 100,
        capacity: { cpu: 2 },
        labels: { zone: 'a' },
      },
      { id: 'large', speedMips: 800, pricePerSecond: 0, capacity: { cpu: 8, gpu: 1 }, labels: { zone: 'a|b' } },
    ])
  })

  test.each<[string, string, string]>([
    ['no speedMips', 'id,lengthMi\na,1\n', 'line 1'],
    ['a price for some VMs only', 'speedMips,pricePerSecond\n1,2\n1,\n', 'line 3, column pricePerSecond'],
    ['no bandwidth', 'speedMips,bandwidthMbps\n1,0\n', 'line 2, column bandwidthMbps'],
    ['a row that is cut off', 'speedMips,pricePerSecond\n1,2\n1', 'line 3'],
  ])('%s', (_, source, path) => {
    expect(caught(() => readVmsCsv(source))).toMatchObject({ code: 'format', path })
  })
})

/** A value in half of the cases, else the key left out. */
function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined })
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T
}

describe('what is written comes back', () => {
  const amount = fc.double({ min: 0, max: 1e9, noNaN: true, noDefaultInfinity: true }).map((x) => x + 0)
  const name = fc.string({ minLength: 1 }).filter((x) => x.trim() !== '' && !/[|\0\ufffd\ud800-\udfff]/.test(x))
  const resource = fc.constantFrom('cpu', 'memoryMib', 'a.b', 'odd,name')
  const record = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
    fc.dictionary(resource, value, { minKeys: 1, noNullPrototype: true })
  const task = fc
    .record({
      id: maybe(name),
      lengthMi: amount.map((x) => x + 1),
      cores: maybe(fc.integer({ min: 1, max: 9 })),
      deadlineSeconds: maybe(amount),
      demand: maybe(record(amount)),
      requiredLabels: maybe(record<string | string[]>(fc.oneof(name, fc.array(name, { minLength: 2, maxLength: 3 })))),
    })
    .map(withoutUndefined) as fc.Arbitrary<TaskInput>
  const vm = fc
    .record({
      id: maybe(name),
      speedMips: amount.map((x) => x + 1),
      capacity: maybe(record(amount)),
      labels: maybe(record(name)),
      bandwidthMbps: maybe(amount.map((x) => x + 1)),
    })
    .map(withoutUndefined) as fc.Arbitrary<VmInput>

  test('tasks and VMs', () => {
    fc.assert(
      fc.property(fc.array(task), fc.array(vm), (tasks, vms) => {
        expect(readTasksCsv(writeTasksCsv(tasks))).toEqual(tasks)
        expect(readVmsCsv(writeVmsCsv(vms))).toEqual(vms)
      }),
    )
  })

  test('a generated instance, to the same problem', () => {
    const instance = cloudInstance({
      taskCount: 50,
      vmCount: 8,
      seed: 1,
      arrivals: { kind: 'poisson', perSecond: 1 },
      deadlineSlack: { kind: 'uniform', min: 1, max: 4 },
    })
    const again = { tasks: readTasksCsv(writeTasksCsv(instance.tasks)), vms: readVmsCsv(writeVmsCsv(instance.vms)) }
    expect(again).toEqual(instance)
    expect(createProblem(again)).toEqual(createProblem(instance))
  })

  test('the columns are those of the fields that occur', () => {
    expect(writeTasksCsv([{ lengthMi: 1 }, { lengthMi: 2, demand: { gpu: 0.5 } }])).toBe(
      'lengthMi,demand.gpu\n1,\n2,0.5\n',
    )
    expect(writeVmsCsv([{ id: 'a', speedMips: 1, bandwidthMbps: Infinity }])).toBe('id,speedMips,bandwidthMbps\na,1,\n')
  })

  test('no tasks are a header, which comes back as no tasks', () => {
    expect(writeTasksCsv([])).toBe('lengthMi\n')
    expect(readTasksCsv(writeTasksCsv([]))).toEqual([])
  })

  test.each<[string, () => string]>([
    ['a task without length', () => writeTasksCsv([{ cores: 2 }])],
    ['a VM without speed', () => writeVmsCsv([{ pricePerSecond: 2 }])],
    ['an empty id', () => writeTasksCsv([{ lengthMi: 1, id: '' }])],
    ['a label value with a bar', () => writeTasksCsv([{ lengthMi: 1, requiredLabels: { zone: 'a|b' } }])],
    ['an empty list of label values', () => writeTasksCsv([{ lengthMi: 1, requiredLabels: { zone: [] } }])],
  ])('%s is refused, as a cell cannot hold it', (_, call) => {
    expect(caught(call)).toMatchObject({ code: 'invalid-input', path: expect.stringMatching(/^row 1, column /) })
  })
})
