import { type FieldRule, isAmount, isCount } from './columns.ts'

/** One task as a user states it. All times are in seconds, sizes in the unit the name gives. */
export interface TaskInput {
  /** Name of the task; its index where none is given. */
  readonly id?: string
  /** Work in million instructions, > 0. Not given when the times come as an ETC matrix. */
  readonly lengthMi?: number
  /** What the task needs of each resource, e.g. `{ cpu: 2, memoryMib: 4096 }`; a VM that has less may not take it. */
  readonly demand?: Readonly<Record<string, number>>
  /** Labels that a VM must carry to take the task; a list allows any of its values. */
  readonly requiredLabels?: Readonly<Record<string, string | readonly string[]>>
  /** Number of cores it runs on at once, >= 1. @defaultValue 1 */
  readonly cores?: number
  /** When it becomes known, >= 0. @defaultValue 0 */
  readonly arrivalSeconds?: number
  /** When it should be finished, >= 0. @defaultValue Infinity */
  readonly deadlineSeconds?: number
  /** Data moved to the VM before it starts, >= 0. */
  readonly inputMegabytes?: number
  /** Data moved from the VM after it ends, >= 0. */
  readonly outputMegabytes?: number
  /** Memory that moves with it when it changes its VM, >= 0. @defaultValue 0 */
  readonly memoryMegabytes?: number
}

/** Many tasks as columns: the form for large input. Every column has one entry per task. */
export interface TaskColumns {
  readonly ids?: readonly string[]
  readonly lengthMi?: ArrayLike<number>
  readonly cores?: ArrayLike<number>
  readonly arrivalSeconds?: ArrayLike<number>
  readonly deadlineSeconds?: ArrayLike<number>
  readonly inputMegabytes?: ArrayLike<number>
  readonly outputMegabytes?: ArrayLike<number>
  readonly memoryMegabytes?: ArrayLike<number>
}

/** A numeric field of a task. */
export type TaskField =
  | 'lengthMi'
  | 'cores'
  | 'arrivalSeconds'
  | 'deadlineSeconds'
  | 'inputMegabytes'
  | 'outputMegabytes'
  | 'memoryMegabytes'

/** The numeric fields of a task and their rules. */
export const taskFields: Readonly<Record<TaskField, FieldRule>> = {
  lengthMi: {
    rule: 'a finite number > 0',
    holds: (x) => x > 0 && x < Infinity,
    absent: null,
    hint: 'Maybe the unit is wrong: lengths are in million instructions (MI).',
  },
  cores: { rule: 'a whole number >= 1', holds: isCount, absent: 1 },
  arrivalSeconds: { rule: 'a finite number >= 0', holds: isAmount, absent: 0 },
  deadlineSeconds: { rule: 'a number >= 0', holds: (x) => x >= 0, absent: Infinity },
  inputMegabytes: { rule: 'a finite number >= 0', holds: isAmount, absent: 0 },
  outputMegabytes: { rule: 'a finite number >= 0', holds: isAmount, absent: 0 },
  memoryMegabytes: { rule: 'a finite number >= 0', holds: isAmount, absent: 0 },
}
