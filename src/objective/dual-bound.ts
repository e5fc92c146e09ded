import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'
import { type DualCut, efficiencies, raiseCut, type WorkRows, workRowsOf } from './dual-cut.ts'
import { leastEst, slopeOfEst } from './frontier.ts'
import { type BoundFigures, uniformBound } from './uniform-bound.ts'
import { weightedEst } from './weighted.ts'

/** A bound with the lines that prove it. */
export interface DualProof extends BoundFigures {
  /** Of rising slope; the first one has slope 0 and bounds the time alone. */
  readonly cuts: readonly DualCut[]
}

/**
 * Bound for all problems, by lines below all pairs of time and cost; see `raiseCut` for the lines and `leastEst` for
 * what follows from them. On uniform machines the closed form, which does not see who may take what, counts too.
 */
export function dualBound(problem: Problem, timeWeight: number): BoundFigures {
  const proof = proveByDual(problem, timeWeight)
  if (problem.etc) return proof
  const closed = uniformBound(problem, timeWeight)
  return {
    est: Math.max(proof.est, closed.est),
    timeSeconds: Math.max(proof.timeSeconds, closed.timeSeconds),
    cost: Math.max(proof.cost, closed.cost),
  }
}

/** Lines beside the one of slope 0; most problems need two or three until the bound stands. */
const mostCuts = 8
/** The bound stands when no line passes above its corner by more than this share. */
const leastLift = 1e-6

/** `dualBound` with its lines, the closed form left out. */
export function proveByDual(problem: Problem, timeWeight: number): DualProof {
  const rows = workRowsOf(problem)
  const cost = leastCost(rows)
  const onTime = raiseCut(rows, 0, { start: efficiencies(rows), firstAim: 0.3, iterations: passesFor(rows, 60) })
  const timeSeconds = Math.max(onTime.value, longestTask(problem))
  const cuts: DualCut[] = [onTime]
  let corner = { timeSeconds, cost, est: weightedEst(timeWeight, timeSeconds, cost) }
  const isCurved = timeWeight > 0 && timeWeight < 1 && timeSeconds > 0 && cost > 0
  while (isCurved && cuts.length <= mostCuts) {
    const costWeight = slopeOfEst(corner, timeWeight)
    const cut = raiseCut(rows, costWeight, { start: onTime.merits, firstAim: 0.05, iterations: passesFor(rows, 12) })
    if (cut.value <= (corner.timeSeconds + costWeight * corner.cost) * (1 + leastLift)) break
    cuts.push(cut)
    corner = leastEst(cuts.slice(1), timeSeconds, cost, timeWeight)
  }
  return { est: corner.est, timeSeconds, cost, cuts: cuts.toSorted((a, b) => a.costWeight - b.costWeight) }
}

/** Passes over the rows: so many at least, and more where they are cheap. At 10 000 x 500 sixty take half a second. */
function passesFor({ rowCount, vmCount }: WorkRows, fewest: number): number {
  return Math.min(800, fewest + 1e6 / Math.max(1, rowCount * vmCount))
}

/** Every row where it is cheapest; 0 in a problem without prices. */
function leastCost({ rowCount, vmCount, seconds, prices }: WorkRows): number {
  let cost = 0
  for (let at = 0; at < rowCount * vmCount; at += vmCount) {
    let least = Infinity
    for (let j = 0; j < vmCount; j++)
      if (seconds[at + j]! < Infinity) least = Math.min(least, prices[j]! * seconds[at + j]!)
    cost += least
  }
  return cost
}

/** No schedule is shorter than its longest task on the VM that runs it fastest. */
function longestTask(problem: Problem): number {
  const all = allVms(problem)
  let longest = 0
  for (const task of problem.etc ? Array(problem.taskCount).keys() : longestOfClasses(problem)) {
    let shortest = Infinity
    for (const vm of eligibleVms(problem, task, all)) shortest = Math.min(shortest, executionSeconds(problem, task, vm))
    longest = Math.max(longest, shortest)
  }
  return longest
}

/** The longest task of each eligibility class of a uniform problem. */
function longestOfClasses({ lengthMi, eligibility, taskCount }: Problem & { readonly etc: null }): Iterable<number> {
  const longest = new Map<number, number>()
  for (let i = 0; i < taskCount; i++) {
    const classIndex = eligibility?.classOf[i] ?? 0
    const known = longest.get(classIndex)
    if (known === undefined || lengthMi[i]! > lengthMi[known]!) longest.set(classIndex, i)
  }
  return longest.values()
}
