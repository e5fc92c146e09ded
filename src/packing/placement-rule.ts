import type { FleetState } from './fleet-state.ts'
import type { Request } from './request.ts'

/** How good the machines that fit a task are. */
export interface Scorer {
  /** Lower is better; asked only for machines that fit. */
  readonly score: (machine: number) => number
  /** The device that is to give the task its share of one, asked only for such a task; where absent the fullest that can. */
  readonly device?: (machine: number) => number
}

/**
 * A way to choose among the machines that fit: the lowest score wins, ties go to the lower index. It is told the columns
 * of the fleet, which it must not change, and the task.
 */
export type PlacementRule = (state: FleetState, request: Request) => Scorer

/** First fit: the machine of the lowest index. */
export const firstFit: PlacementRule = () => ({ score: () => 0 })

/** Best fit: the machine that has least left, as the sum over its resources of the free part of its capacity. */
export const bestFit: PlacementRule = (state) => ({ score: (machine) => freeParts(state, machine) })

/** Worst fit: the machine that has most left, as the sum over its resources of the free part of its capacity. */
export const worstFit: PlacementRule = (state) => ({ score: (machine) => -freeParts(state, machine) })

/**
 * Dot product (Panigrahy, Talwar, Uyeda and Wieder 2011): the machine whose free capacity points most the way of the
 * demand, both as parts of its capacity, so that what is scarce on it is kept for those who do not ask for it.
 * The product is divided by the length of the free capacity: without that, it is worst fit's inclination to empty machines.
 */
export const dotProduct: PlacementRule = (state, request) => {
  const demand = new Float64Array(state.capacity.length)
  request.resources.forEach((resource, k) => {
    const index = state.vocabulary.resources.get(resource)
    if (index !== undefined) demand[index] = request.amounts[k]!
  })
  return {
    score(machine) {
      let product = 0
      let squares = 0
      for (let r = 0; r < demand.length; r++) {
        const capacity = state.capacity[r]![machine]!
        if (capacity === 0) continue
        const free = state.free[r]![machine]! / capacity
        product += (free * demand[r]!) / capacity
        squares += free * free
      }
      return squares === 0 ? 0 : -product / Math.sqrt(squares)
    },
  }
}

function freeParts({ capacity, free }: FleetState, machine: number): number {
  let sum = 0
  for (let r = 0; r < free.length; r++) {
    const all = capacity[r]![machine]!
    if (all > 0) sum += free[r]![machine]! / all
  }
  return sum
}
