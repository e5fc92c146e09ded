import type { LpSolver } from '../../lp/highs.ts'
import { allVms, eligibleVms, executionSeconds, type Problem } from '../../model/problem.ts'
import type { SolveOptions, SolveSteps } from '../../model/solver.ts'
import { lowerBound } from '../../objective/bounds.ts'
import { startRun } from '../../objective/solve-run.ts'
import { gapOf, weightedEst } from '../../objective/weighted.ts'
import { ln } from '../../random/portable-math.ts'
import { createHistory } from '../../run/history.ts'
import type { Progress, StopReason } from '../../run/run-options.ts'
import { assignmentOf, assignmentProgram, type Pair, pairsOf } from './assignment-program.ts'
import { type Box, boxOf, cutRegion, type Region } from './trade-off.ts'
import { estOfAssignment, warmStart } from './warm-start.ts'

/** A difference of est that HiGHS, which lets a row be broken by 1e-9, cannot be trusted to see. */
const tolerance = 1e-8

/**
 * `milp`, one integer programme at a time. est is concave in time and cost, so no linear objective stands for it. The
 * search keeps the regions of the plane that may hold something better than the best schedule. For the most promising
 * one it minimises along the chord of its curve: what is found is either better, or a line that
 * removes the middle of the region.
 *
 * @param remainingMs - tells what is left of the time limit
 */
export function* milpSteps(
  problem: Problem,
  options: SolveOptions,
  solve: LpSolver,
  remainingMs: () => number,
): SolveSteps {
  const run = startRun('milp', problem, options, {}, {})
  const { timeWeight } = run
  const floor = lowerBound(problem, { timeWeight })
  const cheapest = placeEachAlone(problem, timeWeight < 1)

  // Cost alone has each task where it is cheapest; without any time there is nothing to share out.
  if (timeWeight === 0 || floor.timeSeconds === 0)
    return run.finish({
      assignment: cheapest,
      evaluations: 1,
      iterations: 0,
      provenBound: estOfAssignment(problem, cheapest, timeWeight),
    })

  // A schedule that costs nothing beats all others, and of those the shortest is the best.
  const isFree = timeWeight < 1 && floor.cost === 0
  const weight = isFree ? 1 : timeWeight
  const costScale = floor.cost || 1
  const offset = weightedEst(weight, floor.timeSeconds, costScale)
  const allPairs = pairsOf(problem, floor.timeSeconds, costScale)
  const pairs = isFree ? allPairs.filter((pair) => pair.cost === 0) : allPairs
  // Twice as much as any assignment takes: a box needs some width also where all assignments cost the same.
  const most = { time: 2 * mostOf(pairs, ({ time }) => time), cost: 2 * mostOf(pairs, ({ cost }) => cost) }

  const { maxEvaluations = Infinity, targetGap = 0 } = run.options
  const margin = Math.max(tolerance, ln(1 + targetGap) - 1e-12)
  const history = createHistory()
  let best = isFree ? cheapest : warmStart(problem, weight)
  let bestEst = estOfAssignment(problem, best, weight) - offset
  let regions: Region[] = [{ time: 1, cost: 1, bound: run.bound === null ? 0 : run.bound - offset }]
  let evaluations = 1
  let solves = 0
  let stop: StopReason | null = null

  /** est that nothing falls below, as far as the regions tell. */
  function provenEst(): number {
    if (regions.length === 0) return margin > tolerance ? bestEst - margin : bestEst
    return regions.reduce((least, { bound }) => Math.min(least, bound), Infinity)
  }

  function progress(): Progress {
    const fraction = regions.length === 0 ? 1 : solves / (solves + regions.length)
    const figures = run.progress(fraction, bestEst + offset, solves, evaluations)
    const shown = isFree ? { best: null, gap: null } : { gap: gapOf(bestEst, provenEst()) }
    history.record({ iteration: solves, evaluations, best: isFree ? null : bestEst + offset })
    return { ...figures, ...shown }
  }

  for (;;) {
    const target = bestEst - margin
    regions = regions.filter((region) => boxOf(region, target, weight, most))
    stop = (yield progress()).stop
    if (stop !== null || regions.length === 0) break
    const region = regions.reduce((lowest, other) => (other.bound < lowest.bound ? other : lowest))
    const box = boxOf(region, target, weight, most)!
    const within = pairs.filter((pair) => isWithin(pair, box))
    regions = regions.filter((other) => other !== region)
    solves++
    if (!isComplete(within, problem.taskCount)) continue

    const answer = solve(assignmentProgram(within, box), {
      timeLimitMs: remainingMs(),
      maxNodes: maxEvaluations - evaluations,
      // A line this far below the assignment that was found still removes it.
      absoluteGap: (margin * box.time.from) / (2 * weight * box.time.span),
    })
    evaluations += answer.nodes
    if (answer.values) {
      const found = assignmentOf(within, answer.values, problem.taskCount)
      const est = estOfAssignment(problem, found, weight) - offset
      if (est < bestEst) {
        best = found
        bestEst = est
      }
    }
    if (answer.status === 'infeasible') continue
    const value = Math.min(box.mostValue, Math.max(0, answer.bound))
    regions.push(...cutRegion(region, box, value, bestEst - margin, weight))
  }

  return run.finish({
    assignment: best,
    stop,
    history: history.points(),
    evaluations,
    iterations: solves,
    provenBound: provenEst() + offset,
  })
}

/** Each task where it is cheapest, or else fastest; of equals, where it is faster. */
function placeEachAlone(problem: Problem, byCost: boolean): Int32Array {
  const all = allVms(problem)
  return Int32Array.from({ length: problem.taskCount }, (_, task) => {
    const seconds = (vm: number): number => executionSeconds(problem, task, vm)
    const cost = (vm: number): number => (byCost ? seconds(vm) * problem.pricePerSecond![vm]! : 0)
    return eligibleVms(problem, task, all).reduce((best, vm) =>
      (cost(vm) - cost(best) || seconds(vm) - seconds(best)) < 0 ? vm : best,
    )
  })
}

/** The sum over the tasks of the largest figure that each of them can have. */
function mostOf(pairs: readonly Pair[], figure: (pair: Pair) => number): number {
  const largest = new Map<number, number>()
  for (const pair of pairs) largest.set(pair.task, Math.max(figure(pair), largest.get(pair.task) ?? 0))
  return [...largest.values()].reduce((sum, value) => sum + value, 0)
}

/** Whether a pair alone does not leave the box. */
function isWithin(pair: Pair, { time, cost }: Box): boolean {
  return pair.time <= time.from + time.span && (cost === null || pair.cost <= cost.from + cost.span)
}

function isComplete(pairs: readonly Pair[], taskCount: number): boolean {
  return new Set(pairs.map(({ task }) => task)).size === taskCount
}
