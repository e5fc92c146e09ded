import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  earliestFinish,
  earliestFinishInOrder,
  earliestFinishOnUniform,
} from '../../src/constructive/earliest-finish.ts'
import { allVms, createProblem } from '../../src/model/problem.ts'
import { createRng } from '../../src/random/rng.ts'
import { paperInstance } from '../../src/workload/paper-instance.ts'

describe('earliestFinishOnUniform', () => {
  it('places as the plain scan of all VMs does, in any order, on any part of the VMs, past the rebuild of its heap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1300 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        fc.boolean(),
        (taskCount, vmCount, seed, sorts) => {
          const problem = createProblem(paperInstance({ taskCount, vmCount, seed }))
          const rng = createRng(seed)
          const keys = Float64Array.from({ length: taskCount }, rng)
          const order = Int32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]!)
          if (sorts) order.sort((a, b) => problem.lengthMi![b]! - problem.lengthMi![a]!)
          const vms = allVms(problem).filter((vm) => vm % 3 !== 1)
          expect(earliestFinishOnUniform(problem as Parameters<typeof earliestFinishOnUniform>[0], order, vms)).toEqual(
            earliestFinish(problem, order, () => vms),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  it('gives ties to the lower index', () => {
    // Four equal tasks on three equal VMs: 0, 1, 2, and the fourth on 0 again.
    const problem = createProblem({
      tasks: Array.from({ length: 4 }, () => ({ lengthMi: 7 })),
      vms: Array.from({ length: 3 }, () => ({ speedMips: 1 })),
    })
    expect([...earliestFinishInOrder(problem, Int32Array.of(0, 1, 2, 3))]).toEqual([0, 1, 2, 0])
  })
})
