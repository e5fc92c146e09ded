import { csvFormatRows } from 'd3-dsv'
import { type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { type Assignment, checkAssignment, unplaced } from '../model/assignment.ts'
import { executionSeconds, type Problem, taskId, vmId } from '../model/problem.ts'
import type { SolveResult } from '../model/solver.ts'
import { orEmpty, text } from './cells.ts'
import { column, type Layout, lineNumber, readTable } from './table.ts'
import type { TextSource } from './text.ts'

/** Where one task goes, by names. */
export interface PlannedTask {
  readonly task: string
  /** `null`: no VM has the task. */
  readonly vm: string | null
  /** Running time on that VM. */
  readonly seconds: number | null
}

/** An assignment by names, in the order of the tasks. Names are the ids, or the indices where none are given. */
export function plannedTasks(problem: Problem, assignment: Assignment): PlannedTask[] {
  checkAssignment(problem, assignment)
  return assignment.map((vm, task) => ({
    task: taskId(problem, task),
    vm: vm === unplaced ? null : vmId(problem, vm),
    seconds: vm === unplaced ? null : executionSeconds(problem, task, vm),
  }))
}

/**
 * Writes an assignment as CSV: columns task, vm, seconds, a line per task; vm and seconds are empty for a task that no VM
 * has.
 *
 * @throws CloudschedError `invalid-input` when the assignment does not belong to the problem
 * @example
 * const csv = writePlanCsv(problem, lpt(problem).assignment)
 */
export function writePlanCsv(problem: Problem, assignment: Assignment): string {
  const rows = plannedTasks(problem, assignment).map(({ task, vm, seconds }) => [
    task,
    vm ?? '',
    seconds === null ? '' : String(seconds),
  ])
  return `${csvFormatRows([['task', 'vm', 'seconds'], ...rows])}\n`
}

/**
 * Writes a result as JSON: what `SolveResult` states, with `plan`, a list of `PlannedTask`, in place of the assignment.
 * An option of Infinity becomes null, as in all JSON.
 *
 * @throws CloudschedError `invalid-input` when the assignment does not belong to the problem
 */
export function writePlanJson(problem: Problem, result: SolveResult): string {
  const {
    solver,
    status,
    assignment,
    evaluation,
    bound,
    gap,
    history,
    evaluations,
    iterations,
    seed,
    options,
    ignored,
  } = result
  const plan = plannedTasks(problem, assignment)
  return `${JSON.stringify({ solver, status, evaluation, bound, gap, evaluations, iterations, seed, options, ignored, plan, history }, null, 2)}\n`
}

/** A line of a plan. */
interface PlanLine {
  readonly line: number
  readonly task: string
  readonly vm: string | null
}

const layout: Layout<PlanLine> = { line: lineNumber, task: column('task', text), vm: column('vm', orEmpty(text, null)) }

/**
 * Reads an assignment from CSV with the columns task and vm, as `writePlanCsv` writes it; the order of the lines does
 * not matter.
 *
 * @throws CloudschedError `format` for a task or VM that the problem does not have, and for a task named twice or never
 */
export function readPlanCsv(source: TextSource, problem: Problem): Assignment {
  const vms = indexByName(problem.vmCount, (vm) => vmId(problem, vm))
  const tasks = indexByName(problem.taskCount, (task) => taskId(problem, task))
  const assignment = new Array<number | null>(problem.taskCount).fill(null)
  const findings: Finding[] = []
  for (const { line, task, vm } of readTable(source, layout)) {
    const index = tasks.get(task)
    const vmIndex = vm === null ? unplaced : vms.get(vm)
    if (index === undefined)
      findings.push({ path: `line ${line}, column task`, received: task, expected: 'a task of the problem' })
    else if (assignment[index] !== null)
      findings.push({ path: `line ${line}, column task`, received: task, expected: 'named only once' })
    if (vmIndex === undefined)
      findings.push({ path: `line ${line}, column vm`, received: vm, expected: 'a VM of the problem, or empty' })
    if (index !== undefined) assignment[index] = vmIndex ?? unplaced
  }
  assignment.forEach((vm, task) => {
    if (vm === null)
      findings.push({
        path: 'column task',
        received: 'no line',
        expected: `a list of all tasks, ${taskId(problem, task)} included`,
      })
  })
  throwFindings('format', findings)
  return assignment as number[]
}

function indexByName(count: number, name: (index: number) => string): Map<string, number> {
  return new Map(Array.from({ length: count }, (_, index) => [name(index), index]))
}
