import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProblem, isEligible } from '../../../../src/model/problem.ts'
import { createRng, type Rng } from '../../../../src/random/rng.ts'
import { createGeneSpace } from '../../../../src/solvers/genetic/operators/gene-space.ts'
import {
  type Mutation,
  moveMutation,
  moveOrSwapMutation,
  swapMutation,
} from '../../../../src/solvers/genetic/operators/mutation.ts'
import { unrelatedProblems } from '../../../small-problems.ts'
import { scriptedRng } from '../scripted-rng.ts'

const threeVms = createGeneSpace(createProblem({ tasks: { lengthMi: [1, 1, 1, 1] }, vms: { speedMips: [1, 1, 1] } }))

/** The genes after the changes that a mutation asks for, and how many these were. */
function mutated(mutation: Mutation, genes: number[], rate: number, rng: Rng): { genes: number[]; changes: number } {
  const own = Int32Array.from(genes)
  let changes = 0
  mutation(
    own,
    threeVms,
    rate,
    (task, vm) => {
      own[task] = vm
      changes++
    },
    rng,
  )
  return { genes: [...own], changes }
}

test('moveMutation skips to the next gene by a geometric draw and draws its VM', () => {
  // u = 0: ln 1 / ln 0.5 = 0 genes skipped, so gene 0, to VM floor(3 * 0.7) = 2;
  // u = 0.6: floor(ln 0.4 / ln 0.5) = floor(1.32) = 1 skipped, so gene 2, to VM 0; u = 0.9: 3 skipped, past the end
  const rng = scriptedRng(0, 0.7, 0.6, 0, 0.9)
  expect(mutated(moveMutation, [1, 1, 1, 1], 0.5, rng)).toEqual({ genes: [2, 1, 0, 1], changes: 2 })
})

test('swapMutation lets two tasks change places', () => {
  // gene 0 with gene floor(4 * 0.9) = 3; then 0.99: floor(ln 0.01 / ln 0.5) = 6 skipped, past the end
  const rng = scriptedRng(0, 0.9, 0.99)
  expect(mutated(swapMutation, [2, 1, 1, 0], 0.5, rng)).toEqual({ genes: [0, 1, 1, 2], changes: 2 })
})

test('swapMutation does nothing between tasks of one VM', () => {
  expect(mutated(swapMutation, [1, 2, 1, 0], 0.5, scriptedRng(0, 0.6, 0.99)).changes).toBe(0)
})

test('moveOrSwapMutation tosses for each gene', () => {
  // gene 0: 0.4 is a move, to VM 2; gene 1 (nothing skipped): 0.5 is a swap, with gene 3
  const rng = scriptedRng(0, 0.4, 0.7, 0, 0.5, 0.9, 0.99)
  expect(mutated(moveOrSwapMutation, [1, 1, 1, 0], 0.5, rng).genes).toEqual([2, 0, 1, 1])
})

describe.each(Object.entries({ moveMutation, swapMutation, moveOrSwapMutation }))('%s', (_, mutation) => {
  test('changes nothing at rate 0 and without genes', () => {
    expect(mutated(mutation, [0, 1, 2, 0], 0, scriptedRng()).changes).toBe(0)
    expect(mutated(mutation, [], 1, scriptedRng()).changes).toBe(0)
  })

  test('asks only for VMs that may take the task, and writes to no gene itself', () => {
    fc.assert(
      fc.property(unrelatedProblems({ tasks: 8, vms: 4 }), fc.integer(), (problem, seed) => {
        const space = createGeneSpace(problem)
        const rng = createRng(seed)
        const genes = Int32Array.from(
          { length: problem.taskCount },
          (_unused, task) => space.vms.find((vm) => isEligible(problem, task, vm))!,
        )
        const before = [...genes]
        mutation(genes, space, 0.6, (task, vm) => expect(isEligible(problem, task, vm)).toBe(true), rng)
        expect([...genes]).toEqual(before)
      }),
    )
  })
})

test('a gene is changed with the given probability', () => {
  const rng = createRng(5)
  let visits = 0
  for (let k = 0; k < 5000; k++) moveMutation(new Int32Array(4), threeVms, 0.3, () => visits++, rng)
  // 5000 trials of 4 genes: 6000 expected, standard deviation sqrt(20000 * 0.3 * 0.7) = 65
  expect(Math.abs(visits - 6000)).toBeLessThan(4 * 65)
})

test('at rate 1 every gene is changed', () => {
  let visits = 0
  moveMutation(new Int32Array(4), threeVms, 1, () => visits++, createRng(1))
  expect(visits).toBe(4)
})
