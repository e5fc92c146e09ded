import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { describeRefusal } from '../../packing/fit.ts'
import { constraintsOf } from '../constraints/constraints.ts'
import { refusal } from './candidates.ts'
import type { Ending, SchedulerState } from './scheduler-state.ts'

/** Where a task is, and why. */
export type LiveExplanation =
  | {
      readonly state: 'waiting'
      /** Times it has been placed so far. */
      readonly attempts: number
      /** Machines that would take it now: more than 0 only before the next decision. */
      readonly fitting: number
      /** Why each machine does not take it now: every reason of a machine, as a clause about it. */
      readonly refusals: readonly { readonly machine: string; readonly reasons: readonly string[] }[]
    }
  | {
      readonly state: 'running'
      readonly machine: string
      readonly attempt: number
      readonly placedSeconds: number
      readonly hasStarted: boolean
    }
  | { readonly state: Ending }

/** @throws CloudschedError `invalid-input` for an id that is not remembered */
export function explain(state: SchedulerState, id: string): LiveExplanation {
  const running = state.running.get(id)
  if (running) {
    const { machine, attempt, placedSeconds, hasStarted } = running
    return { state: 'running', machine, attempt, placedSeconds, hasStarted }
  }
  const ending = state.ended.get(id)
  if (ending) return { state: ending }
  const waiting = state.waiting.get(id)
  if (!waiting) {
    throw new CloudschedError('invalid-input', [{ path: 'id', received: id, expected: 'that of a task that is known' }])
  }
  const { fleet } = state
  const constraints = constraintsOf(waiting.task, state.counts, state.machines)
  const verdicts = state.table.flatMap((machine, index) => {
    if (!machine) return []
    const forbidden = refusal(state, waiting, constraints, machine)
    const reasons = fleet.refusals(waiting.request, index).map(describeRefusal)
    return [{ machine: machine.id, reasons: forbidden ? [forbidden, ...reasons] : reasons }]
  })
  const refusals = verdicts.filter(({ reasons }) => reasons.length > 0)
  return { state: 'waiting', attempts: waiting.attempts, fitting: verdicts.length - refusals.length, refusals }
}
