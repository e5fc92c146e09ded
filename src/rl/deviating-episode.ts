import { allVms, eligibleVms, executionSeconds, isEligible } from '../model/problem.ts'
import { type LoadState, makespanOf, settleLoadState } from '../objective/load-state.ts'
import { createTrials, roundingSlack } from '../objective/trials.ts'
import { weightedEst } from '../objective/weighted.ts'
import type { Rng } from '../random/rng.ts'
import { pickIndex } from '../random/sample.ts'

/**
 * Plays one episode in which `deviations` tasks leave the recorded schedule. It becomes the record, and `state` with it,
 * when its est is at most `limit`; the record's est is returned.
 */
export type Episode = (deviations: number, recordEst: number, limit: number) => number

/**
 * Episodes over a recorded schedule, by differences.
 *
 * Most episodes are seen off by a bound on est, with no more than the running times of the VMs that they touch.
 *
 * @param swap - share of the deviations that let two tasks change places
 * @param mostDeviations - largest number of deviations that an episode will be asked for
 */
export function createEpisode(
  state: LoadState,
  timeWeight: number,
  swap: number,
  mostDeviations: number,
  rng: Rng,
): Episode {
  const { problem, assignment, vmSeconds } = state
  const { taskCount } = problem
  const price = problem.pricePerSecond ?? new Float64Array(problem.vmCount)
  const all = allVms(problem)

  const trials = createTrials(state, timeWeight)

  function drawVm(task: number): number {
    const vms = eligibleVms(problem, task, all)
    return vms[pickIndex(rng, vms.length)]!
  }

  /** What several deviations have changed so far, to be taken back in reverse: two tasks at most by each. */
  const undoTask = new Int32Array(2 * mostDeviations)
  const undoFrom = new Int32Array(2 * mostDeviations)
  const undoTo = new Int32Array(2 * mostDeviations)
  const undoFromSeconds = new Float64Array(2 * mostDeviations)
  const undoToSeconds = new Float64Array(2 * mostDeviations)
  let changes = 0

  function place(task: number, to: number): void {
    const from = assignment[task]!
    if (to === from) return
    undoTask[changes] = task
    undoFrom[changes] = from
    undoFromSeconds[changes] = vmSeconds[from]!
    undoTo[changes] = to
    undoToSeconds[changes++] = vmSeconds[to]!
    const secondsFrom = executionSeconds(problem, task, from)
    const secondsTo = executionSeconds(problem, task, to)
    vmSeconds[from] = Math.max(0, vmSeconds[from]! - secondsFrom)
    vmSeconds[to]! += secondsTo
    state.cost += secondsTo * price[to]! - secondsFrom * price[from]!
    assignment[task] = to
  }

  function deviate(): void {
    const task = pickIndex(rng, taskCount)
    if (rng() >= swap) {
      place(task, drawVm(task))
      return
    }
    const other = pickIndex(rng, taskCount)
    const vm = assignment[task]!
    const otherVm = assignment[other]!
    if (!isEligible(problem, task, otherVm) || !isEligible(problem, other, vm)) return
    place(task, otherVm)
    place(other, vm)
  }

  function trySeveral(deviations: number, recordEst: number, limit: number): number {
    const recordTime = makespanOf(state)
    const recordCost = state.cost
    changes = 0
    for (let k = 0; k < deviations; k++) deviate()
    let touchedTime = 0
    for (let k = 0; k < changes; k++) touchedTime = Math.max(touchedTime, vmSeconds[undoTo[k]!]!)
    // Written as a negation: where time or cost is 0 the bound is not a number, and est itself decides.
    if (!(trials.leastRise(recordTime, recordCost, touchedTime, state.cost) > limit - recordEst + roundingSlack)) {
      let time = 0
      for (let j = 0; j < vmSeconds.length; j++) if (vmSeconds[j]! > time) time = vmSeconds[j]!
      const est = weightedEst(timeWeight, time, state.cost)
      if (est <= limit) {
        settleLoadState(state, changes)
        return est
      }
    }
    for (let k = changes - 1; k >= 0; k--) {
      assignment[undoTask[k]!] = undoFrom[k]!
      vmSeconds[undoTo[k]!] = undoToSeconds[k]!
      vmSeconds[undoFrom[k]!] = undoFromSeconds[k]!
    }
    state.cost = recordCost
    return recordEst
  }

  return (deviations, recordEst, limit) => {
    if (deviations > 1) return trySeveral(deviations, recordEst, limit)
    const isSwap = rng() < swap
    const task = pickIndex(rng, taskCount)
    return isSwap
      ? trials.swap(task, pickIndex(rng, taskCount), recordEst, limit)
      : trials.move(task, drawVm(task), recordEst, limit)
  }
}
