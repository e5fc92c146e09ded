import { CloudschedError } from '../errors/cloudsched-error.ts'
import { kCheapestLpt } from '../constructive/k-cheapest-lpt.ts'
import { lpt } from '../constructive/lpt.ts'
import { maxMin } from '../constructive/max-min.ts'
import { mct } from '../constructive/mct.ts'
import { met } from '../constructive/met.ts'
import { minMin } from '../constructive/min-min.ts'
import { olb } from '../constructive/olb.ts'
import { roundRobin } from '../constructive/round-robin.ts'
import { sufferage } from '../constructive/sufferage.ts'
import type { AsyncSolver, Solver } from '../model/solver.ts'
import { haqlAsync } from '../rl/haql.ts'
import { qLearningAsync } from '../rl/q-learning.ts'
import { whaqlAsync } from '../rl/whaql.ts'
import { branchAndBoundAsync } from '../solvers/exact/branch-and-bound.ts'
import { milp } from '../solvers/exact/milp.ts'
import { geneticAlgorithmAsync } from '../solvers/genetic/genetic-algorithm.ts'
import { nsga2Async } from '../solvers/genetic/nsga2.ts'
import { descentAsync } from '../solvers/local-search/descent.ts'
import { iteratedLocalSearchAsync } from '../solvers/local-search/iterated-local-search.ts'
import { simulatedAnnealingAsync } from '../solvers/local-search/simulated-annealing.ts'

export interface CommandSolver {
  readonly solve: AsyncSolver
  /** In a few words, for the help. */
  readonly idea: string
}

/** Every solver by the name it is called by, in the order of the help and of `compare`. */
export const solvers: Readonly<Record<string, CommandSolver>> = {
  'round-robin': { solve: later(roundRobin), idea: 'by turns' },
  olb: { solve: later(olb), idea: 'to the VM that is free first' },
  met: { solve: later(met), idea: 'to the VM that is fastest for the task' },
  mct: { solve: later(mct), idea: 'to the VM where the task ends first' },
  'min-min': { solve: later(minMin), idea: 'the task that can end first, first' },
  'max-min': { solve: later(maxMin), idea: 'the task whose earliest end is last, first' },
  sufferage: { solve: later(sufferage), idea: 'the task that loses most by its second choice, first' },
  lpt: { solve: later(lpt), idea: 'longest task first, to where it ends first' },
  'k-cheapest-lpt': { solve: later(kCheapestLpt), idea: 'LPT on the best number of cheap VMs' },
  descent: { solve: descentAsync, idea: 'moves and swaps until none gains' },
  'simulated-annealing': { solve: simulatedAnnealingAsync, idea: 'moves and swaps at a falling temperature' },
  'iterated-local-search': { solve: iteratedLocalSearchAsync, idea: 'kicks, each with a descent' },
  'genetic-algorithm': { solve: geneticAlgorithmAsync, idea: 'crossover, mutation, selection' },
  nsga2: { solve: nsga2Async, idea: 'a front of time and cost; needs prices' },
  'branch-and-bound': { solve: branchAndBoundAsync, idea: 'the proven optimum of small problems' },
  milp: { solve: milp, idea: 'integer programmes, proven; needs the package highs' },
  'q-learning': { solve: qLearningAsync, idea: 'tabular Q-learning' },
  haql: { solve: haqlAsync, idea: 'heuristically accelerated Q-learning' },
  whaql: { solve: whaqlAsync, idea: 'weighted HAQL; the default' },
}

export const defaultSolver = 'whaql'

/** @throws CloudschedError `invalid-option` with the names there are */
export function solverNamed(name: string, option: string = '--solver'): CommandSolver {
  const found = Object.hasOwn(solvers, name) ? solvers[name] : undefined
  if (found) return found
  throw new CloudschedError('invalid-option', [
    { path: option, received: name, expected: `one of ${Object.keys(solvers).join(', ')}` },
  ])
}

/** A rule of one pass: there is nothing to interrupt. */
function later(solver: Solver): AsyncSolver {
  return async (problem, options) => solver(problem, options)
}
