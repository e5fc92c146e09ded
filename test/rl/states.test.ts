import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/model/problem.ts'
import { createRng } from '../../src/random/rng.ts'
import { createActionSpace } from '../../src/rl/actions.ts'
import { createEnvironment } from '../../src/rl/environment.ts'
import { argmax, argmaxWith, largest } from '../../src/rl/policy.ts'
import {
  addState,
  bytesPerState,
  createStateTables,
  reserveStates,
  type StateTables,
} from '../../src/rl/state-tables.ts'
import { createStateSpace } from '../../src/rl/states.ts'

const problem = createProblem({
  tasks: [4, 2, 1].map((lengthMi) => ({ lengthMi })),
  vms: [{ speedMips: 1 }, { speedMips: 1 }],
})

function tablesOf(isTrie: boolean, maxMemoryMib = 1): StateTables {
  return createStateTables({
    actionCount: 2,
    isTrie,
    maxMemoryMib,
    mostStates: 1_000_000,
    weights: false,
    heuristic: false,
  })
}

describe('prefix states', () => {
  it('are a trie: equal paths meet, others do not', () => {
    const tables = tablesOf(true)
    const space = createStateSpace('prefix', tables, createEnvironment(problem))
    const zero = space.next(tables, 0, 0)
    const one = space.next(tables, 0, 1)
    expect([zero, one]).toEqual([1, 2])
    expect(space.next(tables, 0, 0)).toBe(zero)
    // [0, 1] and [1, 0] place other tasks on other VMs: two states.
    expect(space.next(tables, zero, 1)).not.toBe(space.next(tables, one, 0))
    expect(tables.count).toBe(5)
  })

  it('keep their tables when they grow past the first 4 MiB', () => {
    // 24 bytes a state: 174 763 of them are 4 MiB.
    const tables = tablesOf(true, 8)
    expect(tables.capacity).toBe(174_763)
    const space = createStateSpace('prefix', tables, createEnvironment(problem))
    let state = 0
    for (let depth = 0; depth < 180_000; depth++) {
      tables.q[state * 2] = depth
      state = space.next(tables, state, depth % 2)
    }
    state = 0
    let wrong = 0
    for (let depth = 0; depth < 180_000; depth++) {
      if (tables.q[state * 2] !== depth) wrong++
      state = space.next(tables, state, depth % 2)
    }
    expect(wrong).toBe(0)
    expect(tables.count).toBe(180_001)
  })

  it('say -1 when the memory is used up', () => {
    // A state of two actions takes 2 (8 + 4) = 24 bytes: two states fit into 48 bytes.
    expect(bytesPerState({ actionCount: 2, isTrie: true, weights: false, heuristic: false })).toBe(24)
    const tables = tablesOf(true, 48 / 2 ** 20)
    const space = createStateSpace('prefix', tables, createEnvironment(problem))
    expect(space.next(tables, 0, 0)).toBe(1)
    expect(space.next(tables, 0, 1)).toBe(-1)
    expect(space.next(tables, 0, 0)).toBe(1)
  })
})

describe('stage and bucket states', () => {
  it('stage: the number of placements is the state, whatever was placed', () => {
    const environment = createEnvironment(problem)
    const tables = tablesOf(false)
    const space = createStateSpace('stage', tables, environment)
    expect(tables.count).toBe(3)
    environment.step(1)
    expect(space.next(tables, 0, 1)).toBe(1)
    environment.step(0)
    expect(space.next(tables, 1, 0)).toBe(2)
  })

  it('bucket: loads in quarters of the makespan', () => {
    const environment = createEnvironment(problem)
    const tables = tablesOf(false)
    const space = createStateSpace('bucket', tables, environment)
    const after = (...vms: number[]) => {
      environment.reset()
      for (const vm of vms) environment.step(vm)
      return space.next(tables, 0, 0)
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
    const tables = tablesOf(false)
    const space = createStateSpace('bucket', tables, environment)
    environment.step(8)
    const far = space.next(tables, 0, 8)
    environment.reset()
    environment.step(7)
    // VMs 0 and 1 are the least loaded both times.
    expect(space.next(tables, 0, 7)).toBe(far)
    environment.reset()
    environment.step(0)
    expect(space.next(tables, 0, 0)).not.toBe(far)
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
    expect([...actions.look()]).toEqual([2, 1, 0])
    expect([...actions.vms]).toEqual([2, 1, 0])
    const two = createActionSpace('rank', environment, 2)
    expect([...two.look()]).toEqual([2, 1])
  })
})

describe('reserveStates', () => {
  it('makes room beforehand, so that the arrays stay while states are added, as far as the memory allows', () => {
    const tables = tablesOf(true, 8)
    tables.count = tables.capacity - 1
    reserveStates(tables, 2)
    const { q } = tables
    expect([addState(tables), addState(tables)]).toEqual([174_762, 174_763])
    expect(tables.q).toBe(q)
    // 8 MiB / 24 bytes = 349 525 states, fewer than twice 174 763.
    expect(tables.capacity).toBe(349_525)
    reserveStates(tables, 1_000_000)
    expect(tables.q).toBe(q)
  })
})

describe('argmaxWith', () => {
  it('sees one value replaced, and leaves the values as they were', () => {
    const values = Float64Array.of(9, 3, 5, 4)
    expect(argmaxWith(createRng(1), values, 1, 3, 0, 7)).toBe(0)
    expect(argmaxWith(createRng(1), values, 1, 3, 1, 1)).toBe(2)
    // 5 and 5: both of the tied places come up, the third never.
    const rng = createRng(1)
    const taken = Array.from({ length: 50 }, () => argmaxWith(rng, values, 1, 3, 0, 5))
    expect(new Set(taken)).toEqual(new Set([0, 1]))
    expect([...values]).toEqual([9, 3, 5, 4])
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
