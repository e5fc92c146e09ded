import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSamples } from '../../../src/forecast/regression/samples.ts'
import {
  blockedFoldRows,
  type FoldRows,
  kFoldRows,
  rollingFoldRows,
} from '../../../src/forecast/selection/fold-rows.ts'
import { blockedFolds, kFolds, rollingFolds } from '../../../src/forecast/selection/folds.ts'
import { type Searchable, setAside } from '../../../src/forecast/selection/hold-out.ts'
import { gridSearch } from '../../../src/forecast/selection/search.ts'
import { caught } from '../../caught.ts'

const plain = (folds: readonly FoldRows[]) => folds.map(({ training, validation }) => [[...training], [...validation]])
const count = fc.integer({ min: 2, max: 40 })

describe('kFoldRows', () => {
  test('judges each row once, by folds of equal size, and never learns from what it judges', () => {
    fc.assert(
      fc.property(count, fc.integer({ min: 2, max: 8 }), fc.integer(), (rowCount, folds, seed) => {
        fc.pre(folds <= rowCount)
        const cut = kFoldRows(rowCount, { folds, seed })
        expect(cut.flatMap(({ validation }) => [...validation]).sort((a, b) => a - b)).toEqual(
          Array.from({ length: rowCount }, (_, row) => row),
        )
        const sizes = cut.map(({ validation }) => validation.length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        for (const { training, validation } of cut) {
          expect([...training, ...validation].sort((a, b) => a - b)).toHaveLength(rowCount)
          expect(new Set([...training, ...validation]).size).toBe(rowCount)
        }
      }),
    )
  })

  test('repeats by its seed and mixes the rows', () => {
    expect(plain(kFoldRows(10, { seed: 1 }))).toEqual(plain(kFoldRows(10, { seed: 1 })))
    expect(plain(kFoldRows(10, { seed: 1 }))).not.toEqual(plain(kFoldRows(10, { seed: 2 })))
    expect(kFoldRows(100, { folds: 2 })[0]!.validation.some((row) => row >= 50)).toBe(true)
  })

  test('cuts more rows than a call can have arguments', () => {
    expect(kFoldRows(300_000, { folds: 3 })[0]!.training).toHaveLength(200_000)
    expect(blockedFoldRows(300_000, { folds: 3 })[0]!.training).toHaveLength(200_000)
  })

  test('refuses more folds than rows', () => {
    expect(caught(() => kFoldRows(3, { folds: 4 }))).toMatchObject({ code: 'invalid-option', path: 'options.folds' })
  })
})

describe('blockedFoldRows', () => {
  test('hand-made: blocks in order, a gap on either side', () => {
    expect(plain(blockedFoldRows(9, { folds: 3, gapRows: 1 }))).toEqual([
      [
        [4, 5, 6, 7, 8],
        [0, 1, 2],
      ],
      [
        [0, 1, 7, 8],
        [3, 4, 5],
      ],
      [
        [0, 1, 2, 3, 4],
        [6, 7, 8],
      ],
    ])
  })

  test('no training row is nearer to the block than the gap', () => {
    fc.assert(
      fc.property(count, fc.integer({ min: 2, max: 5 }), fc.integer({ min: 0, max: 4 }), (rowCount, folds, gapRows) => {
        fc.pre(rowCount >= folds * 6)
        for (const { training, validation } of blockedFoldRows(rowCount, { folds, gapRows })) {
          const distance = Math.min(
            ...[...training].flatMap((row) => [...validation].map((other) => Math.abs(row - other))),
          )
          expect(distance).toBe(gapRows + 1)
        }
      }),
    )
  })

  test('refuses a gap that leaves nothing', () => {
    expect(caught(() => blockedFoldRows(6, { folds: 2, gapRows: 3 })).path).toBe('options.gapRows')
  })
})

describe('rollingFoldRows', () => {
  test('hand-made: expanding and sliding', () => {
    expect(plain(rollingFoldRows(8, { folds: 2, validationRows: 2, gapRows: 1 }))).toEqual([
      [
        [0, 1, 2],
        [4, 5],
      ],
      [
        [0, 1, 2, 3, 4],
        [6, 7],
      ],
    ])
    expect(plain(rollingFoldRows(8, { folds: 2, validationRows: 2, gapRows: 1, window: 'sliding' }))).toEqual([
      [
        [0, 1, 2],
        [4, 5],
      ],
      [
        [2, 3, 4],
        [6, 7],
      ],
    ])
  })

  test('learns from the past alone', () => {
    fc.assert(
      fc.property(count, fc.integer({ min: 1, max: 6 }), (rowCount, folds) => {
        fc.pre(folds < rowCount)
        const cut = rollingFoldRows(rowCount, { folds })
        expect(cut.at(-1)!.validation.at(-1)).toBe(rowCount - 1)
        for (const { training, validation } of cut) expect(training.at(-1)!).toBeLessThan(validation[0]!)
      }),
    )
  })

  test('refuses what leaves nothing to learn from', () => {
    expect(caught(() => rollingFoldRows(4, { folds: 2, validationRows: 2 })).path).toBe('options.gapRows')
    expect(caught(() => rollingFoldRows(2, { folds: 2 })).path).toBe('options.folds')
  })
})

const samples = createSamples(
  Array.from({ length: 10 }, (_, i) => [i]),
  Array.from({ length: 10 }, (_, i) => 10 * i),
)
const series = {
  values: Array.from({ length: 10 }, (_, i) => i),
  features: { load: Array.from({ length: 10 }, (_, i) => -i) },
  stepSeconds: 60,
}

describe('setAside', () => {
  test('takes the latest rows away; folds hold none of them', () => {
    const { searchable, holdOut } = setAside(samples, 0.2)
    expect(holdOut.size).toBe(2)
    expect([...searchable.data.targets]).toEqual([0, 10, 20, 30, 40, 50, 60, 70])
    for (const { folds } of [
      kFolds(searchable, { folds: 4 }),
      blockedFolds(searchable),
      rollingFolds(searchable, { folds: 3 }),
    ]) {
      const seen = folds.flatMap(({ training, validation }) => [...training.targets, ...validation.targets])
      expect(Math.max(...seen)).toBe(70)
    }
  })

  test('of a series no later step can be reached, not even through the buffer of a view', () => {
    const { searchable } = setAside({ ...series, values: Float64Array.from(series.values) }, 0.2)
    for (const { training, validation } of rollingFolds(searchable, { folds: 2, validationRows: 2 }).folds) {
      for (const values of [training.values, validation.series.values, training.features!['load']!]) {
        expect((values as Float64Array).buffer.byteLength).toBe(8 * 8)
      }
    }
  })

  test('of a series the fold tells which steps to forecast, in a series that ends with them', () => {
    const { folds } = rollingFolds(setAside(series, 0.2).searchable, { folds: 2, validationRows: 2 })
    expect(folds.map(({ training }) => Array.from(training.values))).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3, 4, 5],
    ])
    expect(folds.map(({ validation }) => validation.range)).toEqual([
      { start: 4, end: 6 },
      { start: 6, end: 8 },
    ])
    expect(Array.from(folds[0]!.validation.series.values)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('opens for the result of a search on its own data alone', () => {
    const { searchable, holdOut } = setAside(series, 0.2)
    const other = setAside(series, 0.2)
    const search = (from: Searchable<typeof searchable.data>) => gridSearch({ a: [1] }, rollingFolds(from), () => 0)
    expect(caught(() => holdOut.open(search(other.searchable)))).toMatchObject({
      code: 'invalid-input',
      path: 'result',
    })
    expect(caught(() => holdOut.open({ trials: [] })).path).toBe('result')
    const result = search(searchable)
    expect(caught(() => holdOut.open({ ...result })).path).toBe('result')
    const opened = holdOut.open(result)
    expect(opened.range).toEqual({ start: 8, end: 10 })
    expect(Array.from(opened.series.values)).toEqual(series.values)
  })

  test('once open, its data cannot be searched again', () => {
    const { searchable, holdOut } = setAside(samples, 0.2)
    const folds = kFolds(searchable)
    holdOut.open(gridSearch({ a: [1] }, folds, () => 0))
    expect(caught(() => gridSearch({ a: [2] }, folds, () => 0)).hint).toContain('choosing by it')
    expect(caught(() => gridSearch({ a: [2] }, kFolds(searchable), () => 0)).path).toBe('folds')
  })

  test('folds of data that were never divided are refused, by the type and when it runs', () => {
    // @ts-expect-error: samples are not searchable before a hold-out is set aside
    expect(caught(() => kFolds(samples)).hint).toContain('setAside')
    // @ts-expect-error: neither is a hold-out
    expect(caught(() => rollingFolds(setAside(series).holdOut)).path).toBe('searchable')
    // @ts-expect-error: nor are folds that were not made from searchable data
    expect(caught(() => gridSearch({ a: [1] }, { folds: [] }, () => 0)).path).toBe('searchable')
  })

  test('refuses a share that leaves nothing on a side', () => {
    expect(caught(() => setAside(samples, 1)).path).toBe('share')
    expect(caught(() => setAside(samples, 0)).path).toBe('share')
    expect(caught(() => setAside(createSamples([[1]], [1]))).path).toBe('share')
  })
})
