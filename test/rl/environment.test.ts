import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/model/problem.ts'
import { evaluate } from '../../src/objective/evaluate.ts'
import { createRng } from '../../src/random/rng.ts'
import { pickIndex } from '../../src/random/sample.ts'
import { checkEnvironment, createEnvironment } from '../../src/rl/environment.ts'
import { rewardNames } from '../../src/rl/rewards.ts'
import { paperInstance } from '../../src/workload/paper-instance.ts'

// ect by (2): task 0 takes 100 s on VM 0 and 200 s on VM 1; task 1 takes 50 s and 100 s. Prices 0.2 and 0.05.
const problem = createProblem({
  tasks: [{ lengthMi: 100_000 }, { lengthMi: 50_000 }],
  vms: [
    { speedMips: 1000, pricePerSecond: 0.2 },
    { speedMips: 500, pricePerSecond: 0.05 },
  ],
})

describe('createEnvironment', () => {
  it('rewards by equations (9)-(11)', () => {
    // Ect = 100 + 200 + 50 + 100 = 450; Cst = 0.2 (100 + 50) + 0.05 (200 + 100) = 30 + 15 = 45.
    const environment = createEnvironment(problem, { timeWeight: 0.5, reward: 'paper' })
    // Task 0 on VM 0: T = 100, C = 20; r = 0.5 (450 - 100) + 0.5 (45 - 20) = 175 + 12.5.
    expect(environment.step(0)).toBeCloseTo(187.5, 12)
    // Task 1 on VM 1: T = max(100, 100) = 100, C = 20 + 5 = 25; r = 175 + 0.5 * 20.
    expect(environment.step(1)).toBeCloseTo(185, 12)
    expect(environment.timeSeconds).toBe(100)
    expect(environment.cost).toBeCloseTo(25, 12)
  })

  it("takes the chosen VM's running time for T_i under 'paper-vm-time'", () => {
    const environment = createEnvironment(problem, { timeWeight: 1, reward: 'paper-vm-time' })
    environment.step(0)
    // VM 1 runs 100 s; the makespan is 100 s as well, so place task 1 on VM 0: it then runs 150 s.
    expect(environment.rewardOf(1)).toBe(450 - 100)
    expect(environment.rewardOf(0)).toBe(450 - 150)
  })

  it('telescopes: the rewards of an episode add up to minus its normalised value', () => {
    // Bounds: fastest together 150 000 MI / 1500 MIPS = 100 s; q = 1: 100 000 / 1000 = 100 s. Cheapest: 150 000 * 0.05 / 500 = 15.
    const environment = createEnvironment(problem, { timeWeight: 0.5, reward: 'telescoping' })
    const sum = environment.step(0) + environment.step(0)
    // Both on VM 0: T = 150, C = 30: -(0.5 * 150 / 100 + 0.5 * 30 / 15) = -(0.75 + 1).
    expect(sum).toBeCloseTo(-1.75, 12)
  })

  it("gives -est at the end alone under 'terminal'", () => {
    const environment = createEnvironment(problem, { timeWeight: 0.5, reward: 'terminal' })
    expect(environment.step(0)).toBe(0)
    expect(environment.step(1)).toBeCloseTo(-evaluate(problem, [0, 1], { timeWeight: 0.5 }).est!, 14)
  })

  it('places the longest task first when asked to, ties in task order', () => {
    const four = createProblem({ tasks: [5, 9, 9, 7].map((lengthMi) => ({ lengthMi })), vms: [{ speedMips: 1 }] })
    expect([...createEnvironment(four, { order: 'lpt' }).order]).toEqual([1, 2, 3, 0])
  })

  it('offers only the VMs that may take the task', () => {
    const picky = createProblem({
      tasks: [{ lengthMi: 1, demand: { gpu: 1 } }],
      vms: [{ speedMips: 1 }, { speedMips: 1, capacity: { gpu: 1 } }],
    })
    expect([...createEnvironment(picky).actionsAt(0)]).toEqual([1])
  })
})

describe('checkEnvironment', () => {
  it('finds nothing in our own environment, whatever the reward and order', () => {
    const instance = createProblem(paperInstance({ taskCount: 12, seed: 3 }))
    for (const reward of rewardNames) {
      for (const order of ['input', 'lpt'] as const) {
        expect(checkEnvironment(createEnvironment(instance, { reward, order }), createRng(1))).toEqual([])
      }
    }
  })

  it('names a reward that is not finite and a step that does not count', () => {
    const broken = createEnvironment(problem)
    const { step } = broken
    broken.step = (vm) => {
      step(vm)
      broken.stage = 0
      return Number.NaN
    }
    const paths = checkEnvironment(broken, createRng(1)).map(({ path }) => path)
    expect(paths).toContain('stage')
    expect(paths.some((path) => path.startsWith('step('))).toBe(true)
  })

  it('ends each random episode with the loads and cost of equations (3) and (5)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), fc.integer(), (taskCount, seed) => {
        const instance = createProblem(paperInstance({ taskCount, seed }))
        const environment = createEnvironment(instance)
        const rng = createRng(seed)
        const assignment = Array.from({ length: taskCount }, () => {
          const vm = pickIndex(rng, instance.vmCount)
          environment.step(vm)
          return vm
        })
        const { timeSeconds, cost } = evaluate(instance, assignment)
        expect(environment.timeSeconds).toBeCloseTo(timeSeconds, 9)
        expect(environment.cost).toBeCloseTo(cost!, 9)
      }),
    )
  })
})
