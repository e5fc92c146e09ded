import { expect, test } from 'vitest'
import { runWorld } from '../../../bench/live-world.ts'
import { createRng } from '../../../src/random/rng.ts'

test('nothing is lost, placed twice or overfilled in any interleaving, and a snapshot decides as its original', () => {
  const totals = { placements: 0, evictions: 0, restarts: 0, refusals: 0, comparisons: 0 }
  for (let seed = 0; seed < 150; seed++) {
    const counts = runWorld(createRng(`world ${seed}`), 120)
    for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += counts[key]
  }
  // The faults and events did take place.
  expect(totals.placements).toBeGreaterThan(1000)
  expect(totals.evictions).toBeGreaterThan(50)
  expect(totals.restarts).toBeGreaterThan(500)
  expect(totals.refusals).toBeGreaterThan(500)
  expect(totals.comparisons).toBeGreaterThan(200)
})
