import type { Finding } from '../../errors/cloudsched-error.ts'
import type { Taint } from '../constraints/taints.ts'
import { isRecordOfStrings } from './live-task.ts'

/** A machine that tasks are placed on. */
export interface LiveMachine {
  readonly id: string
  /** What it has of each resource, all of it, whether in use or not. */
  readonly capacity: Readonly<Record<string, number>>
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: readonly Taint[]
  /** Counts the statements about this machine: one with a lower or the same number came late and is refused. */
  readonly version?: number
  /** Speed in million instructions per second, > 0: only batch solvers ask for it. @defaultValue 1 */
  readonly speedMips?: number
  /** Money per second of work, >= 0: only batch solvers ask for it. */
  readonly pricePerSecond?: number
}

const known: readonly (keyof LiveMachine)[] = [
  'id',
  'capacity',
  'labels',
  'taints',
  'version',
  'speedMips',
  'pricePerSecond',
]
const effects: ReadonlySet<unknown> = new Set(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])

/** The broken rules of a machine that the fleet does not check (it checks its capacity). */
export function checkLiveMachine(machine: LiveMachine): Finding[] {
  if (typeof machine !== 'object' || machine === null) {
    return [{ path: 'machine', received: machine, expected: 'an object' }]
  }
  const findings: Finding[] = []
  const rule = (name: keyof LiveMachine, holds: boolean, expected: string): void => {
    if (!holds) findings.push({ path: `machine.${name}`, received: machine[name], expected })
  }
  const { id, labels = {}, taints = [], version = 0, speedMips = 1, pricePerSecond = 0 } = machine
  rule('id', typeof id === 'string' && id !== '', 'a string that is not empty')
  rule('labels', isRecordOfStrings(labels), 'an object of strings')
  rule('taints', Array.isArray(taints) && taints.every(isTaint), 'a list of { key, value, effect }')
  rule('version', Number.isFinite(version), 'a finite number')
  rule('speedMips', Number.isFinite(speedMips) && speedMips > 0, 'a finite number > 0')
  rule('pricePerSecond', Number.isFinite(pricePerSecond) && pricePerSecond >= 0, 'a finite number >= 0')
  for (const key of Object.keys(machine)) {
    if ((known as readonly string[]).includes(key)) continue
    findings.push({ path: `machine.${key}`, received: key, expected: `one of the known fields: ${known.join(', ')}` })
  }
  return findings
}

function isTaint(taint: Taint): boolean {
  return typeof taint === 'object' && taint !== null && typeof taint.key === 'string' && effects.has(taint.effect)
}
