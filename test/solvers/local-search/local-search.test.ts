import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProblem, type Problem } from '../../../src/model/problem.ts'
import { evaluate } from '../../../src/objective/evaluate.ts'
import { branchAndBound } from '../../../src/solvers/exact/branch-and-bound.ts'
import { descent } from '../../../src/solvers/local-search/descent.ts'
import { iteratedLocalSearch } from '../../../src/solvers/local-search/iterated-local-search.ts'
import { createLandscape } from '../../../src/solvers/local-search/landscape.ts'
import { simulatedAnnealing } from '../../../src/solvers/local-search/simulated-annealing.ts'
import { paperInstance } from '../../../src/workload/paper-instance.ts'
import { etcInstance } from '../../rl/etc-instance.ts'

const instance = (isUniform: boolean, taskCount: number, seed: number): Problem =>
  createProblem(isUniform ? paperInstance({ taskCount, vmCount: 4, seed }) : etcInstance(taskCount, 4, seed))

/** est of every schedule that is one move or one swap away. */
function neighbours(problem: Problem, assignment: readonly number[], timeWeight: number): number[] {
  const ests: number[] = []
  const est = (changed: number[]) => ests.push(evaluate(problem, changed, { timeWeight }).est!)
  for (let a = 0; a < assignment.length; a++) {
    for (let vm = 0; vm < problem.vmCount; vm++) est(assignment.with(a, vm))
    for (let b = 0; b < a; b++) est(assignment.with(a, assignment[b]!).with(b, assignment[a]!))
  }
  return ests
}

describe('descent', () => {
  it('makes the moves that it must by hand', () => {
    // Loads 5 + 4 | 3: moving 4 gives 5 | 7, moving 5 gives 4 | 8; swapping 4 and 3 gives 8 | 4, the best is 5 | 7.
    const problem = createProblem({
      tasks: [5, 4, 3].map((lengthMi) => ({ lengthMi })),
      vms: [{ speedMips: 1 }, { speedMips: 1 }],
    })
    expect(descent(problem, { initial: [0, 0, 1] }).evaluation.timeSeconds).toBe(7)
  })

  it('ends where no move and no swap gains, at every weight', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.integer({ min: 1, max: 14 }),
        fc.integer(),
        fc.constantFrom(0, 0.3, 0.5, 1),
        (isUniform, taskCount, seed, timeWeight) => {
          const problem = instance(isUniform, taskCount, seed)
          const initial = Array.from({ length: taskCount }, (_, task) => task % 4)
          const { assignment, evaluation } = descent(problem, { initial, timeWeight })
          expect(Math.min(...neighbours(problem, assignment, timeWeight))).toBeGreaterThanOrEqual(
            evaluation.est! - 1e-12,
          )
          expect(evaluation.est!).toBeLessThanOrEqual(evaluate(problem, initial, { timeWeight }).est! + 1e-12)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('simulatedAnnealing and iteratedLocalSearch', () => {
  it('reach the proven optimum of small problems', () => {
    for (const isUniform of [true, false]) {
      for (const timeWeight of [0, 0.5, 1]) {
        for (let seed = 1; seed <= 4; seed++) {
          const problem = instance(isUniform, 8, seed)
          const optimum = branchAndBound(problem, { timeWeight }).evaluation.est!
          const annealed = simulatedAnnealing(problem, { timeWeight, proposals: 60_000 }).evaluation.est!
          const iterated = iteratedLocalSearch(problem, { timeWeight, iterations: 400 }).evaluation.est!
          expect(Math.min(annealed, iterated)).toBeCloseTo(optimum, 9)
          expect(annealed - optimum).toBeLessThan(0.02)
          expect(iterated - optimum).toBeLessThan(0.02)
        }
      }
    }
  })

  it('are never worse than their start', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.integer(), fc.constantFrom(0, 0.5, 1), (isUniform, seed, timeWeight) => {
        const problem = instance(isUniform, 12, seed)
        const initial = new Array<number>(12).fill(0)
        const start = evaluate(problem, initial, { timeWeight }).est! + 1e-12
        expect(
          simulatedAnnealing(problem, { initial, timeWeight, proposals: 2000, seed }).evaluation.est!,
        ).toBeLessThanOrEqual(start)
        expect(
          iteratedLocalSearch(problem, { initial, timeWeight, iterations: 5, seed }).evaluation.est!,
        ).toBeLessThanOrEqual(start)
      }),
      { numRuns: 30 },
    )
  })

  it('come within three per cent of the bound on unrelated machines, 100 x 8, where cut tasks alone save two', () => {
    const problem = createProblem({ etc: etcInstance(100, 8, 3).etc! })
    expect(simulatedAnnealing(problem, { proposals: 400_000 }).gap!).toBeLessThan(0.03)
  })

  it('keep tasks off the VMs that may not take them', () => {
    const problem = createProblem({ etc: Array.from({ length: 20 }, (_, i) => [1 + (i % 3), i % 2 ? Infinity : 2, 3]) })
    for (const { assignment } of [
      simulatedAnnealing(problem, { proposals: 5000 }),
      iteratedLocalSearch(problem, { iterations: 20 }),
      descent(problem),
    ]) {
      assignment.forEach((vm, task) => expect(task % 2 === 1 && vm === 1).toBe(false))
    }
  })

  it('refuse a start of another problem', () => {
    const problem = instance(true, 3, 1)
    for (const solve of [descent, simulatedAnnealing, iteratedLocalSearch])
      expect(() => solve(problem, { initial: [0] })).toThrow(/options.initial/)
  })
})

describe('createLandscape', () => {
  it('is a line below every schedule: the merits of its running times come to at least its value', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.integer(),
        fc.constantFrom(0.2, 0.5, 1),
        fc.array(fc.nat(3), { minLength: 10, maxLength: 10 }),
        (isUniform, seed, timeWeight, assignment) => {
          const problem = instance(isUniform, 10, seed)
          const { merits, value } = createLandscape(problem, timeWeight)
          const { vmSeconds } = evaluate(problem, assignment)
          expect(vmSeconds.reduce((sum, seconds, vm) => sum + merits[vm]! * seconds, 0)).toBeGreaterThanOrEqual(
            value * (1 - 1e-9),
          )
        },
      ),
    )
  })
})
