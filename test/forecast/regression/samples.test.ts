import { describe, expect, test } from 'vitest'
import { gradientBoosting, predictTrees } from '../../../src/forecast/regression/gradient-boosting.ts'
import { linearRegression, predictLinear } from '../../../src/forecast/regression/linear-regression.ts'
import { logisticRegression, predictLogistic } from '../../../src/forecast/regression/logistic-regression.ts'
import { createSamples, inputsOf, pickColumns, pickRows } from '../../../src/forecast/regression/samples.ts'
import { caught } from '../../caught.ts'

describe('createSamples', () => {
  test('lays rows out one after the other and copies them', () => {
    const rows = [
      [1, 2],
      [3, 4],
      [5, 6],
    ]
    const samples = createSamples(rows, [7, 8, 9], ['cpu', 'memory'])
    rows[0]![0] = 100
    expect(samples).toEqual({
      inputs: Float64Array.of(1, 2, 3, 4, 5, 6),
      targets: Float64Array.of(7, 8, 9),
      rowCount: 3,
      columnCount: 2,
      names: ['cpu', 'memory'],
    })
    expect(inputsOf(samples, 1)).toEqual(Float64Array.of(3, 4))
  })

  test('names columns x0, x1, ... where no names are given', () => {
    expect(createSamples([[1, 2, 3]], [0]).names).toEqual(['x0', 'x1', 'x2'])
  })

  test('refuses what is not finite, every place at once', () => {
    const error = caught(() => createSamples([[1], [Number.NaN], [3]], [1, 2, Infinity]))
    expect(error.code).toBe('invalid-input')
    expect(error.findings.map(({ path }) => path)).toEqual(['rows[1][0]', 'targets[2]'])
    expect(error.hint).toContain('missing')
  })

  test.each<[string, () => unknown, string]>([
    ['no rows', () => createSamples([], []), 'rows'],
    ['no columns', () => createSamples([[]], [1]), 'rows[0]'],
    ['ragged rows', () => createSamples([[1, 2], [3]], [1, 2]), 'rows[1]'],
    ['too few targets', () => createSamples([[1], [2]], [1]), 'targets'],
    ['too many names', () => createSamples([[1]], [1], ['a', 'b']), 'names'],
  ])('refuses %s', (_, call, path) => {
    expect(caught(call)).toMatchObject({ code: 'invalid-input', path })
  })
})

const samples = createSamples(
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  [7, 8, 9],
  ['cpu', 'memory'],
)

test('no model answers a row with a value that is not known', () => {
  const rows = Array.from({ length: 60 }, (_, i) => [i % 7, i % 11])
  const known = createSamples(
    rows,
    rows.map(([a]) => (a! > 3 ? 1 : 0)),
  )
  const answers = [
    (row: number[]) => predictLinear(linearRegression(known), row),
    (row: number[]) => predictLogistic(logisticRegression(known), row),
    (row: number[]) => predictTrees(gradientBoosting(known, { trees: 3 }), row),
  ]
  for (const answer of answers) {
    expect(answer([5, 1])).toBeGreaterThan(answer([1, 1]))
    expect(caught(() => answer([5, Number.NaN]))).toMatchObject({ code: 'invalid-input', path: 'row[1]' })
    expect(caught(() => answer([5])).path).toBe('row')
  }
})

test('pickRows takes rows in the given order, some twice', () => {
  const picked = pickRows(samples, [2, 0, 2])
  expect(picked.inputs).toEqual(Float64Array.of(5, 6, 1, 2, 5, 6))
  expect(picked.targets).toEqual(Float64Array.of(9, 7, 9))
  expect(caught(() => pickRows(samples, [3])).path).toBe('rows[0]')
})

test('pickColumns takes columns in the given order, with their names', () => {
  const picked = pickColumns(samples, [1])
  expect(picked.inputs).toEqual(Float64Array.of(2, 4, 6))
  expect(picked.names).toEqual(['memory'])
  expect(caught(() => pickColumns(samples, [0, -1])).path).toBe('columns[1]')
})
