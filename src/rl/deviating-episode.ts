import { allVms, eligibleVms, executionSeconds, isEligible } from '../model/problem.ts'
import {
  type LoadState,
  makespanOf,
  makespanWith,
  moveTask,
  settleLoadState,
  swapTasks,
} from '../objective/load-state.ts'
import { weightedEst } from '../objective/weighted.ts'
import type { Rng } from '../random/rng.ts'
import { pickIndex } from '../random/sample.ts'

/**
 * Plays one episode in which `deviations` tasks leave the recorded schedule. It becomes the record, and `state` with it,
 * when its est is at most `limit`; the record's est is returned.
 */
export type Episode = (deviations: number, recordEst: number, limit: number) => number

/** Slack for the rounding in the bound that spares logarithms. */
const roundingSlack = 1e-9

/**
 * Episodes over a recorded schedule, by differences.
 *
 * Nearly all deviations make the schedule worse, and by much. Since ln x >= 1 - 1/x, est rises by at least
 * w (1 - Time/Time') + (1 - w)(1 - Cost/Cost'): most episodes are seen off by two divisions, without a logarithm, and with
 * no more than the running times of the VMs that they touch.
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
  const costWeight = 1 - timeWeight
  const price = problem.pricePerSecond ?? new Float64Array(problem.vmCount)
  const all = allVms(problem)

  /** Least rise of est from the record when makespan and cost become these. */
  function leastRise(recordTime: number, recordCost: number, timeSeconds: number, cost: number): number {
    const rise = timeWeight * (1 - recordTime / timeSeconds)
    return costWeight === 0 ? rise : rise + costWeight * (1 - recordCost / cost)
  }

  /** est if makespan and cost were these; Infinity where it is surely above the limit. */
  function estWithin(limit: number, recordEst: number, timeSeconds: number, cost: number): number {
    const isAbove = leastRise(makespanOf(state), state.cost, timeSeconds, cost) > limit - recordEst + roundingSlack
    return isAbove ? Infinity : weightedEst(timeWeight, timeSeconds, cost)
  }

  function tryMove(recordEst: number, limit: number): number {
    const task = pickIndex(rng, taskCount)
    const vms = eligibleVms(problem, task, all)
    const to = vms[pickIndex(rng, vms.length)]!
    const from = assignment[task]!
    if (to === from) return recordEst
    const secondsFrom = executionSeconds(problem, task, from)
    const secondsTo = executionSeconds(problem, task, to)
    const time = makespanWith(state, from, vmSeconds[from]! - secondsFrom, to, vmSeconds[to]! + secondsTo)
    const est = estWithin(limit, recordEst, time, state.cost + secondsTo * price[to]! - secondsFrom * price[from]!)
    if (est > limit) return recordEst
    moveTask(state, task, to)
    return est
  }

  function trySwap(recordEst: number, limit: number): number {
    const a = pickIndex(rng, taskCount)
    const b = pickIndex(rng, taskCount)
    const vmA = assignment[a]!
    const vmB = assignment[b]!
    if (vmA === vmB || !isEligible(problem, a, vmB) || !isEligible(problem, b, vmA)) return recordEst
    const changeA = executionSeconds(problem, b, vmA) - executionSeconds(problem, a, vmA)
    const changeB = executionSeconds(problem, a, vmB) - executionSeconds(problem, b, vmB)
    const time = makespanWith(state, vmA, vmSeconds[vmA]! + changeA, vmB, vmSeconds[vmB]! + changeB)
    const est = estWithin(limit, recordEst, time, state.cost + changeA * price[vmA]! + changeB * price[vmB]!)
    if (est > limit) return recordEst
    swapTasks(state, a, b)
    return est
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
      const vms = eligibleVms(problem, task, all)
      place(task, vms[pickIndex(rng, vms.length)]!)
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
    if (!(leastRise(recordTime, recordCost, touchedTime, state.cost) > limit - recordEst + roundingSlack)) {
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
    return rng() < swap ? trySwap(recordEst, limit) : tryMove(recordEst, limit)
  }
}
