import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRng } from '../../../../src/random/rng.ts'
import {
  type Crossover,
  onePointCrossoverInto,
  twoPointCrossoverInto,
  uniformCrossoverInto,
} from '../../../../src/solvers/genetic/operators/crossover.ts'
import { scriptedRng } from '../scripted-rng.ts'

const first = Int32Array.of(0, 1, 2, 3, 4)
const second = Int32Array.of(10, 11, 12, 13, 14)

function childOf(crossover: Crossover, ...numbers: number[]): number[] {
  const child = new Int32Array(5)
  crossover(child, first, second, scriptedRng(...numbers))
  return [...child]
}

test('onePointCrossoverInto cuts once', () => {
  // cut = 1 + floor(4 * 0.6) = 3
  expect(childOf(onePointCrossoverInto, 0.6)).toEqual([0, 1, 2, 13, 14])
  // the two extremes: 1 + 0 and 1 + floor(4 * 0.99) = 4
  expect(childOf(onePointCrossoverInto, 0)).toEqual([0, 11, 12, 13, 14])
  expect(childOf(onePointCrossoverInto, 0.99)).toEqual([0, 1, 2, 3, 14])
})

test('twoPointCrossoverInto takes a stretch of the second', () => {
  // cuts floor(6 * 0.2) = 1 and floor(5 * 0.7) = 3, not below 1, so it stands for 4: genes 1 to 3
  expect(childOf(twoPointCrossoverInto, 0.2, 0.7)).toEqual([0, 11, 12, 13, 4])
  // cuts floor(6 * 0.7) = 4 and floor(5 * 0.2) = 1, below 4: the same stretch
  expect(childOf(twoPointCrossoverInto, 0.7, 0.2)).toEqual([0, 11, 12, 13, 4])
  // cuts 0 and floor(5 * 0) = 0, which stands for 1: the shortest stretch
  expect(childOf(twoPointCrossoverInto, 0, 0)).toEqual([10, 1, 2, 3, 4])
})

test('uniformCrossoverInto takes a gene of the second where the bit is 1, lowest bit first', () => {
  // 13 = 0b01101: genes 0, 2 and 3
  expect(childOf(uniformCrossoverInto, 13 / 2 ** 32)).toEqual([10, 1, 12, 13, 4])
  // all 32 bits set
  expect(childOf(uniformCrossoverInto, (2 ** 32 - 1) / 2 ** 32)).toEqual([...second])
})

test('uniformCrossoverInto draws once per 32 genes', () => {
  const child = new Int32Array(33)
  uniformCrossoverInto(child, new Int32Array(33), new Int32Array(33).fill(1), scriptedRng(2 / 2 ** 32, 1 / 2 ** 32))
  expect(Array.from(child.keys()).filter((i) => child[i] === 1)).toEqual([1, 32])
})

describe.each(Object.entries({ onePointCrossoverInto, twoPointCrossoverInto, uniformCrossoverInto }))(
  '%s',
  (_, crossover) => {
    test('makes children of the genes of their parents, which stay as they are', () => {
      const genes = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 70 })
      fc.assert(
        fc.property(genes, fc.integer(), (pairs, seed) => {
          const a = Int32Array.from(pairs, ([gene]) => gene)
          const b = Int32Array.from(pairs, ([, gene]) => gene)
          const child = new Int32Array(pairs.length).fill(-1)
          crossover(child, a, b, createRng(seed))
          child.forEach((gene, i) => expect([a[i], b[i]]).toContain(gene))
          expect([...a]).toEqual(pairs.map(([gene]) => gene))
          expect([...b]).toEqual(pairs.map(([, gene]) => gene))
        }),
      )
    })

    test('gives both parents a part in the end', () => {
      const rng = createRng(1)
      const fromSecond = new Set<number>()
      for (let k = 0; k < 200; k++) {
        const child = new Int32Array(5)
        crossover(child, first, second, rng)
        fromSecond.add(child.filter((gene) => gene >= 10).length)
      }
      expect(fromSecond.size).toBeGreaterThanOrEqual(4)
    })
  },
)
