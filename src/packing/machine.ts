import type { Finding } from '../errors/cloudsched-error.ts'
import { isRecord } from '../errors/is-record.ts'
import { vmFields, type VmInput } from '../model/vm.ts'
import { checkAmounts, checkId, checkKeys, checkLabels } from './checks.ts'

/**
 * A machine as a user states it: `capacity` of each resource, `labels`. The device resource (`gpu` where the fleet names
 * no other) is a whole number of devices. Fields of a VM that say nothing about packing are let pass.
 */
export interface MachineInput extends VmInput {
  /** Name of the machine; its index where none is given. */
  readonly id?: string
  /** What it has of each resource, e.g. `{ cpu: 32, memoryMib: 131072, gpu: 4 }`; of one that is not named it has none. */
  readonly capacity: Readonly<Record<string, number>>
  readonly labels?: Readonly<Record<string, string>>
}

const knownKeys = ['id', 'capacity', 'labels', ...Object.keys(vmFields)]

/** The rules of a machine that are broken, each as a finding. */
export function checkMachine(machine: unknown, path: string, devices: string): Finding[] {
  if (!isRecord(machine)) return [{ path, received: machine, expected: 'an object' }]
  const { id, capacity, labels } = machine
  const findings = [
    ...checkKeys(machine, knownKeys, path),
    ...checkId(id, `${path}.id`),
    ...checkAmounts(capacity, `${path}.capacity`),
    ...(labels === undefined ? [] : checkLabels(labels, `${path}.labels`, 'a string', (x) => typeof x === 'string')),
  ]
  const count = isRecord(capacity) ? capacity[devices] : undefined
  if (typeof count === 'number' && count >= 0 && !Number.isInteger(count)) {
    const hint = `'${devices}' is counted in devices; name another resource as options.devices if it can be divided freely.`
    findings.push({ path: `${path}.capacity.${devices}`, received: count, expected: 'a whole number of devices', hint })
  }
  return findings
}
