import fc from 'fast-check'
import seedrandom from 'seedrandom'
import { describe, expect, test } from 'vitest'
import { createRng, defaultSeed, type RngState, substream } from '../../src/random/rng.ts'

const seed = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.string())

function draws(rng: () => number, count: number): number[] {
  return Array.from({ length: count }, () => rng())
}

describe('createRng', () => {
  test('is the Alea stream of the seed as text', () => {
    fc.assert(
      fc.property(seed, (s) => {
        expect(draws(createRng(s), 20)).toEqual(draws(seedrandom.alea(String(s)), 20))
      }),
    )
  })

  test('gives these numbers, today and on every engine', () => {
    expect(draws(createRng(1), 3)).toEqual([0.526047095656395, 0.12264361372217536, 0.47771977609954774])
  })

  test('7 and "7" are one seed, 7 and 8 are two', () => {
    expect(draws(createRng(7), 5)).toEqual(draws(createRng('7'), 5))
    expect(draws(createRng(7), 5)).not.toEqual(draws(createRng(8), 5))
  })

  test('goes on from a state that went through JSON, and leaves the state as it was', () => {
    fc.assert(
      fc.property(seed, fc.nat(50), (s, skipped) => {
        const rng = createRng(s)
        draws(rng, skipped)
        const state = JSON.parse(JSON.stringify(rng.state())) as RngState
        const copy = { ...state }
        expect(draws(createRng(state), 20)).toEqual(draws(rng, 20))
        expect(state).toEqual(copy)
      }),
    )
  })

  test('a state is not moved by later draws', () => {
    const rng = createRng('a')
    const state = rng.state()
    const next = rng()
    expect(createRng(state)()).toBe(next)
    expect(createRng(state)()).toBe(next)
  })

  test('stays in [0, 1) and fills it evenly', () => {
    // 20 000 draws in 10 cells: 2000 each, standard deviation sqrt(20000 * 0.1 * 0.9) = 42.4; 5 of them are 212.
    const cells = new Int32Array(10)
    const rng = createRng('cells')
    for (let i = 0; i < 20_000; i++) {
      const x = rng()
      expect(x >= 0 && x < 1).toBe(true)
      cells[Math.floor(x * 10)]!++
    }
    for (const count of cells) expect(Math.abs(count - 2000)).toBeLessThan(212)
  })
})

describe('substream', () => {
  test('is the stream of the joined name', () => {
    expect(draws(substream(7, 'whaql/explore'), 5)).toEqual(draws(createRng('7/whaql/explore'), 5))
  })

  test('streams of one seed differ by label, streams of one label by seed', () => {
    const first = [substream(1, 'a'), substream(1, 'b'), substream(2, 'a'), substream(defaultSeed, 'a')].map((rng) =>
      rng(),
    )
    expect(new Set(first).size).toBe(4)
  })
})
