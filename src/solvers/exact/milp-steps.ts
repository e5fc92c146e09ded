import type { LpSolver } from '../../lp/highs.ts'
import { allVms, eligibleVms, executionSeconds, type Problem } from '../../model/problem.ts'
import type { SolveOptions, SolveSteps } from '../../model/solver.ts'
import { lowerBound } from '../../objective/bounds.ts'
import { type Cut, leastEst, slopeOfEst } from '../../objective/frontier.ts'
import { startRun } from '../../objective/solve-run.ts'
import { gapOf, weightedEst } from '../../objective/weighted.ts'
import { exp, ln } from '../../random/portable-math.ts'
import { createHistory } from '../../run/history.ts'
import type { Progress, StopReason } from '../../run/run-options.ts'
import { assignmentOf, assignmentProgram, canPlaceAll, pairsOf } from './assignment-program.ts'
import { estOfAssignment, warmStart } from './warm-start.ts'

/** A difference of est that HiGHS, which lets a row be broken by 1e-9, cannot be trusted to see. */
const tolerance = 1e-8

/**
 * `milp`, one integer programme at a time: outer approximation. The lines proven so far leave a region above them in the
 * plane of time and cost. est is concave, so its least value there stands at a corner; the next programme has the slope
 * of est at this corner. Its line either cuts the corner off, or it touches a schedule that is no worse, which is optimal.
 * With time alone the first line proves it.
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
  // From here on times and costs are shares of their bounds, so that numbers stay near 1.
  const costScale = floor.cost || 1
  const scaleEst = weightedEst(weight, floor.timeSeconds, costScale)
  const allPairs = pairsOf(problem, floor.timeSeconds, costScale)
  const pairs = isFree ? allPairs.filter(({ cost }) => cost === 0) : allPairs

  const { maxEvaluations = Infinity, targetGap = 0 } = run.options
  const margin = Math.max(tolerance, ln(1 + targetGap) - 1e-12)
  const history = createHistory()
  let best = isFree ? cheapest : warmStart(problem, weight)
  let bestEst = estOfAssignment(problem, best, weight) - scaleEst
  let provenEst = run.bound === null ? 0 : run.bound - scaleEst
  const firstDistance = bestEst - provenEst
  const cuts: Cut[] = []
  let leastTime = 1
  let evaluations = 1
  let solves = 0
  let stop: StopReason | null = null

  function progress(): Progress {
    const fraction = provenEst < bestEst - margin ? Math.max(0, 1 - (bestEst - provenEst) / firstDistance) : 1
    const point = { iteration: solves, evaluations, best: isFree ? null : bestEst + scaleEst }
    history.record(point)
    return { ...point, fraction, gap: isFree ? null : gapOf(bestEst, provenEst) }
  }

  for (;;) {
    stop = (yield progress()).stop
    const target = bestEst - margin
    if (stop !== null || provenEst >= target) break
    solves++
    // Only what is better than the target matters: it keeps below these even where the other figure is least.
    const mostTime = exp(target / weight)
    const mostCost = exp(target / (1 - weight))
    const within = pairs.filter(({ time, cost }) => time <= mostTime && cost <= mostCost)
    if (!canPlaceAll(within, problem.taskCount)) {
      provenEst = target
      continue
    }
    const corner = leastEst(cuts, leastTime, 1, weight)
    const costWeight = slopeOfEst(corner, weight)
    // In this unit a step along the objective is one of est, by its gradient at the corner.
    const perTime = weight / corner.timeSeconds
    const answer = solve(assignmentProgram(within, perTime, perTime * costWeight, mostTime), {
      timeLimitMs: remainingMs(),
      maxNodes: maxEvaluations - evaluations,
      absoluteGap: margin / 2,
    })
    evaluations += answer.nodes
    if (answer.values) {
      const found = assignmentOf(within, answer.values, problem.taskCount)
      const est = estOfAssignment(problem, found, weight) - scaleEst
      if (est < bestEst) {
        best = found
        bestEst = est
      }
    }
    if (answer.status === 'infeasible') provenEst = target
    else {
      const value = 1 + Math.max(0, answer.bound) / perTime
      if (costWeight === 0) leastTime = Math.max(leastTime, value)
      else cuts.push({ costWeight, value })
      provenEst = Math.max(provenEst, Math.min(target, leastEst(cuts, leastTime, 1, weight).est))
    }
  }

  const isProven = targetGap === 0 && provenEst >= bestEst - margin
  return run.finish({
    assignment: best,
    stop,
    history: history.points(),
    evaluations,
    iterations: solves,
    provenBound: scaleEst + (isProven ? bestEst : Math.min(provenEst, bestEst)),
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
