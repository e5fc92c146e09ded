import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProblem, type Problem } from '../../src/model/problem.ts'
import { evaluate } from '../../src/objective/evaluate.ts'
import { explain, explainFit } from '../../src/objective/explain.ts'
import { caught } from '../caught.ts'
import { uniformProblems } from '../small-problems.ts'

const problem = createProblem({
  tasks: [
    { id: 'a', lengthMi: 90_000 },
    { id: 'b', lengthMi: 60_000 },
    { id: 'c', lengthMi: 80_000 },
  ],
  vms: [
    { id: 'fast', speedMips: 800, pricePerSecond: 0.02 },
    { id: 'slow', speedMips: 400, pricePerSecond: 0.007 },
    { id: 'idle', speedMips: 100, pricePerSecond: 0.001 },
  ],
})

describe('explain', () => {
  test('names the VM that decides the makespan, and its tasks, longest first', () => {
    // fast: 90/0.8 = 112.5; slow: 60/0.4 + 80/0.4 = 150 + 200 = 350
    const { criticalVm, criticalTasks } = explain(problem, [0, 1, 1])
    expect(criticalVm).toBe(1)
    expect(criticalTasks).toEqual([
      { task: 2, id: 'c', seconds: 200 },
      { task: 1, id: 'b', seconds: 150 },
    ])
  })

  test('of tasks that take equally long, the first comes first; a VM of half a second is critical, too', () => {
    const short = createProblem({ etc: [[0.1], [0.2], [0.1], [0.1]] })
    const { criticalVm, criticalTasks } = explain(short, [0, 0, 0, 0])
    expect([criticalVm, criticalTasks.map(({ task }) => task)]).toEqual([0, [1, 0, 2, 3]])
  })

  test('splits time and cost over the VMs', () => {
    // costs: 0.02 * 112.5 = 2.25, 0.007 * 350 = 2.45; together 4.7
    const { vms } = explain(problem, [0, 1, 1])
    expect(vms).toEqual([
      {
        vm: 0,
        id: 'fast',
        taskCount: 1,
        seconds: 112.5,
        utilisation: 112.5 / 350,
        cost: 2.25,
        costShare: expect.closeTo(2.25 / 4.7, 12),
      },
      {
        vm: 1,
        id: 'slow',
        taskCount: 2,
        seconds: 350,
        utilisation: 1,
        cost: expect.closeTo(2.45, 12),
        costShare: expect.closeTo(2.45 / 4.7, 12),
      },
      { vm: 2, id: 'idle', taskCount: 0, seconds: 0, utilisation: 0, cost: 0, costShare: 0 },
    ])
  })

  test('says how far from optimal the schedule is', () => {
    // All 230 000 MI on 'fast': 287.5 s, the shortest possible is max(90/0.8, 170/1.2, 230/1.3) = 176.92...
    const explanation = explain(problem, [0, 0, 0], { timeWeight: 1 })
    expect(explanation.bound).toBeCloseTo(Math.log(230_000 / 1300), 12)
    expect(explanation.gap).toBeCloseTo(287.5 / (230_000 / 1300) - 1, 12)
    expect(explanation.evaluation).toEqual(evaluate(problem, [0, 0, 0], { timeWeight: 1 }))
  })

  test('lists unplaced tasks, and knows no gap while there are any', () => {
    const explanation = explain(problem, [-1, 1, -1])
    expect(explanation.unplaced).toEqual([
      { task: 0, id: 'a' },
      { task: 2, id: 'c' },
    ])
    expect(explanation.gap).toBeNull()
    expect(explanation.bound).not.toBeNull()
  })

  test('nothing runs: no VM is critical', () => {
    const explanation = explain(problem, [-1, -1, -1])
    expect(explanation).toMatchObject({ criticalVm: -1, criticalTasks: [], bound: null, gap: null })
    expect(explanation.vms.every(({ utilisation, costShare }) => utilisation === null && costShare === null)).toBe(true)
  })

  test('without prices there is no cost to split', () => {
    const { vms } = explain(createProblem({ etc: [[2, 1]] }), [0])
    expect(vms.map(({ cost, costShare }) => [cost, costShare])).toEqual([
      [null, null],
      [null, null],
    ])
  })

  test('refuses what evaluate refuses', () => {
    expect(caught(() => explain(problem, [0])).path).toBe('assignment')
    expect(caught(() => explain(problem, [0, 0, 0], { timeWeight: 7 })).path).toBe('options.timeWeight')
  })

  test('the parts make up the whole', () => {
    fc.assert(
      fc.property(uniformProblems({ tasks: 8, vms: 4 }), fc.infiniteStream(fc.nat()), (p, picks) => {
        const assignment = Array.from({ length: p.taskCount }, () => (picks.next().value % (p.vmCount + 1)) - 1)
        const { vms, unplaced, criticalVm, criticalTasks, evaluation } = explain(p, assignment)
        const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
        expect(sum(vms.map(({ taskCount }) => taskCount)) + unplaced.length).toBe(p.taskCount)
        expect(sum(vms.map(({ cost }) => cost!))).toBe(evaluation.cost)
        fc.pre(criticalVm >= 0)
        expect(Math.abs(sum(vms.map(({ costShare }) => costShare!)) - 1)).toBeLessThan(1e-12)
        expect(Math.max(...vms.map(({ utilisation }) => utilisation!))).toBe(1)
        expect(criticalTasks).toHaveLength(vms[criticalVm]!.taskCount)
        expect(Math.abs(sum(criticalTasks.map(({ seconds }) => seconds)) - evaluation.timeSeconds)).toBeLessThanOrEqual(
          1e-12 * evaluation.timeSeconds,
        )
      }),
    )
  })
})

test('explainFit gives the reasons of each VM, before a problem is made', () => {
  const fit = explainFit({ lengthMi: 1, demand: { gpu: 1 }, cores: 2 }, [
    { id: 'big', speedMips: 1, capacity: { gpu: 4 }, cores: 8 },
    { speedMips: 1 },
  ])
  expect(fit).toEqual([
    { vm: 0, id: 'big', reasons: [] },
    { vm: 1, id: '1', reasons: ['needs 1 gpu, the VM states none', 'needs 2 cores, the VM has 1'] },
  ])
  expect(explainFit({ lengthMi: 1 }, [{ speedMips: 1 }])).toEqual([{ vm: 0, id: '0', reasons: [] }])
})

test('the input of a problem is none', () => {
  const input = { tasks: [{ lengthMi: 1 }], vms: [{ speedMips: 1 }] } as unknown as Problem
  expect(caught(() => explain(input, [0]))).toMatchObject({ code: 'invalid-input', path: 'problem' })
})
