import { CloudschedError, type Finding, throwFindings } from '../../errors/cloudsched-error.ts'

/** What a machine says of itself. */
export interface ObservedMachine {
  readonly id: string
  /** All it has of each resource. */
  readonly capacity: Readonly<Record<string, number>>
  /** When it last said anything. @defaultValue the time of the observation */
  readonly heardSeconds?: number
}

/** A running task as it was measured. */
export interface ObservedTask {
  readonly id: string
  readonly machine: string
  /** What it uses of each resource, mean over the step. */
  readonly use: Readonly<Record<string, number>>
  /** Any figure that grows as long as its work gets on, e.g. requests served. @defaultValue not known */
  readonly progress?: number
  /** Number of its present placement: with a new one its progress is counted anew. @defaultValue 1 */
  readonly attempt?: number
  /** What it costs to move it, >= 0. @defaultValue 1 */
  readonly migrationCost?: number
}

/** All that is measured at one step. */
export interface Observation {
  readonly nowSeconds: number
  readonly machines: readonly ObservedMachine[]
  readonly tasks: readonly ObservedTask[]
}

/**
 * @throws CloudschedError `invalid-input` with every finding at once: a time that runs backwards, amounts that are negative
 *   or no numbers, ids that stand twice, tasks on machines that are not observed, use of what a machine does not have
 */
export function checkObservation({ nowSeconds, machines, tasks }: Observation, lastSeconds: number): void {
  const findings: Finding[] = []
  if (!(Number.isFinite(nowSeconds) && nowSeconds >= lastSeconds)) {
    const expected = `a finite number >= ${lastSeconds}, the time of the last observation`
    throw new CloudschedError('invalid-input', [{ path: 'observation.nowSeconds', received: nowSeconds, expected }])
  }
  const ids = new Map<string, Readonly<Record<string, number>>>()
  machines.forEach(({ id, capacity, heardSeconds = nowSeconds }, k) => {
    const path = `observation.machines[${k}]`
    if (ids.has(id)) findings.push({ path: `${path}.id`, received: id, expected: 'unique' })
    ids.set(id, capacity)
    if (!Number.isFinite(heardSeconds)) {
      findings.push({ path: `${path}.heardSeconds`, received: heardSeconds, expected: 'a finite number' })
    }
    findings.push(...amounts(capacity, `${path}.capacity`))
  })
  const seen = new Set<string>()
  tasks.forEach(({ id, machine, use, progress = 0, migrationCost = 0 }, k) => {
    const path = `observation.tasks[${k}]`
    if (seen.has(id)) findings.push({ path: `${path}.id`, received: id, expected: 'unique' })
    seen.add(id)
    if (!ids.has(machine)) {
      findings.push({ path: `${path}.machine`, received: machine, expected: 'the id of an observed machine' })
    }
    findings.push(...amounts(use, `${path}.use`))
    const unknown = Object.keys(use).find((name) => use[name]! > 0 && !(name in (ids.get(machine) ?? use)))
    if (unknown) {
      const expected = `of a resource that ${machine} states a capacity of`
      findings.push({ path: `${path}.use.${unknown}`, received: use[unknown], expected })
    }
    findings.push(...amounts({ migrationCost }, path))
    if (!Number.isFinite(progress)) {
      findings.push({ path: `${path}.progress`, received: progress, expected: 'a finite number' })
    }
  })
  throwFindings('invalid-input', findings)
}

function amounts(record: Readonly<Record<string, number>>, path: string): Finding[] {
  return Object.entries(record)
    .filter(([, amount]) => !(Number.isFinite(amount) && amount >= 0))
    .map(([name, received]) => ({ path: `${path}.${name}`, received, expected: 'a finite number >= 0' }))
}

/** What the tasks on each observed machine use of each resource. */
export function useByMachine({ machines, tasks }: Observation): Map<string, Record<string, number>> {
  const sums = new Map<string, Record<string, number>>(machines.map(({ id }) => [id, {}]))
  for (const { machine, use } of tasks) {
    const sum = sums.get(machine)!
    for (const [resource, amount] of Object.entries(use)) sum[resource] = (sum[resource] ?? 0) + amount
  }
  return sums
}

/** The fullest resource of a machine, as a share of its capacity; Infinity where something is used that it does not have. */
export function loadOf(use: Readonly<Record<string, number>>, capacity: Readonly<Record<string, number>>): number {
  let load = 0
  for (const [resource, amount] of Object.entries(use)) {
    if (amount > 0) load = Math.max(load, amount / (capacity[resource] ?? 0))
  }
  return load
}
