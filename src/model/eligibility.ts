import type { Finding } from '../errors/cloudsched-error.ts'

/** What a task asks of the VM that takes it. */
export interface Requirements {
  readonly demand: Readonly<Record<string, number>>
  readonly requiredLabels: Readonly<Record<string, string | readonly string[]>>
  readonly cores: number
}

/** What a VM has to offer. */
export interface Offer {
  readonly capacity: Readonly<Record<string, number>>
  readonly labels: Readonly<Record<string, string>>
  readonly cores: number
}

/** Tasks with the same requirements form a class, and share one list of VMs. */
export interface EligibilityClass {
  readonly requirements: Requirements
  /** VMs that may take these tasks, ascending. */
  readonly vms: Int32Array
  /** 1 where the VM may take these tasks, one entry per VM. */
  readonly allowed: Uint8Array
}

/** Which VM may take which task; a problem where every VM may take every task has none. */
export interface Eligibility {
  /** Class of each task. */
  readonly classOf: Int32Array
  readonly classes: readonly EligibilityClass[]
  readonly offers: readonly Offer[]
}

/** Why a VM may not take a task, a reason per broken requirement; empty when it may. */
export function refusals(task: Requirements, vm: Offer): string[] {
  const reasons: string[] = []
  for (const [resource, needed] of Object.entries(task.demand)) {
    const has = vm.capacity[resource]
    if (has === undefined) {
      if (needed > 0) reasons.push(`needs ${needed} ${resource}, the VM states none`)
    } else if (needed > has) reasons.push(`needs ${needed} ${resource}, the VM has ${has}`)
  }
  for (const [label, wanted] of Object.entries(task.requiredLabels)) {
    const values = typeof wanted === 'string' ? [wanted] : wanted
    const carried = vm.labels[label]
    if (carried === undefined || !values.includes(carried)) {
      reasons.push(
        `needs label ${label} = ${values.join(' or ')}, the VM has ${carried === undefined ? 'no such label' : carried}`,
      )
    }
  }
  if (task.cores > vm.cores) reasons.push(`needs ${task.cores} cores, the VM has ${vm.cores}`)
  return reasons
}

/**
 * Sorts the tasks into classes of equal requirements. A time of Infinity in the ETC matrix keeps a task off a VM.
 *
 * @param etc - row-major task x VM matrix of seconds, or null
 * @returns null when every VM may take every task
 */
export function createEligibility(
  tasks: readonly Requirements[] | null,
  taskCount: number,
  offers: readonly Offer[],
  etc: Float64Array | null,
): Eligibility | null {
  const hasForbiddenTimes = etc !== null && etc.includes(Infinity)
  if (tasks === null && !hasForbiddenTimes) return null
  const classOf = new Int32Array(taskCount)
  const classes: EligibilityClass[] = []
  const classByKey = new Map<string, number>()
  for (let i = 0; i < taskCount; i++) {
    const requirements = tasks?.[i] ?? noRequirements
    const times = hasForbiddenTimes ? etc.subarray(i * offers.length, (i + 1) * offers.length) : null
    const key = keyOf(requirements, times)
    let index = classByKey.get(key)
    if (index === undefined) {
      index = classes.length
      classes.push(createClass(requirements, times, offers))
      classByKey.set(key, index)
    }
    classOf[i] = index
  }
  return classes.every(({ vms }) => vms.length === offers.length) ? null : { classOf, classes, offers }
}

/** Why a VM may not take a task, as one clause; for a pair that is not eligible. */
export function whyIneligible({ classOf, classes, offers }: Eligibility, task: number, vm: number): string {
  return reasonAgainst(classes[classOf[task]!]!.requirements, offers[vm]!)
}

/** A finding for each task (of the first 20) that no VM may take, with the VMs' reasons. */
export function findUnplaceable({ classOf, classes, offers }: Eligibility): Finding[] {
  const findings: Finding[] = []
  classOf.forEach((index, task) => {
    const { requirements, vms } = classes[index]!
    if (vms.length > 0 || findings.length === 20) return
    findings.push({
      path: `tasks[${task}]`,
      received: requirements,
      expected: 'runnable on at least one VM',
      hint: `Refused by ${refusalsOf(requirements, offers)}.`,
    })
  })
  return findings
}

/** Reasons with the VMs that have them, three reasons at most: a fleet of equal VMs is told once. */
function refusalsOf(task: Requirements, offers: readonly Offer[]): string {
  const vmsByReason = new Map<string, number[]>()
  offers.forEach((offer, vm) => {
    const reason = reasonAgainst(task, offer)
    const vms = vmsByReason.get(reason)
    if (vms) vms.push(vm)
    else vmsByReason.set(reason, [vm])
  })
  const groups = Array.from(
    vmsByReason,
    ([reason, [vm, ...others]]) => `vms[${vm}]${others.length > 0 ? ` and ${others.length} more` : ''}: ${reason}`,
  )
  return groups.length > 3 ? `${groups.slice(0, 3).join(', ')}, and others` : groups.join(', ')
}

function reasonAgainst(task: Requirements, vm: Offer): string {
  return refusals(task, vm).join('; ') || 'its time is Infinity'
}

export const noRequirements: Requirements = { demand: {}, requiredLabels: {}, cores: 1 }

function createClass(
  requirements: Requirements,
  times: Float64Array | null,
  offers: readonly Offer[],
): EligibilityClass {
  const allowed = Uint8Array.from(offers, (offer, vm) =>
    times?.[vm] !== Infinity && refusals(requirements, offer).length === 0 ? 1 : 0,
  )
  const vms = Int32Array.from(offers.keys()).filter((vm) => allowed[vm] === 1)
  return { requirements, vms, allowed }
}

function keyOf({ demand, requiredLabels, cores }: Requirements, times: Float64Array | null): string {
  const forbidden = times ? Array.from(times, (time) => (time === Infinity ? '1' : '0')).join('') : ''
  return JSON.stringify([sortedEntries(demand), sortedEntries(requiredLabels), cores, forbidden])
}

function sortedEntries(record: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
}
