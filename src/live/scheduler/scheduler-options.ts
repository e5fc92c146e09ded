import { functionLike, integerIn, type OptionEntries, readOptions, trueOrFalse } from '../../errors/read-options.ts'
import { type PlacementRule, worstFit } from '../../packing/placement-rule.ts'
import type { LiveMachine } from './live-machine.ts'
import type { LiveTask } from './live-task.ts'

/** Options of `createScheduler`. */
export interface SchedulerOptions {
  /** How the machines that fit are ranked, lowest first. @defaultValue `worstFit`: load is spread; `bestFit` packs */
  readonly rule?: PlacementRule
  /** A user's own constraint: the reason for which the machine must not take the task, or `null`. */
  readonly filter?: (task: LiveTask, machine: LiveMachine) => string | null
  /** A user's own preference, added to those of the task; 1 outweighs one resource from empty to full. */
  readonly score?: (task: LiveTask, machine: LiveMachine) => number
  /** Whether a task that fits nowhere may push tasks of lower priority off a machine. @defaultValue true */
  readonly preemption?: boolean
  /** Machines that are looked at closely for a preemption, >= 1. @defaultValue 100 */
  readonly preemptionCandidates?: number
  /** Times a task is tried before a failure ends it, >= 1. @defaultValue 5 */
  readonly maxAttempts?: number
  /** Ended tasks that are remembered, so that a late repetition of their submission is known as one. @defaultValue 100000 */
  readonly remembered?: number
  /** The resource that comes in devices (see `createFleet`). @defaultValue 'gpu' */
  readonly devices?: string
}

/** Options in force. */
export type SchedulerSettings = Required<Omit<SchedulerOptions, 'filter' | 'score'>> &
  Pick<SchedulerOptions, 'filter' | 'score'>

/** Defaults of `createScheduler`. */
export const schedulerDefaults: Readonly<Required<Omit<SchedulerOptions, 'filter' | 'score'>>> = Object.freeze({
  rule: worstFit,
  preemption: true,
  preemptionCandidates: 100,
  maxAttempts: 5,
  remembered: 100_000,
  devices: 'gpu',
})

const entries: OptionEntries = {
  rule: functionLike<PlacementRule>(),
  filter: functionLike<NonNullable<SchedulerOptions['filter']>>(),
  score: functionLike<NonNullable<SchedulerOptions['score']>>(),
  preemption: trueOrFalse,
  preemptionCandidates: integerIn(1),
  maxAttempts: integerIn(1),
  remembered: integerIn(0, 1e9),
  devices: { accepts: (x) => typeof x === 'string' && x !== '', rule: 'the name of a resource' },
}

/** @throws CloudschedError `invalid-option` with every finding at once */
export function readSchedulerOptions(options: SchedulerOptions): SchedulerSettings {
  return readOptions(entries, schedulerDefaults, options)
}
