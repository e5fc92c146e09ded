/** What happens to a task. */
export interface TaskEvent {
  /**
   * 'computed': all work is done and the output is on its way. 'finish': the task is over. 'arrival': it is known from
   * now on. 'landing': its input or its memory has come to its VM. 'migration' and 'skipped-migration': a planned one.
   * 'start': it computes, for the first time or again.
   */
  readonly kind: 'computed' | 'finish' | 'arrival' | 'landing' | 'migration' | 'skipped-migration' | 'start'
  readonly atSeconds: number
  readonly task: number
  /** The VM it has or should go to; -1 = none. */
  readonly vm: number
}

/** What happens to a VM. */
export interface VmEvent {
  readonly kind: 'failure' | 'repair' | 'boot'
  readonly atSeconds: number
  readonly vm: number
}

/** One event of a simulation. */
export type SimulationEvent = TaskEvent | VmEvent

/** An event as the engine notes it: overwritten by the next one, so that a million events leave no garbage. */
export interface EventNote {
  kind: SimulationEvent['kind']
  task: number
  vm: number
}

export function eventOf({ kind, task, vm }: EventNote, atSeconds: number): SimulationEvent {
  if (kind === 'failure' || kind === 'repair' || kind === 'boot') return { kind, atSeconds, vm }
  return { kind, atSeconds, task, vm }
}
