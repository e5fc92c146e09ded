import { type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { whyIneligible } from './eligibility.ts'
import { isEligible, type Problem } from './problem.ts'

/** The VM index of each task; -1 = unplaced. Plain numbers, so that it survives JSON. */
export type Assignment = readonly number[]

/** Marks a task that no VM has. */
export const unplaced = -1

/**
 * Checks an assignment that comes from outside.
 *
 * @throws CloudschedError `invalid-input` when it is of the wrong length, names a VM that does not exist, or puts a
 * task on a VM that may not take it
 */
export function checkAssignment(problem: Problem, assignment: ArrayLike<number>, path: string = 'assignment'): void {
  const findings: Finding[] = []
  if (typeof assignment?.length !== 'number' || assignment.length !== problem.taskCount) {
    findings.push({
      path,
      received: assignment?.length,
      expected: `a list of ${problem.taskCount} VM indices, one per task`,
    })
  } else {
    for (let i = 0; i < problem.taskCount; i++) {
      const vm = assignment[i]!
      if (vm === unplaced) continue
      if (!Number.isInteger(vm) || vm < 0 || vm >= problem.vmCount) {
        findings.push({
          path: `${path}[${i}]`,
          received: vm,
          expected: `a VM index in [0, ${problem.vmCount - 1}], or -1 for unplaced`,
        })
      } else if (!isEligible(problem, i, vm)) {
        findings.push({
          path: `${path}[${i}]`,
          received: vm,
          expected: 'a VM that may take the task',
          hint: `Refused: ${whyIneligible(problem.eligibility!, i, vm)}.`,
        })
      }
    }
  }
  throwFindings('invalid-input', findings)
}
