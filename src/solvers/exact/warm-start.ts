import { kCheapestLptAssignment } from '../../constructive/k-cheapest-lpt.ts'
import { minMinAssignment } from '../../constructive/min-min.ts'
import type { Problem } from '../../model/problem.ts'
import { costOf, longest, vmSecondsOf } from '../../objective/evaluate.ts'
import { weightedEst } from '../../objective/weighted.ts'

/** The better one of k-cheapest + LPT and min-min: what an exact solver starts from. */
export function warmStart(problem: Problem, timeWeight: number): Int32Array {
  const starts = [kCheapestLptAssignment(problem, timeWeight), minMinAssignment(problem)]
  return starts.reduce((best, start) =>
    estOfAssignment(problem, start, timeWeight) < estOfAssignment(problem, best, timeWeight) ? start : best,
  )
}

/** est, equation (7), of a complete assignment; a time or cost of 0 counts as the smallest normal number. */
export function estOfAssignment(problem: Problem, assignment: Int32Array, timeWeight: number): number {
  const vmSeconds = vmSecondsOf(problem, assignment)
  return weightedEst(
    timeWeight,
    longest(vmSeconds),
    problem.pricePerSecond ? costOf(vmSeconds, problem.pricePerSecond) : 0,
  )
}
