import { fromMillionths, wholeDevice } from './amount.ts'
import type { FleetState } from './fleet-state.ts'
import type { Request } from './request.ts'
import { placesOf } from './vocabulary.ts'

/** Why a machine does not take a task. Amounts are in the unit of the resource. */
export type Refusal =
  /** Too little of a resource is free. */
  | { readonly kind: 'resource'; readonly resource: string; readonly needed: number; readonly free: number }
  /** Enough is free in sum, but no single device has the share, or not so many devices are wholly free. */
  | { readonly kind: 'fragmented'; readonly resource: string; readonly needed: number; readonly usable: number }
  /** It does not carry the label, or another value of it (`has`). */
  | { readonly kind: 'label'; readonly label: string; readonly wanted: readonly string[]; readonly has: string | null }
  /** It has as many tasks of the group as the task, or one of those that are there, allows. */
  | { readonly kind: 'group'; readonly group: string; readonly limit: number; readonly placed: number }

const noLimits: readonly number[] = []

/** Whether a machine takes a task now. */
export function fits(state: FleetState, request: Request, machine: number): boolean {
  if (state.present[machine] !== 1) return false
  const { resources, labels } = placesOf(state.vocabulary, request)
  const { amounts } = request
  for (let k = 0; k < resources.length; k++) {
    const index = resources[k]!
    if (index < 0 || state.free[index]![machine]! < amounts[k]!) return false
  }
  if (state.largestDeviceFree[machine]! < request.deviceShare) return false
  if (state.wholeDevicesFree[machine]! < request.deviceCount) return false
  for (let k = 0; k < labels.length; k++) if (!carries(state, labels[k]!, machine)) return false
  return request.group === null || hasRoomInGroup(state, request.group, request.maxPerMachine, machine)
}

/** Every reason for which a machine does not take a task now; none where it does. */
export function refusalsOf(state: FleetState, request: Request, machine: number): Refusal[] {
  const places = placesOf(state.vocabulary, request)
  const refusals: Refusal[] = []
  request.resources.forEach((resource, k) => {
    const index = places.resources[k]!
    const free = index < 0 ? 0 : state.free[index]![machine]!
    const needed = request.amounts[k]!
    const usable = resource === state.devices ? usableDevices(state, request, machine) : free
    if (free < needed) {
      refusals.push({ kind: 'resource', resource, needed: fromMillionths(needed), free: fromMillionths(free) })
    } else if (usable < needed) {
      refusals.push({ kind: 'fragmented', resource, needed: fromMillionths(needed), usable: fromMillionths(usable) })
    }
  })
  places.labels.forEach((place, k) => {
    if (carries(state, place, machine)) return
    const [label, wanted] = request.labels[k]!
    refusals.push({ kind: 'label', label, wanted, has: labelOf(state, label, machine) })
  })
  const { group, maxPerMachine } = request
  if (group !== null && !hasRoomInGroup(state, group, maxPerMachine, machine)) {
    const limits = groupLimits(state, group, machine)
    refusals.push({ kind: 'group', group, limit: Math.min(maxPerMachine, ...limits), placed: limits.length })
  }
  return refusals
}

/** Whether a machine carries the labels that a task asks for. */
export function carriesLabels(state: FleetState, request: Request, machine: number): boolean {
  return placesOf(state.vocabulary, request).labels.every((place) => carries(state, place, machine))
}

/** A refusal as a clause, e.g. `needs 4 cpu, 2 are free`. */
export function describeRefusal(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'resource':
      return `needs ${refusal.needed} ${refusal.resource}, ${refusal.free} free`
    case 'fragmented':
      return refusal.needed < 1
        ? `needs ${refusal.needed} of one ${refusal.resource}, at most ${refusal.usable} of one is free`
        : `needs ${refusal.needed} whole ${refusal.resource}, ${refusal.usable} wholly free`
    case 'label':
      return `needs label ${refusal.label} = ${refusal.wanted.join(' or ')}, has ${refusal.has ?? 'no such label'}`
    case 'group':
      return `has ${refusal.placed} tasks of group ${refusal.group}, ${refusal.limit} allowed`
  }
}

/** The limits that the tasks of a group set which are on a machine, one a task. */
function groupLimits({ groups }: FleetState, group: string, machine: number): readonly number[] {
  return groups.get(group)?.get(machine) ?? noLimits
}

/** Whether one more task of a group keeps its own limit and those of the tasks that are there. */
function hasRoomInGroup(state: FleetState, group: string, limit: number, machine: number): boolean {
  const limits = groupLimits(state, group, machine)
  return limits.length < limit && limits.every((other) => limits.length < other)
}

/** The value of a machine's label; `null` where it does not carry it. */
function labelOf(state: FleetState, label: string, machine: number): string | null {
  const index = state.vocabulary.labels.get(label)
  const value = index === undefined ? 0 : state.labels[index]![machine]!
  if (value === 0) return null
  for (const [name, number] of state.vocabulary.values) if (number === value) return name
  return null
}

function carries(
  state: FleetState,
  { label, values }: { readonly label: number; readonly values: readonly number[] },
  machine: number,
): boolean {
  if (label < 0) return false
  const value = state.labels[label]![machine]!
  return value !== 0 && values.includes(value)
}

/** What the devices give in the form that is asked for: the largest share, or whole ones. */
function usableDevices(state: FleetState, { deviceCount }: Request, machine: number): number {
  return deviceCount > 0 ? state.wholeDevicesFree[machine]! * wholeDevice : state.largestDeviceFree[machine]!
}
