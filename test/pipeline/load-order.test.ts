import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLoadOrder, reposition } from '../../src/pipeline/load-order.ts'

test('the order is that of a sort, after every change of a key', () => {
  const keys = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 12 })
  const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 6 })), { maxLength: 20 })
  fc.assert(
    fc.property(keys, changes, (initial, steps) => {
      const key = Float64Array.from(initial)
      // Every other pool only: the rest belongs to another cluster.
      const pools = Int32Array.from(initial.keys()).filter((pool) => pool % 2 === 0)
      const order = createLoadOrder(pools, key)
      for (const [which, value] of steps) {
        const pool = pools[which % pools.length]!
        key[pool] = value
        reposition(order, pool)
        expect([...order.sequence]).toEqual([...pools].sort((a, b) => key[a]! - key[b]! || a - b))
        order.sequence.forEach((at, place) => expect(order.place[at]).toBe(place))
      }
    }),
  )
})
