import { createProblem, type Problem } from '../../src/model/problem.ts'
import { evaluateUnchecked } from '../../src/objective/evaluate.ts'
import { weightedEst } from '../../src/objective/weighted.ts'
import { forEachAssignment } from '../small-problems.ts'

/** Small problems of every kind: each solver must cope with all of them. */
export const contractProblems: Readonly<Record<string, Problem>> = {
  'no tasks': createProblem({ tasks: [], vms: { speedMips: [1, 2], pricePerSecond: [1, 3] } }),
  'one task': createProblem({ tasks: { lengthMi: [7] }, vms: { speedMips: [2, 5], pricePerSecond: [1, 4] } }),
  'one VM': createProblem({ tasks: { lengthMi: [7, 3, 5] }, vms: { speedMips: [2], pricePerSecond: [3] } }),
  'equal VMs and equal tasks': createProblem({
    tasks: { lengthMi: [4, 4, 4, 4, 4] },
    vms: { speedMips: [2, 2], pricePerSecond: [3, 3] },
  }),
  'more VMs than tasks': createProblem({
    tasks: { lengthMi: [9, 4] },
    vms: { speedMips: [1, 2, 3, 4], pricePerSecond: [1, 2.5, 4.5, 7] },
  }),
  'uniform machines': createProblem({
    tasks: { lengthMi: [90, 61, 118, 77, 84, 65] },
    vms: { speedMips: [0.4, 0.9, 1.2], pricePerSecond: [0.25, 0.85, 1.3] },
  }),
  'uniform machines without prices': createProblem({
    tasks: { lengthMi: [90, 61, 118, 77, 84] },
    vms: { speedMips: [0.4, 0.9, 1.2] },
  }),
  'uniform machines with requirements': createProblem({
    tasks: [
      { lengthMi: 9, demand: { cpu: 4 } },
      { lengthMi: 5, requiredLabels: { zone: 'eu' } },
      { lengthMi: 7 },
      { lengthMi: 6, cores: 2 },
      { lengthMi: 8, demand: { cpu: 4 } },
    ],
    vms: [
      { speedMips: 1, pricePerSecond: 1, capacity: { cpu: 2 }, labels: { zone: 'eu' }, cores: 2 },
      { speedMips: 2, pricePerSecond: 3, capacity: { cpu: 8 } },
      { speedMips: 3, pricePerSecond: 5, capacity: { cpu: 8 }, labels: { zone: 'eu' } },
    ],
  }),
  'unrelated machines': createProblem({
    etc: [
      [5, 9, 2],
      [8, 1, 7],
      [3, 4, 6],
      [9, 6, 3],
      [2, 8, 5],
      [7, 3, 9],
    ],
    vms: { pricePerSecond: [2, 1, 3] },
  }),
  'unrelated machines with forbidden pairs': createProblem({
    etc: [
      [5, Infinity, 2],
      [Infinity, 1, Infinity],
      [3, 4, 6],
      [Infinity, 6, 3],
      [2, Infinity, Infinity],
    ],
    vms: { pricePerSecond: [2, 1, 3] },
  }),
  'times of 0': createProblem({
    etc: [
      [0, 3],
      [4, 0],
      [2, 5],
      [6, 1],
    ],
    vms: { pricePerSecond: [2, 1] },
  }),
  'nothing but times of 0': createProblem({
    etc: [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    vms: { pricePerSecond: [2, 1] },
  }),
  'a free machine': createProblem({
    tasks: { lengthMi: [9, 4, 6, 5] },
    vms: { speedMips: [1, 2, 3], pricePerSecond: [0, 1, 4] },
  }),
  'free machines alone': createProblem({
    tasks: { lengthMi: [9, 4, 6] },
    vms: { speedMips: [1, 2], pricePerSecond: [0, 0] },
  }),
  'times and prices of many magnitudes': createProblem({
    etc: [
      [1e-6, 1e5],
      [3e4, 2e-5],
      [5e2, 7e1],
      [8e-3, 4e3],
    ],
    vms: { pricePerSecond: [1e-4, 1e3] },
  }),
}

/** A problem that no solver finishes at its first step: 40 tasks on 5 VMs, whose bound is not met. */
export const longProblem: Problem = createProblem({
  etc: Array.from({ length: 40 }, (_, i) =>
    Array.from({ length: 5 }, (_unused, j) => 20 + ((i * 37 + j * 59 + i * j * 13) % 83)),
  ),
  vms: { pricePerSecond: [1, 2, 3, 4, 5] },
})

const memory = new Map<string, number>()

/** The least est of all schedules, free ones and those of no time included, as solvers compare them. */
export function optimalEst(name: string, timeWeight: number): number {
  const key = `${name} ${timeWeight}`
  let least = memory.get(key)
  if (least === undefined) {
    const problem = contractProblems[name]!
    least = Infinity
    forEachAssignment(problem, (assignment) => {
      const { timeSeconds, cost } = evaluateUnchecked(problem, assignment, timeWeight)
      least = Math.min(least!, weightedEst(timeWeight, timeSeconds, cost ?? 0))
    })
    memory.set(key, least)
  }
  return least
}
