import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTimeHeap, dueSeconds, earliest, firstSlot, insert, remove } from '../../src/simulate/time-heap.ts'

test('an empty queue has nothing to give', () => {
  const heap = createTimeHeap(new Int32Array(1))
  expect([earliest(heap), firstSlot(heap)]).toEqual([Infinity, -1])
})

test('slots leave by time, equal times by slot, whatever is taken out in between', () => {
  const command = fc.record({ slot: fc.nat(15), time: fc.nat(4), takesOut: fc.boolean() })
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const heap = createTimeHeap(new Int32Array(16))
      const held = new Map<number, number>()
      for (const { slot, time, takesOut } of commands) {
        if (held.has(slot)) {
          expect(dueSeconds(heap, slot)).toBe(held.get(slot))
          if (takesOut) {
            remove(heap, slot)
            held.delete(slot)
          }
        } else {
          insert(heap, slot, time)
          held.set(slot, time)
        }
        expect(heap.size).toBe(held.size)
      }
      const inOrder = [...held].sort(([slotA, timeA], [slotB, timeB]) => timeA - timeB || slotA - slotB)
      for (const [slot, time] of inOrder) {
        expect([firstSlot(heap), earliest(heap)]).toEqual([slot, time])
        remove(heap, slot)
      }
      expect(heap.size).toBe(0)
    }),
  )
})
