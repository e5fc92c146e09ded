import type { Problem } from '../model/problem.ts'
import type { PlannedMigration, SimulationSettings } from './simulate-options.ts'

/** A change of a VM that is known beforehand. */
export interface VmChange {
  readonly kind: 'failure' | 'repair' | 'boot'
  readonly atSeconds: number
  readonly vm: number
  /** A failure that is never repaired. */
  readonly isFinal: boolean
}

/** All that is known to happen before the simulation starts, each list in the order in which it happens. */
export interface Calendar {
  /** `null`: all tasks arrive at 0. */
  readonly arrivalSeconds: Float64Array | null
  /** Tasks by arrival, then index; `null`: in task order. */
  readonly arrivalOrder: Int32Array | null
  readonly vmChanges: readonly VmChange[]
  readonly migrations: readonly PlannedMigration[]
}

/** At one instant a VM fails before it is repaired or has booted. */
const changeOrder = { failure: 0, repair: 1, boot: 2 }

export function createCalendar(problem: Problem, { failures, migrations }: SimulationSettings): Calendar {
  const arrivalSeconds = problem.taskColumns.arrivalSeconds ?? null
  return {
    arrivalSeconds,
    arrivalOrder: arrivalSeconds && !isAscending(arrivalSeconds) ? orderOf(arrivalSeconds) : null,
    vmChanges: [
      ...failures.flatMap(({ vm, atSeconds, repairSeconds }) => [
        { kind: 'failure' as const, atSeconds, vm, isFinal: repairSeconds === null },
        ...(repairSeconds === null
          ? []
          : [{ kind: 'repair' as const, atSeconds: atSeconds + repairSeconds, vm, isFinal: false }]),
      ]),
      ...Array.from(problem.vmColumns.bootSeconds ?? [], (atSeconds, vm) => ({
        kind: 'boot' as const,
        atSeconds,
        vm,
        isFinal: false,
      })).filter(({ atSeconds }) => atSeconds > 0),
    ].sort((a, b) => a.atSeconds - b.atSeconds || changeOrder[a.kind] - changeOrder[b.kind] || a.vm - b.vm),
    migrations: migrations.toSorted((a, b) => a.atSeconds - b.atSeconds || a.task - b.task),
  }
}

/** The task at one place of the order of arrival. */
export function arrivalOf({ arrivalOrder }: Calendar, place: number): number {
  return arrivalOrder ? arrivalOrder[place]! : place
}

/** When that task arrives. */
export function arrivalAt(calendar: Calendar, place: number): number {
  return calendar.arrivalSeconds ? calendar.arrivalSeconds[arrivalOf(calendar, place)]! : 0
}

function isAscending(values: Float64Array): boolean {
  return values.every((value, index) => index === 0 || values[index - 1]! <= value)
}

function orderOf(seconds: Float64Array): Int32Array {
  return Int32Array.from(seconds.keys()).sort((a, b) => seconds[a]! - seconds[b]! || a - b)
}
