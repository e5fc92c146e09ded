import { carriesLabels } from './fit.ts'
import type { FleetState } from './fleet-state.ts'
import type { Request } from './request.ts'
import { placesOf } from './vocabulary.ts'

/**
 * Dominant share of each task (Ghodsi et al. 2011): the largest part, over its resources, that its demand is of what all
 * machines it may go to have. On equal machines that is the usual measure of first-fit decreasing; where labels leave it
 * few machines, a task is larger.
 */
function dominantShares(state: FleetState, requests: readonly Request[]): Float64Array {
  const totals = new Map<string, Float64Array>()
  return Float64Array.from(requests, (request) => {
    const key = JSON.stringify(request.labels)
    let total = totals.get(key)
    if (!total) totals.set(key, (total = totalCapacity(state, request)))
    const { resources } = placesOf(state.vocabulary, request)
    let share = 0
    for (let k = 0; k < resources.length; k++) {
      const has = resources[k]! < 0 ? 0 : total[resources[k]!]!
      share = Math.max(share, has === 0 ? Infinity : request.amounts[k]! / has)
    }
    return share
  })
}

/**
 * Task indices by falling dominant share; of equal ones those with the tighter limit of their group first, because they have to be
 * spread, and the others then fill the gaps; else as they came.
 */
export function decreasingOrder(state: FleetState, requests: readonly Request[]): number[] {
  const shares = dominantShares(state, requests)
  const limit = (task: number): number => Math.min(requests[task]!.maxPerMachine, requests.length + 1)
  return Array.from(requests.keys()).sort(
    (a, b) => (shares[a] === shares[b] ? 0 : shares[b]! > shares[a]! ? 1 : -1) || limit(a) - limit(b) || a - b,
  )
}

/** Capacity, by resource, of the machines that carry the labels of a task. */
function totalCapacity(state: FleetState, request: Request): Float64Array {
  const open = Array.from({ length: state.size }, (_, machine) => machine).filter((machine) =>
    carriesLabels(state, request, machine),
  )
  return Float64Array.from(state.capacity, (column) => open.reduce((sum, machine) => sum + column[machine]!, 0))
}

/** A number for each kind of task: tasks of one kind ask for the same in every respect. */
export function kindsOf(requests: readonly Request[]): Int32Array {
  const kinds = new Map<string, number>()
  return Int32Array.from(requests, ({ resources, amounts, labels, group, maxPerMachine }) => {
    const key = JSON.stringify([resources, [...amounts], labels, group, maxPerMachine])
    let kind = kinds.get(key)
    if (kind === undefined) kinds.set(key, (kind = kinds.size))
    return kind
  })
}
