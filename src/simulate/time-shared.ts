import type { Sharing } from './sharing.ts'
import type { SimulationState } from './simulation-state.ts'
import { dueSeconds, earliest, firstSlot, insert, remove } from './time-heap.ts'

/**
 * All tasks of a VM run at once, each thread at speed x min(1, cores / threads). Since all slow down alike, a clock per
 * VM that runs at that rate (virtual time, as in fair queueing: Demers, Keshav, Shenker 1989) shows each of them the
 * same time, and a task that starts at virtual time v with s seconds of work ends at v + s whatever comes and goes in
 * between. Only the first of them needs a real time, so an event costs O(log n).
 */
export const timeShared: Sharing = {
  fits: () => true,
  begin(state, vm, task, seconds) {
    insert(state.virtualFinishes[vm]!, task, state.vms.virtualSeconds[vm]! + seconds)
    setLeader(state, vm)
  },
  end(state, vm, task) {
    // Equal tasks end at one virtual time, exactly: the sum of the time slices would be off by its rounding.
    state.vms.virtualSeconds[vm] = dueSeconds(state.virtualFinishes[vm]!, task)
    remove(state.virtualFinishes[vm]!, task)
    setLeader(state, vm)
  },
  stop(state, vm, task) {
    const secondsLeft = dueSeconds(state.virtualFinishes[vm]!, task) - state.vms.virtualSeconds[vm]!
    remove(state.virtualFinishes[vm]!, task)
    setLeader(state, vm)
    return secondsLeft
  },
}

/** Tells the queue of finishes which task of the VM ends first, and when. */
function setLeader({ vms, virtualFinishes, finishes, nowSeconds }: SimulationState, vm: number): void {
  const heap = virtualFinishes[vm]!
  if (vms.leader[vm]! >= 0) remove(finishes, vms.leader[vm]!)
  vms.leader[vm] = firstSlot(heap)
  if (heap.size === 0) return
  const secondsLeft = earliest(heap) - vms.virtualSeconds[vm]!
  insert(finishes, firstSlot(heap), nowSeconds + secondsLeft * Math.max(1, vms.threads[vm]! / vms.cores[vm]!))
}
