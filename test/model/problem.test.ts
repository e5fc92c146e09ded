import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  allVms,
  createProblem,
  eligibleVms,
  executionSeconds,
  isEligible,
  type Problem,
  taskId,
  vmId,
} from '../../src/model/problem.ts'

function timesOf(problem: Problem): number[][] {
  return Array.from({ length: problem.taskCount }, (_, task) =>
    Array.from({ length: problem.vmCount }, (_unused, vm) => executionSeconds(problem, task, vm)),
  )
}

describe('uniform machines', () => {
  const tasks = [{ lengthMi: 90_000 }, { lengthMi: 60_000 }]
  const vms = [
    { speedMips: 800, pricePerSecond: 0.02 },
    { speedMips: 400, pricePerSecond: 0.007 },
  ]

  test('a task takes its length over the speed, equation (2)', () => {
    // 90 000 / 800 = 112.5, 90 000 / 400 = 225, 60 000 / 800 = 75, 60 000 / 400 = 150
    const problem = createProblem({ tasks, vms })
    expect(timesOf(problem)).toEqual([
      [112.5, 225],
      [75, 150],
    ])
    expect(problem).toMatchObject({
      taskCount: 2,
      vmCount: 2,
      etc: null,
      eligibility: null,
      taskIds: null,
      vmIds: null,
    })
    expect(problem.pricePerSecond).toEqual(Float64Array.of(0.02, 0.007))
  })

  test('columns say the same as objects', () => {
    const columns = createProblem({
      tasks: { lengthMi: Float64Array.of(90_000, 60_000) },
      vms: { speedMips: [800, 400], pricePerSecond: Float32Array.of(0.5, 0.25) },
    })
    const rows = createProblem({
      tasks,
      vms: [
        { speedMips: 800, pricePerSecond: 0.5 },
        { speedMips: 400, pricePerSecond: 0.25 },
      ],
    })
    expect(columns).toEqual(rows)
  })

  test('no price anywhere is a problem without prices; a price of 0 is a price', () => {
    expect(createProblem({ tasks, vms: [{ speedMips: 1 }] }).pricePerSecond).toBeNull()
    expect(createProblem({ tasks, vms: [{ speedMips: 1, pricePerSecond: 0 }] }).pricePerSecond).toEqual(
      Float64Array.of(0),
    )
  })

  test('zero tasks are a problem', () => {
    expect(createProblem({ tasks: [], vms })).toMatchObject({ taskCount: 0, vmCount: 2 })
    expect(createProblem({ tasks: { lengthMi: [] }, vms })).toMatchObject({ taskCount: 0, vmCount: 2 })
    expect(createProblem({ etc: [], vms: [{}, {}] })).toMatchObject({ taskCount: 0, vmCount: 2 })
  })

  test('fields of the dynamic model become columns, absent ones with their default', () => {
    const problem = createProblem({
      tasks: [
        { lengthMi: 1, arrivalSeconds: 5 },
        { lengthMi: 1, deadlineSeconds: 9, inputMegabytes: 3 },
      ],
      vms: [
        { speedMips: 1, bandwidthMbps: 100 },
        { speedMips: 1, cores: 4 },
      ],
    })
    expect(problem.taskColumns).toEqual({
      arrivalSeconds: Float64Array.of(5, 0),
      deadlineSeconds: Float64Array.of(Infinity, 9),
      inputMegabytes: Float64Array.of(0, 3),
    })
    expect(problem.vmColumns).toEqual({ bandwidthMbps: Float64Array.of(100, Infinity), cores: Float64Array.of(1, 4) })
  })

  test('a column says "none" for a deadline or a bandwidth by Infinity', () => {
    const problem = createProblem({
      tasks: { lengthMi: [1, 1], deadlineSeconds: [Infinity, 9] },
      vms: { speedMips: [1], bandwidthMbps: [Infinity] },
    })
    expect(problem.taskColumns.deadlineSeconds).toEqual(Float64Array.of(Infinity, 9))
  })
})

describe('unrelated machines', () => {
  test('rows and one flat list of values are the same matrix', () => {
    const rows = createProblem({ etc: [[1, 2, 3], Float32Array.of(4, 5, 6)] })
    expect(timesOf(rows)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(createProblem({ etc: { values: [1, 2, 3, 4, 5, 6], vmCount: 3 } })).toEqual(rows)
    expect(createProblem({ etc: { values: Float64Array.of(1, 2, 3, 4, 5, 6), vmCount: 3 } })).toEqual(rows)
  })

  test('names, prices and other fields may stand beside the matrix', () => {
    const problem = createProblem({
      etc: [[1, 2]],
      tasks: [{ id: 'a' }],
      vms: [{ pricePerSecond: 3 }, { pricePerSecond: 4 }],
    })
    expect(taskId(problem, 0)).toBe('a')
    expect(problem.pricePerSecond).toEqual(Float64Array.of(3, 4))
  })

  test('0 is a time; Infinity keeps the task off the VM', () => {
    const problem = createProblem({
      etc: [
        [0, Infinity],
        [1, 2],
      ],
    })
    expect(executionSeconds(problem, 0, 0)).toBe(0)
    expect([isEligible(problem, 0, 0), isEligible(problem, 0, 1), isEligible(problem, 1, 1)]).toEqual([
      true,
      false,
      true,
    ])
    expect(Array.from(eligibleVms(problem, 0, allVms(problem)))).toEqual([0])
    expect(Array.from(eligibleVms(problem, 1, allVms(problem)))).toEqual([0, 1])
  })

  test('where no time is Infinity, all VMs are handed back as they came', () => {
    const problem = createProblem({ etc: [[1, 2]] })
    const all = allVms(problem)
    expect(eligibleVms(problem, 0, all)).toBe(all)
  })
})

describe('names', () => {
  test('an entity without an id is named by its index', () => {
    const problem = createProblem({ tasks: [{ id: 'etl', lengthMi: 1 }, { lengthMi: 1 }], vms: [{ speedMips: 1 }] })
    expect([taskId(problem, 0), taskId(problem, 1), vmId(problem, 0)]).toEqual(['etl', '1', '0'])
  })

  test('columns carry ids, too', () => {
    const problem = createProblem({ tasks: { ids: ['a', 'b'], lengthMi: [1, 2] }, vms: { ids: ['x'], speedMips: [1] } })
    expect([taskId(problem, 1), vmId(problem, 0)]).toEqual(['b', 'x'])
  })
})

describe('the problem stands on its own', () => {
  test('changing the input afterwards changes nothing', () => {
    const demand = { cpu: 2 }
    const lengthMi = Float64Array.of(1, 2)
    const input = { tasks: { lengthMi }, vms: [{ speedMips: 1 }] }
    const fromColumns = createProblem(input)
    const fromRows = createProblem({
      tasks: [{ lengthMi: 1, demand }, { lengthMi: 1 }],
      vms: [{ speedMips: 1, capacity: { cpu: 2 } }, { speedMips: 1 }],
    })
    const etc = Float64Array.of(1, 2)
    const fromMatrix = createProblem({ etc: { values: etc, vmCount: 2 } })
    const before = structuredClone([fromColumns, fromRows, fromMatrix])
    lengthMi[0] = 99
    demand.cpu = 99
    etc[0] = 99
    expect([fromColumns, fromRows, fromMatrix]).toEqual(before)
  })

  test('the input may be frozen, and is left as it was', () => {
    const input = Object.freeze({
      tasks: Object.freeze([Object.freeze({ lengthMi: 1, demand: Object.freeze({ cpu: 1 }) })]),
      vms: Object.freeze([Object.freeze({ speedMips: 1, capacity: Object.freeze({ cpu: 1 }) })]),
    })
    expect(() => createProblem(input)).not.toThrow()
  })

  test('is frozen plain data that survives structured cloning', () => {
    const problem = createProblem({
      etc: [[1, Infinity]],
      vms: [{ id: 'a', pricePerSecond: 1 }, { pricePerSecond: 2 }],
    })
    expect(Object.isFrozen(problem)).toBe(true)
    expect(structuredClone(problem)).toEqual(problem)
  })
})

test('any matrix comes out as it went in', () => {
  const matrix = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 6 })).chain(([vms, tasks]) =>
    fc.array(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: vms, maxLength: vms }), {
      minLength: tasks,
      maxLength: tasks,
    }),
  )
  fc.assert(
    fc.property(matrix, (etc) => {
      fc.pre(etc.length > 0)
      expect(timesOf(createProblem({ etc }))).toEqual(etc)
      expect(timesOf(createProblem({ etc: { values: etc.flat(), vmCount: etc[0]!.length } }))).toEqual(etc)
    }),
  )
})
