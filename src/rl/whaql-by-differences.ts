import { type Assignment, checkAssignment } from '../model/assignment.ts'
import type { Problem } from '../model/problem.ts'
import type { SolveSteps } from '../model/solver.ts'
import { kCheapestLptAssignment } from '../constructive/k-cheapest-lpt.ts'
import { createLoadState, estOf, type LoadState, settleLoadState } from '../objective/load-state.ts'
import type { SolveRun } from '../objective/solve-run.ts'
import type { Rng } from '../random/rng.ts'
import type { StopReason } from '../run/run-options.ts'
import { type Checkpoint, type ResumableOptions, startResumable } from './checkpoint.ts'
import { createEpisode } from './deviating-episode.ts'
import type { LearningResult } from './tabular-options.ts'

/** Options as the run needs them. */
export interface ResolvedDifferenceOptions extends ResumableOptions {
  readonly episodes?: number
  readonly exploitation?: number
  readonly swap: number
  readonly ageing?: number
  readonly initial?: Assignment
  readonly recordEvery: number
}

/** Below this the record ages too little to let a makespan rise again for a cost that was saved. */
const leastAgeing = 1e-5

/** Episodes between two looks at the stop rules; the tolerance of the record falls in as many steps. */
const episodesPerStep = 128

/**
 * WHAQL on stage states with the value of the episode as its weight signal, run by differences.
 *
 * After its first episode every stage has a recorded action with f = 1, and exploitation takes it. An episode is then
 * the recorded schedule, in which each task deviates with probability 1 - p: only the deviating tasks are placed anew
 * and the loads follow by differences. Q has no influence in a state that has a record, so no Q is kept. Two things go
 * beyond the tabular run: a deviation may be a swap of two tasks, and the record ages: an episode that comes within a
 * tolerance of the best becomes the new record (record-to-record travel, Dueck 1993), the tolerance falling to 0.
 */
export function* whaqlByDifferences(run: SolveRun<ResolvedDifferenceOptions>): SolveSteps<LearningResult> {
  const { problem, options, timeWeight } = run
  const { taskCount } = problem
  const { episodes = Infinity, swap, recordEvery, resume, withCheckpoint } = options
  // One or two deviating tasks an episode, whatever the size.
  const exploitation = options.exploitation ?? 1 - (taskCount <= 20 ? 2 : 1) / Math.max(2, taskCount)
  const ageing = options.ageing ?? Math.max(leastAgeing, 0.02 / Math.max(1, taskCount))
  const { rng, history, saved } = startResumable('whaql', run)
  if (options.initial) checkAssignment(problem, options.initial, 'options.initial')

  const state = resume
    ? restoredState(problem, resume)
    : createLoadState(problem, options.initial ?? kCheapestLptAssignment(problem, timeWeight))
  const deviationCounts = cumulativeBinomial(taskCount, 1 - exploitation)
  const playEpisode = createEpisode(state, timeWeight, swap, deviationCounts.length - 1, rng)
  const best = Int32Array.from(resume?.best ?? state.assignment)
  let bestEst = resume?.bestEst ?? (taskCount > 0 ? estOf(state, timeWeight) : 0)
  let recordEst = resume?.arrays['recordEst']![0] ?? bestEst
  let episode = resume?.episode ?? 0

  let stop: StopReason | null = null
  let fraction = 0
  const isOptimal = () => run.bound !== null && bestEst - run.bound <= 1e-12
  while (episode < episodes && stop === null && taskCount > 0 && !isOptimal()) {
    // A run that is to be resumed ages by its episodes alone: how it is cut into pieces must not matter.
    const age = withCheckpoint || resume ? episode / episodes : fraction
    const tolerance = ageing * (1 - age)
    const until = Math.min(episodes, episode + episodesPerStep)
    while (episode < until) {
      episode++
      const deviations = drawCount(rng, deviationCounts)
      if (deviations > 0) {
        recordEst = playEpisode(deviations, recordEst, bestEst + tolerance)
        if (recordEst < bestEst) {
          bestEst = recordEst
          best.set(state.assignment)
        }
      }
      if (episode % recordEvery === 0) history.record({ iteration: episode, evaluations: episode, best: bestEst })
    }
    ;({ stop, fraction } = yield run.progress(episode / episodes, bestEst, episode, episode))
  }

  return {
    ...run.finish({
      assignment: best,
      stop: episode < episodes ? stop : null,
      history: history.points(),
      evaluations: episode,
      iterations: episode,
    }),
    policyAssignment: Array.from(state.assignment),
    states: taskCount,
    memoryBytes: 8 * taskCount + 8 * problem.vmCount,
    ...saved(() => ({
      episode,
      bestEst,
      best: Array.from(best),
      estSum: 0,
      arrays: { ...savedState(state), recordEst: [recordEst] },
    })),
  }
}

/** The record with its loads to the last bit: summed afresh they would differ by rounding, and the run with them. */
function savedState({ assignment, vmSeconds, cost, changes }: LoadState): Checkpoint['arrays'] {
  return { record: Array.from(assignment), vmSeconds: Array.from(vmSeconds), costAndChanges: [cost, changes] }
}

function restoredState(problem: Problem, { arrays }: Checkpoint): LoadState {
  const state = createLoadState(problem, arrays['record']!)
  const [cost, changes] = arrays['costAndChanges']!
  state.vmSeconds.set(arrays['vmSeconds']!)
  state.cost = cost!
  settleLoadState(state, changes!)
  return state
}

/** P(X <= k) of the binomial distribution, k = 0, 1, ... until it is 1 to 1e-12. */
function cumulativeBinomial(trials: number, probability: number): Float64Array {
  if (probability >= 1) return Float64Array.from({ length: trials + 1 }, (_, k) => (k < trials ? 0 : 1))
  let term = 1
  for (let i = 0; i < trials; i++) term *= 1 - probability
  const cumulative: number[] = []
  let sum = 0
  for (let k = 0; k <= trials && sum < 1 - 1e-12; k++) {
    sum += term
    cumulative.push(sum)
    term *= ((trials - k) / (k + 1)) * (probability / (1 - probability))
  }
  return Float64Array.from(cumulative)
}

function drawCount(rng: Rng, cumulative: Float64Array): number {
  const u = rng()
  let k = 0
  while (k < cumulative.length - 1 && u >= cumulative[k]!) k++
  return k
}
