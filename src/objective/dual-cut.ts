import type { Problem } from '../model/problem.ts'
import type { Cut } from './frontier.ts'

/** A line below all assignments, with its proof; a slope of 0 bounds the time alone. */
export interface DualCut extends Cut {
  /** lambda_j + mu c_j of each VM, where all lambda_j >= 0 and their sum is 1: how much its running time counts. */
  readonly merits: Float64Array
}

/** Work that may be cut at will: one row per task, or per eligibility class where all its tasks go by the same ratios. */
export interface WorkRows {
  readonly rowCount: number
  readonly vmCount: number
  /** Row-major: seconds of row i on VM j if it does all of it; Infinity where it may not. */
  readonly seconds: Float64Array
  /** Money per second of each VM; 0 in a problem without prices. */
  readonly prices: Float64Array
}

/** The rows of a problem: the tasks of unrelated machines, the classes of uniform ones. */
export function workRowsOf(problem: Problem): WorkRows {
  const { vmCount, eligibility } = problem
  const prices = problem.pricePerSecond ?? new Float64Array(vmCount)
  if (problem.etc && !eligibility) return { rowCount: problem.taskCount, vmCount, seconds: problem.etc, prices }
  const { etc, speedMips } = problem
  const work = etc ? null : workOfClasses(problem)
  const rowCount = work ? work.length : problem.taskCount
  const seconds = new Float64Array(rowCount * vmCount)
  for (let row = 0; row < rowCount; row++) {
    const allowed = eligibility?.classes[work ? row : eligibility.classOf[row]!]!.allowed
    for (let vm = 0; vm < vmCount; vm++) {
      const time = work ? work[row]! / speedMips![vm]! : etc![row * vmCount + vm]!
      seconds[row * vmCount + vm] = allowed?.[vm] === 0 ? Infinity : time
    }
  }
  return { rowCount, vmCount, seconds, prices }
}

/** Work of each eligibility class of a uniform problem, in MI; one class where every VM may take every task. */
function workOfClasses({ lengthMi, eligibility, taskCount }: Problem & { readonly etc: null }): Float64Array {
  const work = new Float64Array(eligibility ? eligibility.classes.length : 1)
  for (let i = 0; i < taskCount; i++) work[eligibility ? eligibility.classOf[i]! : 0]! += lengthMi[i]!
  return work
}

/**
 * Merits to start from: how fast each VM is beside the fastest, on average over the rows. Already the best ones for
 * uniform machines that take every task.
 */
export function efficiencies({ rowCount, vmCount, seconds }: WorkRows): Float64Array {
  const merits = new Float64Array(vmCount).fill(1e-9)
  for (let at = 0; at < rowCount * vmCount; at += vmCount) {
    let least = Infinity
    for (let j = 0; j < vmCount; j++) if (seconds[at + j]! < least) least = seconds[at + j]!
    if (least > 0) for (let j = 0; j < vmCount; j++) merits[j]! += least / seconds[at + j]!
  }
  return merits
}

/** How hard to try. */
export interface Ascent {
  /** Merits of the VMs to begin with, on any scale: only their ratios count. */
  readonly start: Float64Array
  /** A step aims this share above the best value so far; the aim falls as steps fail, and never rises above this. */
  readonly firstAim: number
  /** Most passes over the rows. */
  readonly iterations: number
}

/** A step multiplies a merit by no more than 1 + this: where almost nothing is left to gain, its length is out of all measure. */
const mostChange = 100

/** Where a step would gain no more than this share, the ascent starts again from its best, and ends when that is in vain. */
const lastAim = 1e-5

/**
 * Raises the value of a line by changing the merits of the VMs. For all lambda >= 0 with sum 1 and mu >= 0,
 *
 *   Time + mu Cost >= sum_j (lambda_j + mu c_j) vmt_j >= sum_i min_j (lambda_j + mu c_j) p_ij,
 *
 * the Lagrangian dual of the linear relaxation; its best value is that of the relaxation. merit_j = lambda_j + mu c_j is
 * multiplied up and down by Polyak's step (1969), towards a target that adapts (Goffin and Kiwiel 1999). Any merits give
 * a valid line: stopping early costs tightness only.
 *
 * @param costWeight - mu in seconds per unit of money
 */
export function raiseCut(rows: WorkRows, costWeight: number, { start, firstAim, iterations }: Ascent): DualCut {
  const floors = rows.prices.map((price) => costWeight * price)
  const current = start.slice()
  const loads = new Float64Array(rows.vmCount)
  let value = -1
  let merits = current
  let aim = firstAim
  let failures = 0
  let valueBefore = -1
  for (let t = 0; t < iterations; t++) {
    if (aim < lastAim) {
      if (value <= valueBefore * (1 + lastAim)) break
      valueBefore = value
      aim = firstAim / 3
      current.set(merits)
    }
    scaleToSumOne(current, floors)
    const reached = shareRows(rows, current, aim, loads)
    if (reached > value) {
      if (reached > value * (1 + aim / 2)) aim = Math.min(firstAim, 2 * aim)
      value = reached
      merits = current.slice()
      failures = 0
    } else failures++
    const climbs = climb(current, floors, loads, value * (1 + aim) - reached)
    if (failures < 2 && climbs) continue
    aim *= 0.6
    failures = 0
  }
  return { costWeight, value: Math.max(0, value), merits }
}

/**
 * Scales merits, in place, until lambda_j = merit_j - floor_j has sum 1, and lifts those that fall below their floor
 * mu c_j onto it (lambda_j = 0). Newton's method on a convex function of the scale: it ends after a few rounds.
 */
function scaleToSumOne(merits: Float64Array, floors: Float64Array): void {
  let scale = Infinity
  for (;;) {
    let floor = 0
    let merit = 0
    for (let j = 0; j < merits.length; j++) {
      if (scale * merits[j]! <= floors[j]!) continue
      floor += floors[j]!
      merit += merits[j]!
    }
    const next = (1 + floor) / merit
    if (!(next < scale)) break
    scale = next
  }
  for (let j = 0; j < merits.length; j++) merits[j] = Math.max(floors[j]!, scale * merits[j]!)
}

/**
 * sum_i min_j merit_j p_ij. `loads` gets the time of each VM when every row goes, by equal times, to the VMs within
 * `tolerance` of its minimum: machines of equal merit then rise together.
 */
function shareRows(
  { rowCount, vmCount, seconds }: WorkRows,
  merits: Float64Array,
  tolerance: number,
  loads: Float64Array,
): number {
  const ties = new Int32Array(vmCount)
  loads.fill(0)
  let value = 0
  for (let at = 0; at < rowCount * vmCount; at += vmCount) {
    let least = Infinity
    let bar = Infinity
    let candidates = 0
    for (let j = 0; j < vmCount; j++) {
      const merit = merits[j]! * seconds[at + j]!
      // Not `merit > bar`: a merit of 0 where the VM may not do the row gives 0 * Infinity, which is no number.
      if (!(merit <= bar)) continue
      ties[candidates++] = j
      if (merit < least) {
        least = merit
        bar = least * (1 + tolerance)
      }
    }
    if (least === 0) continue
    value += least
    let rate = 0
    let count = 0
    for (let k = 0; k < candidates; k++) {
      const j = ties[k]!
      if (!(merits[j]! * seconds[at + j]! <= bar)) continue
      ties[count++] = j
      rate += 1 / seconds[at + j]!
    }
    for (let k = 0; k < count; k++) loads[ties[k]!]! += 1 / rate
  }
  return value
}

/**
 * One step along the loads, the supergradient of the value, to gain `wanted`; false where no direction is left. A VM on
 * its floor can only rise.
 */
function climb(merits: Float64Array, floors: Float64Array, loads: Float64Array, wanted: number): boolean {
  let merit = 0
  let weighted = 0
  for (let j = 0; j < merits.length; j++) {
    if (merits[j]! <= floors[j]!) continue
    merit += merits[j]!
    weighted += merits[j]! * loads[j]!
  }
  const mean = weighted / merit
  const isFree = (j: number) => merits[j]! > floors[j]! || loads[j]! > mean
  let square = 0
  for (let j = 0; j < merits.length; j++) if (isFree(j)) square += merits[j]! * (loads[j]! - mean) * (loads[j]! - mean)
  const step = wanted / square
  if (!(step < Infinity)) return false
  for (let j = 0; j < merits.length; j++) {
    if (!isFree(j)) continue
    const change = Math.max(-mostChange, Math.min(mostChange, step * (loads[j]! - mean)))
    merits[j]! *= change > 0 ? 1 + change : 1 / (1 - change)
  }
  return true
}
