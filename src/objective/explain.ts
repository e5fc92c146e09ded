import { type Assignment, checkAssignment, unplaced } from '../model/assignment.ts'
import { refusals } from '../model/eligibility.ts'
import { executionSeconds, type Problem, taskId, vmId } from '../model/problem.ts'
import type { TaskInput } from '../model/task.ts'
import type { VmInput } from '../model/vm.ts'
import type { Evaluation } from '../model/solver.ts'
import { lowerBound } from './bounds.ts'
import { evaluateUnchecked } from './evaluate.ts'
import { gapOfSchedule, readTimeWeight, type WeightOptions } from './weighted.ts'

/** One VM's part in a schedule. */
export interface VmShare {
  readonly vm: number
  readonly id: string
  readonly taskCount: number
  readonly seconds: number
  /** Seconds over the longest VM time, in [0, 1]; `null` when no VM runs. */
  readonly utilisation: number | null
  /** `null` in a problem without prices. */
  readonly cost: number | null
  /** Part of the whole cost, in [0, 1]; `null` where the cost is 0 or not defined. */
  readonly costShare: number | null
}

/** Why a schedule is worth what it is worth. */
export interface Explanation {
  readonly evaluation: Evaluation
  /** Proven lower bound on est over all complete schedules; `null` where est is not defined. */
  readonly bound: number | null
  /** exp(est - bound) - 1; `null` where one of them is, and while tasks are unplaced. */
  readonly gap: number | null
  /** The VM that decides the makespan; -1 when no VM runs. */
  readonly criticalVm: number
  /** Tasks on it, longest first. */
  readonly criticalTasks: readonly { readonly task: number; readonly id: string; readonly seconds: number }[]
  readonly vms: readonly VmShare[]
  /** Tasks without a VM. */
  readonly unplaced: readonly { readonly task: number; readonly id: string }[]
}

/**
 * Explains an assignment: the critical VM and its tasks, how time and cost split over the VMs, how far from optimal.
 *
 * @throws CloudschedError `invalid-input` for an assignment that does not belong to the problem
 */
export function explain(problem: Problem, assignment: Assignment, options: WeightOptions = {}): Explanation {
  const timeWeight = readTimeWeight(problem, options)
  checkAssignment(problem, assignment)
  const evaluation = evaluateUnchecked(problem, assignment, timeWeight)
  const { vmSeconds, timeSeconds, cost } = evaluation
  const bound = lowerBound(problem, { timeWeight }).est
  const taskCounts = new Int32Array(problem.vmCount)
  for (const vm of assignment) if (vm !== unplaced) taskCounts[vm]!++
  const criticalVm = timeSeconds > 0 ? vmSeconds.indexOf(timeSeconds) : -1
  return {
    evaluation,
    bound: evaluation.est === null ? null : bound,
    gap: gapOfSchedule(evaluation, bound),
    criticalVm,
    criticalTasks: tasksOn(problem, assignment, criticalVm),
    vms: vmSeconds.map((seconds, vm) => {
      const vmCost = problem.pricePerSecond ? problem.pricePerSecond[vm]! * seconds : null
      return {
        vm,
        id: vmId(problem, vm),
        taskCount: taskCounts[vm]!,
        seconds,
        utilisation: timeSeconds > 0 ? seconds / timeSeconds : null,
        cost: vmCost,
        costShare: vmCost === null || !cost ? null : vmCost / cost,
      }
    }),
    unplaced: assignment.flatMap((vm, task) => (vm === unplaced ? [{ task, id: taskId(problem, task) }] : [])),
  }
}

/**
 * Why a task may or may not go to each VM, before a problem is made of them: `createProblem` refuses a task that fits
 * nowhere.
 *
 * @returns one entry per VM, in order; no reasons means that the VM may take the task
 */
export function explainFit(
  task: TaskInput,
  vms: readonly VmInput[],
): { readonly vm: number; readonly id: string; readonly reasons: readonly string[] }[] {
  const { demand = {}, requiredLabels = {}, cores = 1 } = task
  return vms.map(({ id, capacity = {}, labels = {}, cores: vmCores = 1 }, vm) => ({
    vm,
    id: id ?? String(vm),
    reasons: refusals({ demand, requiredLabels, cores }, { capacity, labels, cores: vmCores }),
  }))
}

function tasksOn(
  problem: Problem,
  assignment: Assignment,
  vm: number,
): { task: number; id: string; seconds: number }[] {
  return assignment
    .flatMap((on, task) =>
      on === vm && vm !== unplaced
        ? [{ task, id: taskId(problem, task), seconds: executionSeconds(problem, task, vm) }]
        : [],
    )
    .sort((a, b) => b.seconds - a.seconds)
}
