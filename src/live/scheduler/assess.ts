import { throwFindings } from '../../errors/cloudsched-error.ts'
import { describeRefusal } from '../../packing/fit.ts'
import { constraintsOf } from '../constraints/constraints.ts'
import { refusal, scorerOf } from './candidates.ts'
import { checkLiveTask, type LiveTask } from './live-task.ts'
import { type SchedulerState, waitingTask } from './scheduler-state.ts'

/** How a machine would take a task. */
export interface MachineAssessment {
  readonly machine: string
  /** Why it would not; empty where it would. */
  readonly reasons: readonly string[]
  /** Rank among those that would, lowest first; `null` where it would not. */
  readonly score: number | null
}

/** Holds a task against machines without placing it. */
export function assess(
  state: SchedulerState,
  task: LiveTask,
  machines: Iterable<string> = state.machines.keys(),
): MachineAssessment[] {
  throwFindings('invalid-input', checkLiveTask(task))
  const candidate = waitingTask(state, task, state.sequence, 0)
  const constraints = constraintsOf(task, state.counts, state.machines)
  const score = scorerOf(state, candidate, constraints)
  const assessments: MachineAssessment[] = []
  for (const id of machines) {
    const machine = state.machines.get(id)
    if (!machine) continue
    const index = state.fleet.machineIndex(id)
    const forbidden = refusal(state, candidate, constraints, machine)
    const short = state.fleet.fits(candidate.request, index) ? [] : state.fleet.refusals(candidate.request, index)
    const reasons = [...(forbidden ? [forbidden] : []), ...short.map(describeRefusal)]
    assessments.push({ machine: id, reasons, score: reasons.length === 0 ? score(index, machine) : null })
  }
  return assessments
}
