/**
 * A queue of slots (task indices) by the time at which each is due; equal times leave in slot order, which a heap
 * without that rule would reverse. Insert, remove and take are O(log n).
 */
export interface TimeHeap {
  times: Float64Array
  slots: Int32Array
  size: number
  /** Where each slot stands; shared between heaps that never hold the same slot at once. */
  readonly positions: Int32Array
}

export function createTimeHeap(positions: Int32Array): TimeHeap {
  return { times: new Float64Array(4), slots: new Int32Array(4), size: 0, positions }
}

/** The earliest time; Infinity when the queue is empty. */
export function earliest(heap: TimeHeap): number {
  return heap.size > 0 ? heap.times[0]! : Infinity
}

/** The slot that is due first; -1 when the queue is empty. */
export function firstSlot(heap: TimeHeap): number {
  return heap.size > 0 ? heap.slots[0]! : -1
}

/** When a slot of the queue is due. */
export function dueSeconds(heap: TimeHeap, slot: number): number {
  return heap.times[heap.positions[slot]!]!
}

export function insert(heap: TimeHeap, slot: number, time: number): void {
  if (heap.size === heap.slots.length) grow(heap)
  siftUp(heap, heap.size++, slot, time)
}

/** Takes a slot out, wherever it stands. */
export function remove(heap: TimeHeap, slot: number): void {
  const position = heap.positions[slot]!
  const last = --heap.size
  if (position === last) return
  const movedSlot = heap.slots[last]!
  const movedTime = heap.times[last]!
  const parent = (position - 1) >> 1
  const goesUp = position > 0 && isBefore(movedTime, movedSlot, heap.times[parent]!, heap.slots[parent]!)
  if (goesUp) siftUp(heap, position, movedSlot, movedTime)
  else siftDown(heap, position, movedSlot, movedTime)
}

function isBefore(time: number, slot: number, otherTime: number, otherSlot: number): boolean {
  return time < otherTime || (time === otherTime && slot < otherSlot)
}

function siftUp({ times, slots, positions }: TimeHeap, from: number, slot: number, time: number): void {
  let hole = from
  while (hole > 0) {
    const parent = (hole - 1) >> 1
    const parentSlot = slots[parent]!
    if (!isBefore(time, slot, times[parent]!, parentSlot)) break
    times[hole] = times[parent]!
    slots[hole] = parentSlot
    positions[parentSlot] = hole
    hole = parent
  }
  times[hole] = time
  slots[hole] = slot
  positions[slot] = hole
}

function siftDown({ times, slots, positions, size }: TimeHeap, from: number, slot: number, time: number): void {
  let hole = from
  for (;;) {
    let child = 2 * hole + 1
    if (child >= size) break
    if (child + 1 < size && isBefore(times[child + 1]!, slots[child + 1]!, times[child]!, slots[child]!)) child++
    const childSlot = slots[child]!
    if (!isBefore(times[child]!, childSlot, time, slot)) break
    times[hole] = times[child]!
    slots[hole] = childSlot
    positions[childSlot] = hole
    hole = child
  }
  times[hole] = time
  slots[hole] = slot
  positions[slot] = hole
}

function grow(heap: TimeHeap): void {
  const times = new Float64Array(2 * heap.size)
  const slots = new Int32Array(2 * heap.size)
  times.set(heap.times)
  slots.set(heap.slots)
  heap.times = times
  heap.slots = slots
}
