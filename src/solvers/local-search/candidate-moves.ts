import { allVms, eligibleVms, executionSeconds, type Problem } from '../../model/problem.ts'
import type { Rng } from '../../random/rng.ts'
import { pickIndex } from '../../random/sample.ts'
import type { Landscape } from './landscape.ts'

/** The moves (task on VM) that are worth proposing: those of a small reduced cost merit_j p_ij - min_k merit_k p_ik. */
export interface CandidateMoves {
  /** Narrows the choice to moves of a reduced cost up to the limit of this number. */
  setLimit(index: number): void
  /** A move among them, as task * vmCount + vm. */
  draw(rng: Rng): number
}

/** So many moves a task always stay, or nothing could be mended at low temperatures. */
const fewestPerTask = 2

/** Above this many pairs of task and VM their list would take more memory than it is worth. */
const mostPairs = 1 << 24

/**
 * The candidates of a problem.
 *
 * On unrelated machines all pairs are listed and sorted by their reduced cost. On uniform machines the reduced cost of a
 * pair is the task's length times a figure of the VM that is the same for all tasks of its eligibility class, and nearly
 * 0 on every VM that a good schedule uses: there a task is drawn, and then a VM of its class below the first limit.
 *
 * @param limits - reduced costs, falling
 */
export function createCandidateMoves(problem: Problem, landscape: Landscape, limits: Float64Array): CandidateMoves {
  return problem.etc !== null && problem.taskCount * problem.vmCount <= mostPairs
    ? listedMoves(problem, landscape, limits)
    : drawnMoves(problem, landscape, limits[0]!)
}

function listedMoves(problem: Problem, { merits }: Landscape, limits: Float64Array): CandidateMoves {
  const { taskCount, vmCount } = problem
  const all = allVms(problem)
  // Number of limits that a pair keeps to; 0 is never proposed.
  const limitsKept = new Uint8Array(taskCount * vmCount)
  const worths = new Float64Array(vmCount)
  for (let task = 0; task < taskCount; task++) {
    const vms = eligibleVms(problem, task, all)
    let least = Infinity
    for (const vm of vms) {
      worths[vm] = merits[vm]! * executionSeconds(problem, task, vm)
      if (worths[vm]! < least) least = worths[vm]!
    }
    for (const vm of vms) limitsKept[task * vmCount + vm] = countKept(limits, worths[vm]! - least)
  }
  const { order, counts } = sortByLevel(limitsKept, limits.length)
  const fewest = Math.min(fewestPerTask * taskCount, counts[0]!)
  let count = counts[0]!
  return {
    setLimit(index) {
      let wide = index
      while (counts[wide]! < fewest) wide--
      count = counts[wide]!
    },
    draw: (rng) => order[pickIndex(rng, count)]!,
  }
}

/** How many of the falling limits a value keeps to. */
function countKept(limits: Float64Array, value: number): number {
  let low = 0
  let high = limits.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (value <= limits[middle - 1]!) low = middle
    else high = middle - 1
  }
  return low
}

/**
 * Counting sort: the indices of all entries above 0 from the highest level to the lowest, and for each k how many of
 * them, at the front, have a level above k.
 */
function sortByLevel(levels: Uint8Array, highest: number): { order: Int32Array; counts: Int32Array } {
  const counts = new Int32Array(highest + 1)
  for (let k = 0; k < levels.length; k++) counts[levels[k]!]!++
  let sum = 0
  for (let level = highest; level > 0; level--) {
    const own = counts[level]!
    counts[level] = sum
    sum += own
  }
  const order = new Int32Array(sum)
  for (let k = 0; k < levels.length; k++) if (levels[k]! > 0) order[counts[levels[k]!]!++] = k
  return { order, counts: counts.subarray(1) }
}

function drawnMoves(problem: Problem, { merits }: Landscape, limit: number): CandidateMoves {
  const { taskCount, vmCount, eligibility, lengthMi, speedMips } = problem
  const classOf = eligibility?.classOf ?? new Int32Array(taskCount)
  const lists = eligibility ? eligibility.classes.map(({ vms }) => vms) : [allVms(problem)]
  const meanLength = (lengthMi?.reduce((sum, length) => sum + length, 0) ?? 0) / taskCount
  const worthPerMi = (vm: number): number => (speedMips ? merits[vm]! / speedMips[vm]! : 0)
  const narrowed = lists.map((vms) => {
    const least = vms.reduce((smallest, vm) => Math.min(smallest, worthPerMi(vm)), Infinity)
    return vms.filter((vm) => (worthPerMi(vm) - least) * meanLength <= limit)
  })
  return {
    setLimit() {},
    draw(rng) {
      const task = pickIndex(rng, taskCount)
      const vms = narrowed[classOf[task]!]!
      return task * vmCount + vms[pickIndex(rng, vms.length)]!
    },
  }
}
