import type { Problem } from '../model/problem.ts'

/** Electric energy of a schedule. */
export interface Energy {
  readonly totalJoules: number
  /** Joules of each VM. */
  readonly vmJoules: readonly number[]
}

/**
 * Energy by the linear power model (Fan, Weber, Barroso, Power provisioning for a warehouse-sized computer, ISCA 2007):
 * a VM draws `idleWatts` while it is switched on and in addition (busyWatts - idleWatts) times the part of its cores in
 * use. It is on from 0 to the end of the schedule, less the time it is broken down.
 *
 * @returns `null` when no VM states `busyWatts`
 */
export function energy(
  { vmColumns }: Problem,
  schedule: {
    readonly coreSeconds: readonly number[]
    readonly downSeconds: readonly number[]
    readonly endSeconds: number
  },
): Energy | null {
  const { idleWatts, busyWatts, cores } = vmColumns
  if (!busyWatts) return null
  const vmJoules = schedule.coreSeconds.map((used, vm) => {
    const idle = idleWatts?.[vm] ?? 0
    return (
      idle * (schedule.endSeconds - schedule.downSeconds[vm]!) + (busyWatts[vm]! - idle) * (used / (cores?.[vm] ?? 1))
    )
  })
  return { totalJoules: vmJoules.reduce((sum, joules) => sum + joules, 0), vmJoules }
}
