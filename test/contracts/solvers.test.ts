/** Every solver of the library, with options that make it quick; the slow one is in milp.test.ts. */
import { vi } from 'vitest'
import { kCheapestLpt } from '../../src/constructive/k-cheapest-lpt.ts'
import { lpt } from '../../src/constructive/lpt.ts'
import { maxMin } from '../../src/constructive/max-min.ts'
import { mct } from '../../src/constructive/mct.ts'
import { met } from '../../src/constructive/met.ts'
import { minMin } from '../../src/constructive/min-min.ts'
import { olb } from '../../src/constructive/olb.ts'
import { roundRobin } from '../../src/constructive/round-robin.ts'
import { sufferage } from '../../src/constructive/sufferage.ts'
import { haql, haqlAsync } from '../../src/rl/haql.ts'
import { qLearning, qLearningAsync } from '../../src/rl/q-learning.ts'
import { whaql, whaqlAsync } from '../../src/rl/whaql.ts'
import { branchAndBound, branchAndBoundAsync } from '../../src/solvers/exact/branch-and-bound.ts'
import { geneticAlgorithm, geneticAlgorithmAsync } from '../../src/solvers/genetic/genetic-algorithm.ts'
import { nsga2, nsga2Async } from '../../src/solvers/genetic/nsga2.ts'
import { descent, descentAsync } from '../../src/solvers/local-search/descent.ts'
import { iteratedLocalSearch, iteratedLocalSearchAsync } from '../../src/solvers/local-search/iterated-local-search.ts'
import { simulatedAnnealing, simulatedAnnealingAsync } from '../../src/solvers/local-search/simulated-annealing.ts'
import { describeSolverContract } from './solver.contract.ts'

vi.mock('../../src/run/clock.ts', () => import('../fake-clock.ts'))

const constructive = { roundRobin, olb, met, mct, minMin, maxMin, sufferage, lpt, kCheapestLpt }
for (const [name, sync] of Object.entries(constructive)) describeSolverContract(name, { sync }, {})

const learning = { episodes: 300, recordEvery: 20 }
describeSolverContract('qLearning', { sync: qLearning, async: qLearningAsync }, learning)
describeSolverContract('qLearning, paper', { sync: qLearning, async: qLearningAsync }, { ...learning, preset: 'paper' })
describeSolverContract('haql', { sync: haql, async: haqlAsync }, learning)
describeSolverContract('haql, explore', { sync: haql, async: haqlAsync }, { ...learning, heuristic: 'explore' })
describeSolverContract('whaql', { sync: whaql, async: whaqlAsync }, learning)
describeSolverContract('whaql, stage', { sync: whaql, async: whaqlAsync }, { ...learning, preset: 'stage' })
describeSolverContract('whaql, paper', { sync: whaql, async: whaqlAsync }, { ...learning, preset: 'paper' })

const breeding = { generations: 30, populationSize: 12 }
const genetic = { sync: geneticAlgorithm, async: geneticAlgorithmAsync }
describeSolverContract('geneticAlgorithm', genetic, breeding)
describeSolverContract('geneticAlgorithm, from random schedules', genetic, { ...breeding, seeding: 'none' })
describeSolverContract('geneticAlgorithm, paper', genetic, { ...breeding, preset: 'paper' })
describeSolverContract('nsga2', { sync: nsga2, async: nsga2Async, needsPrices: true }, breeding)

const exact = { sync: branchAndBound, async: branchAndBoundAsync, isExact: true }
describeSolverContract('branchAndBound', exact, {})

describeSolverContract('descent', { sync: descent, async: descentAsync }, {})
const annealing = { sync: simulatedAnnealing, async: simulatedAnnealingAsync }
describeSolverContract('simulatedAnnealing', annealing, { proposals: 10_000 })
const several = { proposals: 10_000, proposalsPerAnneal: 100 }
describeSolverContract('simulatedAnnealing, in several coolings', annealing, several)
describeSolverContract(
  'iteratedLocalSearch',
  { sync: iteratedLocalSearch, async: iteratedLocalSearchAsync },
  { iterations: 60 },
)
