import { type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { isRecord } from '../errors/is-record.ts'
import { type TaskInput, taskFields } from '../model/task.ts'
import { toMillionths, wholeDevice } from './amount.ts'
import { checkAmounts, checkId, checkKeys, checkLabels } from './checks.ts'
import type { Vocabulary } from './vocabulary.ts'

/** A task as a user states it. Fields of a task that say nothing about packing are let pass. */
export interface PackingTask extends TaskInput {
  /** Tasks of one group, e.g. of one service, are counted together by `maxPerMachine`. */
  readonly group?: string
  /**
   * Most tasks of its group on the machine that has it, itself included, as long as it is there; a whole number >= 1.
   * @defaultValue Infinity
   */
  readonly maxPerMachine?: number
}

/** A checked task, ready to be held against machines: amounts in millionths, names in the order they were given. */
export interface Request {
  readonly resources: readonly string[]
  /** Millionths of each resource. The device resource is among them, as its total. */
  readonly amounts: Float64Array
  /** Millionths of one device that are asked for, where less than a whole one is; else 0. */
  readonly deviceShare: number
  /** Whole devices that are asked for. */
  readonly deviceCount: number
  /** Each label with the values that are accepted. */
  readonly labels: readonly (readonly [label: string, values: readonly string[]])[]
  readonly group: string | null
  readonly maxPerMachine: number
  /** Where a fleet keeps these names; looked up again when the fleet learns new ones. */
  places: RequestPlaces | null
}

/** The names of a request as indices of one fleet; -1 where it has no such name. */
export interface RequestPlaces {
  readonly vocabulary: Vocabulary
  readonly resources: Int32Array
  readonly labels: readonly { readonly label: number; readonly values: readonly number[] }[]
}

const knownKeys = ['id', 'demand', 'requiredLabels', 'group', 'maxPerMachine', ...Object.keys(taskFields)]

/**
 * Checks a task and brings it into the form that machines are held against.
 *
 * @param devices - the resource that comes in devices
 * @throws CloudschedError `invalid-input` with every finding at once
 */
export function createRequest(task: PackingTask, devices: string, path: string = 'task'): Request {
  throwFindings('invalid-input', checkTask(task, path, devices))
  const { demand = {}, requiredLabels = {}, group = null, maxPerMachine = Infinity } = task
  // A demand of 0 asks for nothing, not even that the machine knows the resource.
  const asked = Object.entries(demand)
    .map(([resource, amount]) => [resource, toMillionths(amount)] as const)
    .filter(([, amount]) => amount > 0)
  const device = asked.find(([resource]) => resource === devices)?.[1] ?? 0
  return {
    resources: asked.map(([resource]) => resource),
    amounts: Float64Array.from(asked, ([, amount]) => amount),
    deviceShare: device < wholeDevice ? device : 0,
    deviceCount: device < wholeDevice ? 0 : device / wholeDevice,
    labels: Object.entries(requiredLabels).map(([label, wanted]) => [
      label,
      typeof wanted === 'string' ? [wanted] : [...wanted],
    ]),
    group,
    maxPerMachine,
    places: null,
  }
}

/** The rules of a task that are broken, each as a finding. */
export function checkTask(task: unknown, path: string, devices: string): Finding[] {
  if (!isRecord(task)) return [{ path, received: task, expected: 'an object' }]
  const { id, demand, requiredLabels, group, maxPerMachine } = task
  const findings = [
    ...checkKeys(task, knownKeys, path),
    ...checkId(id, `${path}.id`),
    ...checkId(group, `${path}.group`),
    ...(demand === undefined ? [] : checkAmounts(demand, `${path}.demand`)),
    ...(requiredLabels === undefined ? [] : checkLabels(requiredLabels, `${path}.requiredLabels`, labelRule, isWanted)),
  ]
  const device = isRecord(demand) ? demand[devices] : undefined
  if (typeof device === 'number' && device > 1 && !Number.isInteger(device)) {
    findings.push({
      path: `${path}.demand.${devices}`,
      received: device,
      expected: 'a share of one device (at most 1), or a whole number of devices',
    })
  }
  if (
    maxPerMachine !== undefined &&
    maxPerMachine !== Infinity &&
    !(Number(maxPerMachine) >= 1 && Number.isInteger(maxPerMachine))
  ) {
    findings.push({
      path: `${path}.maxPerMachine`,
      received: maxPerMachine,
      expected: 'a whole number >= 1, or Infinity',
    })
  } else if (maxPerMachine !== undefined && group === undefined) {
    findings.push({ path: `${path}.group`, received: group, expected: 'given where maxPerMachine is' })
  }
  return findings
}

const labelRule = 'a string or a list of strings'

function isWanted(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((x) => typeof x === 'string'))
}
