import { CloudschedError, type Finding } from '../../errors/cloudsched-error.ts'
import { isRecord } from '../../errors/is-record.ts'
import type { Affinity, TopologySpreadConstraint } from '../constraints/affinity.ts'
import type { Toleration } from '../constraints/taints.ts'

/** A task in a stream. Constraints are spelt as Kubernetes spells them. */
export interface LiveTask {
  /** Unique among all tasks that the scheduler remembers. */
  readonly id: string
  /** What it needs of each resource, e.g. `{ cpu: 2, memoryMib: 4096, gpu: 0.5 }`. @defaultValue nothing */
  readonly demand?: Readonly<Record<string, number>>
  /** Labels that a machine must carry; a list allows any of its values. */
  readonly requiredLabels?: Readonly<Record<string, string | readonly string[]>>
  /** Its own labels, by which selectors mean it. */
  readonly labels?: Readonly<Record<string, string>>
  /** Higher goes first, and may push lower ones off a machine. @defaultValue 0 */
  readonly priority?: number
  /** Whether a task of higher priority may push it off its machine. @defaultValue true */
  readonly preemptible?: boolean
  /** What it costs to move it once it runs, >= 0, in any one unit for all tasks. @defaultValue 1 */
  readonly migrationCost?: number
  readonly tolerations?: readonly Toleration[]
  readonly affinity?: Affinity
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[]
  /** Work in million instructions, > 0: only batch solvers ask for it. */
  readonly lengthMi?: number
}

const known: readonly (keyof LiveTask)[] = [
  'id',
  'demand',
  'requiredLabels',
  'labels',
  'priority',
  'preemptible',
  'migrationCost',
  'tolerations',
  'affinity',
  'topologySpreadConstraints',
  'lengthMi',
]

/** The broken rules of a task that the fleet does not check (it checks the demand). */
export function checkLiveTask(task: LiveTask): Finding[] {
  if (typeof task !== 'object' || task === null) return [{ path: 'task', received: task, expected: 'an object' }]
  const findings: Finding[] = []
  const rule = (name: keyof LiveTask, holds: boolean, expected: string): void => {
    if (!holds) findings.push({ path: `task.${name}`, received: task[name], expected })
  }
  const { id, priority = 0, preemptible = true, migrationCost = 0, lengthMi = 1, labels = {} } = task
  rule('id', typeof id === 'string' && id !== '', 'a string that is not empty')
  rule('priority', Number.isFinite(priority), 'a finite number')
  rule('preemptible', typeof preemptible === 'boolean', 'true or false')
  rule('migrationCost', Number.isFinite(migrationCost) && migrationCost >= 0, 'a finite number >= 0')
  rule('lengthMi', Number.isFinite(lengthMi) && lengthMi > 0, 'a finite number > 0')
  rule('labels', isRecordOfStrings(labels), 'an object of strings')
  rule('requiredLabels', isRecordOfChoices(task.requiredLabels ?? {}), 'an object of strings or lists of strings')
  rule('tolerations', Array.isArray(task.tolerations ?? []), 'a list of tolerations')
  rule('affinity', typeof (task.affinity ?? {}) === 'object', 'an object')
  const spreads = task.topologySpreadConstraints ?? []
  const spreadRule = 'a list of constraints, each with maxSkew >= 1, topologyKey, whenUnsatisfiable and labelSelector'
  rule('topologySpreadConstraints', Array.isArray(spreads) && spreads.every(isSpread), spreadRule)
  for (const key of Object.keys(task)) {
    if ((known as readonly string[]).includes(key)) continue
    findings.push({ path: `task.${key}`, received: key, expected: `one of the known fields: ${known.join(', ')}` })
  }
  return findings
}

/** @throws CloudschedError `invalid-input` for anything but a string that is not empty */
export function checkTaskId(id: unknown): asserts id is string {
  if (typeof id === 'string' && id !== '') return
  throw new CloudschedError('invalid-input', [{ path: 'id', received: id, expected: 'a string that is not empty' }])
}

function isRecordOfChoices(value: unknown): boolean {
  return (
    isRecord(value) && Object.values(value).every((entry) => [entry].flat().every((text) => typeof text === 'string'))
  )
}

export function isRecordOfStrings(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((entry) => typeof entry === 'string')
}

function isSpread(constraint: TopologySpreadConstraint): boolean {
  return (
    typeof constraint === 'object' &&
    constraint !== null &&
    constraint.maxSkew >= 1 &&
    typeof constraint.topologyKey === 'string' &&
    ['DoNotSchedule', 'ScheduleAnyway'].includes(constraint.whenUnsatisfiable) &&
    typeof constraint.labelSelector === 'object'
  )
}
