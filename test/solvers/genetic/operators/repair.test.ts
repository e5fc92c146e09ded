import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createProblem, isEligible } from '../../../../src/model/problem.ts'
import { createRng } from '../../../../src/random/rng.ts'
import { createGeneSpace } from '../../../../src/solvers/genetic/operators/gene-space.ts'
import { repairIn } from '../../../../src/solvers/genetic/operators/repair.ts'
import { unrelatedProblems } from '../../../small-problems.ts'
import { scriptedRng } from '../scripted-rng.ts'

test('repairIn draws anew only what is no VM or may not take the task', () => {
  const problem = createProblem({
    etc: [
      [1, 1, Infinity],
      [Infinity, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ],
  })
  // gene 0 is forbidden: floor(2 * 0.5) = the second of VMs 0 and 1; gene 1 is fine; genes 2, 3 and 4 are no VMs:
  // floor(3 * 0.9) = 2, floor(3 * 0) = 0, floor(3 * 0.4) = 1
  const genes = Int32Array.of(2, 2, -1, 3, 1 << 20)
  repairIn(genes, createGeneSpace(problem), scriptedRng(0.5, 0.9, 0, 0.4))
  expect([...genes]).toEqual([1, 2, 2, 0, 1])
})

test('repairIn leads any genes to VMs that may take the tasks, and leaves these alone', () => {
  fc.assert(
    fc.property(unrelatedProblems({ tasks: 8, vms: 4 }), fc.integer(), (problem, seed) => {
      const rng = createRng(seed)
      const genes = Int32Array.from({ length: problem.taskCount }, () => Math.floor(rng() * 8) - 2)
      const before = [...genes]
      repairIn(genes, createGeneSpace(problem), rng)
      genes.forEach((vm, task) => {
        expect(vm >= 0 && vm < problem.vmCount && isEligible(problem, task, vm)).toBe(true)
        const old = before[task]!
        if (old >= 0 && old < problem.vmCount && isEligible(problem, task, old)) expect(vm).toBe(old)
      })
    }),
  )
})
