import { type FieldRule, isAmount, isCount } from './columns.ts'

/** One virtual machine as a user states it. */
export interface VmInput {
  /** Name of the VM; its index where none is given. */
  readonly id?: string
  /** Speed of a core in million instructions per second, > 0. Not given when the times come as an ETC matrix. */
  readonly speedMips?: number
  /** Money per second of work, >= 0; 0 is a free machine. Given for all VMs or for none. */
  readonly pricePerSecond?: number
  /** What the VM has of each resource, e.g. `{ cpu: 8, memoryMib: 16384 }`. */
  readonly capacity?: Readonly<Record<string, number>>
  readonly labels?: Readonly<Record<string, string>>
  /** Number of cores, >= 1. @defaultValue 1 */
  readonly cores?: number
  /** Network speed in megabit per second, > 0. @defaultValue Infinity */
  readonly bandwidthMbps?: number
  /** Seconds from its start, at 0, until it takes tasks, >= 0. @defaultValue 0 */
  readonly bootSeconds?: number
  /** Electric power while no core is in use, >= 0. @defaultValue 0 */
  readonly idleWatts?: number
  /** Electric power while all cores are in use, >= 0. Given for all VMs or for none. */
  readonly busyWatts?: number
}

/** Many VMs as columns: the form for large input. Every column has one entry per VM. */
export interface VmColumns {
  readonly ids?: readonly string[]
  readonly speedMips?: ArrayLike<number>
  readonly pricePerSecond?: ArrayLike<number>
  readonly cores?: ArrayLike<number>
  readonly bandwidthMbps?: ArrayLike<number>
  readonly bootSeconds?: ArrayLike<number>
  readonly idleWatts?: ArrayLike<number>
  readonly busyWatts?: ArrayLike<number>
}

/** A numeric field of a VM. */
export type VmField =
  | 'speedMips'
  | 'pricePerSecond'
  | 'cores'
  | 'bandwidthMbps'
  | 'bootSeconds'
  | 'idleWatts'
  | 'busyWatts'

/** The numeric fields of a VM and their rules. */
export const vmFields: Readonly<Record<VmField, FieldRule>> = {
  speedMips: {
    rule: 'a finite number > 0',
    holds: (x) => x > 0 && x < Infinity,
    absent: null,
    hint: 'Maybe the unit is wrong: speeds are in million instructions per second (MIPS).',
  },
  pricePerSecond: {
    rule: 'a finite number >= 0',
    holds: isAmount,
    absent: null,
    hint: 'Give a price to every VM, 0 for a free one, or to none.',
  },
  cores: { rule: 'a whole number >= 1', holds: isCount, absent: 1 },
  bandwidthMbps: { rule: 'a number > 0', holds: (x) => x > 0, absent: Infinity },
  bootSeconds: { rule: 'a finite number >= 0', holds: isAmount, absent: 0 },
  idleWatts: { rule: 'a finite number >= 0', holds: isAmount, absent: 0 },
  busyWatts: {
    rule: 'a finite number >= 0',
    holds: isAmount,
    absent: null,
    hint: 'Give it to every VM or to none.',
  },
}
