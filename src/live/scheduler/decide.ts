import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { functionLike, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import type { Assignment } from '../../model/assignment.ts'
import type { Problem } from '../../model/problem.ts'
import { fits } from '../../packing/fit.ts'
import { constraintsOf } from '../constraints/constraints.ts'
import { bestMachine, refusal } from './candidates.ts'
import type { LiveMachine } from './live-machine.ts'
import { planBatch } from './plan-batch.ts'
import { cheapestPreemption } from './preempt.ts'
import { requeue, type SchedulerState, start, stop, type WaitingTask } from './scheduler-state.ts'

/** A decision: this task runs on this machine from now on. */
export interface LivePlacement {
  readonly task: string
  readonly machine: string
  /** Number of this placement of the task, from 1: reports about it carry it, so that late ones are known. */
  readonly attempt: number
  readonly atSeconds: number
  /** Tasks that must leave the machine first; they wait again. */
  readonly evicts: readonly string[]
}

/** Options of a decision. */
export interface DecideOptions {
  /**
   * A batch solver for all waiting tasks at once, e.g. `(problem) => whaql(problem, { timeLimitMs: 20 })`. A task whose
   * machine has no room yet waits for it; the next decision plans anew.
   */
  readonly solve?: (problem: Problem) => { readonly assignment: Assignment }
}

const entries: OptionEntries = { solve: functionLike<NonNullable<DecideOptions['solve']>>() }

/**
 * Places waiting tasks, the most important first, of equals the one that came first. What was just placed counts at once.
 * A task that fits nowhere does not hold up those behind it.
 *
 * @throws CloudschedError `invalid-input` for a time before that of the last decision; `invalid-option`
 */
export function decide(state: SchedulerState, nowSeconds: number, options: DecideOptions = {}): LivePlacement[] {
  const { solve } = readOptions(entries, {}, options)
  if (!(Number.isFinite(nowSeconds) && nowSeconds >= state.nowSeconds)) {
    const expected = `a finite number >= ${state.nowSeconds}, the time of the last decision`
    throw new CloudschedError('invalid-input', [{ path: 'nowSeconds', received: nowSeconds, expected }])
  }
  const line = [...state.waiting.values()].sort(byUrgency)
  // It may throw, and then nothing has changed.
  const plan = solve ? planBatch(state, line, solve) : null
  state.nowSeconds = nowSeconds
  // Tasks that ask for the same fare the same, as long as nobody leaves.
  const refusedShapes = new Set<string>()
  const placements: LivePlacement[] = []
  for (const waiting of line) {
    const { shape } = waiting
    const isKnown = shape !== null && (refusedShapes.has(shape) || waiting.refusedAt === state.version)
    if (isKnown && !plan) continue
    const placement = plan
      ? placePlanned(state, waiting, plan.get(waiting.task.id), nowSeconds)
      : placeBest(state, waiting, nowSeconds)
    if (placement) {
      placements.push(placement)
      if (placement.evicts.length > 0) refusedShapes.clear()
    } else if (!plan) {
      // Under a plan only one machine was looked at: that says nothing of the others.
      waiting.refusedAt = state.version
      if (shape !== null) refusedShapes.add(shape)
    }
  }
  return placements
}

function placeBest(state: SchedulerState, waiting: WaitingTask, atSeconds: number): LivePlacement | null {
  const constraints = constraintsOf(waiting.task, state.counts, state.machines)
  const machine = bestMachine(state, waiting, constraints)
  if (machine) return place(state, waiting, machine, atSeconds, [])
  if (!state.settings.preemption || (waiting.task.priority ?? 0) <= state.lowestPriority) return null
  const preemption = cheapestPreemption(state, waiting, constraints)
  if (!preemption) return null
  for (const victim of preemption.victims) {
    stop(state, victim)
    requeue(state, victim)
  }
  const evicts = preemption.victims.map(({ task }) => task.id)
  return place(state, waiting, preemption.machine, atSeconds, evicts)
}

function placePlanned(
  state: SchedulerState,
  waiting: WaitingTask,
  machine: LiveMachine | undefined,
  atSeconds: number,
): LivePlacement | null {
  if (!machine || !fits(state.fleet.state, waiting.request, state.fleet.machineIndex(machine.id))) return null
  const constraints = constraintsOf(waiting.task, state.counts, state.machines)
  return refusal(state, waiting, constraints, machine) === null ? place(state, waiting, machine, atSeconds, []) : null
}

function place(
  state: SchedulerState,
  waiting: WaitingTask,
  machine: LiveMachine,
  atSeconds: number,
  evicts: readonly string[],
): LivePlacement {
  const { attempt } = start(state, waiting, machine, atSeconds)
  return { task: waiting.task.id, machine: machine.id, attempt, atSeconds, evicts }
}

function byUrgency(a: WaitingTask, b: WaitingTask): number {
  return (b.task.priority ?? 0) - (a.task.priority ?? 0) || a.sequence - b.sequence
}
