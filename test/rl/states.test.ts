import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/model/problem.ts'
import { createRng } from '../../src/random/rng.ts'
import { createActionSpace } from '../../src/rl/actions.ts'
import { createEnvironment } from '../../src/rl/environment.ts'
import { argmax, largest } from '../../src/rl/policy.ts'
import { bytesPerState, createStateTables, type StateTables } from '../../src/rl/state-tables.ts'
import { createStateSpace } from '../../src/rl/states.ts'

const problem = createProblem({
  tasks: [4, 2, 1].map((lengthMi) => ({ lengthMi })),
  vms: [{ speedMips: 1 }, { speedMips: 1 }],
})

function tablesOf(isTrie: boolean, maxMemoryMib = 1): StateTables {
  return createStateTables({ actionCount: 2, isTrie, maxMemoryMib, weights: false, heuristic: false })
}

describe('prefix states', () => {
  it('are a trie: equal paths meet, others do not', () => {
    const tables = tablesOf(true)
    const space = createStateSpace('prefix', tables, createEnvironment(problem))
    const zero = space.next(0, 0)
    const one = space.next(0, 1)
    expect([zero, one]).toEqual([1, 2])
    expect(space.next(0, 0)).toBe(zero)
    // [0, 1] and [1, 0] place other tasks on other VMs: two states.
    expect(space.next(zero, 1)).not.toBe(space.next(one, 0))
    expect(tables.count).toBe(5)
  })

  it('keep their tables when they grow past the first 8192', () => {
    const tables = tablesOf(true)
    const space = createStateSpace('prefix', tables, createEnvironment(problem))
    let state = 0
    for (let depth = 0; depth < 20_000; depth++) {
      tables.q[state * 2] = depth
      state = space.next(state, depth % 2)
    }
    state = 0
    for (let depth = 0; depth < 20_000; depth++) {
      expect(tables.q[state * 2]).toBe(depth)
      state = space.next(state, depth % 2)
    }
    expect(tables.count).toBe(20_001)
  })

  it('say -1 when the memory is used up', () => {
    // A state of two actions takes 2 (8 + 4) = 24 bytes: two states fit into 48 bytes.
    expect(bytesPerState({ actionCount: 2, isTrie: true, weights: false, heuristic: false })).toBe(24)
    const tables = tablesOf(true, 48 / 2 ** 20)
    const space = createStateSpace('prefix', tables, createEnvironment(problem))
    expect(space.next(0, 0)).toBe(1)
    expect(space.next(0, 1)).toBe(-1)
    expect(space.next(0, 0)).toBe(1)
  })
})

describe('stage and bucket states', () => {
  it('stage: the number of placements is the state, whatever was placed', () => {
    const environment = createEnvironment(problem)
    const tables = tablesOf(false)
    const space = createStateSpace('stage', tables, environment)
    expect(tables.count).toBe(3)
    environment.step(1)
    expect(space.next(0, 1)).toBe(1)
    environment.step(0)
    expect(space.next(1, 0)).toBe(2)
  })

  it('bucket: loads in quarters of the makespan', () => {
    const environment = createEnvironment(problem)
    const space = createStateSpace('bucket', tablesOf(false), environment)
    const after = (...vms: number[]) => {
      environment.reset()
      for (const vm of vms) environment.step(vm)
      return space.next(0, 0)
    }
    // Loads (4, 2) and (2, 4): levels (3, 2) and (2, 3), two states; (4 + 2, 0) has levels (3, 0), a third.
    const states = [after(0, 1), after(1, 0), after(0, 0)]
    expect(new Set(states).size).toBe(3)
    expect(after(0, 1)).toBe(states[0])
  })

  it('bucket: with more than 8 VMs the two least loaded count', () => {
    const nine = createProblem({
      tasks: [1, 1].map((lengthMi) => ({ lengthMi })),
      vms: Array.from({ length: 9 }, () => ({ speedMips: 1 })),
    })
    const environment = createEnvironment(nine)
    const space = createStateSpace('bucket', tablesOf(false), environment)
    environment.step(8)
    const far = space.next(0, 8)
    environment.reset()
    environment.step(7)
    // VMs 0 and 1 are the least loaded both times.
    expect(space.next(0, 7)).toBe(far)
    environment.reset()
    environment.step(0)
    expect(space.next(0, 0)).not.toBe(far)
  })
})

describe('rank actions', () => {
  it('are the VMs by est of the partial schedule, then by finish', () => {
    // Loads (4, 0, 0) after the first task; task 1 (2 MI): VM 0 gives T = 6; VM 1 T = 4, finish 2; VM 2 (double speed) T = 4, finish 1.
    const three = createProblem({
      tasks: [4, 2].map((lengthMi) => ({ lengthMi })),
      vms: [{ speedMips: 1 }, { speedMips: 1 }, { speedMips: 2 }],
    })
    const environment = createEnvironment(three)
    environment.step(0)
    const actions = createActionSpace('rank', environment, 3)
    expect(actions.count()).toBe(3)
    expect([0, 1, 2].map((action) => actions.vmOf(action))).toEqual([2, 1, 0])
    const two = createActionSpace('rank', environment, 2)
    expect(two.count()).toBe(2)
    expect([0, 1].map((action) => two.vmOf(action))).toEqual([2, 1])
  })
})

describe('argmax', () => {
  it('takes the largest without a draw, and breaks ties evenly', () => {
    const rng = createRng(1)
    const before = rng.state()
    expect(argmax(rng, Float64Array.of(9, 1, 3, 2), 1, 3)).toBe(1)
    expect(rng.state()).toEqual(before)
    const counts = [0, 0, 0]
    for (let k = 0; k < 3000; k++) counts[argmax(rng, Float64Array.of(5, 1, 5), 0, 3)]!++
    expect(counts[1]).toBe(0)
    // 1500 expected of each; the standard deviation is sqrt(3000 / 4) = 27.4, and 5 of them are 137.
    expect(Math.abs(counts[0]! - 1500)).toBeLessThan(137)
    expect(largest(Float64Array.of(9, 1, 3), 1, 2)).toBe(3)
  })
})
