import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { binSamples } from '../../../src/forecast/regression/bins.ts'
import { type BoostingLoss, empiricalQuantile } from '../../../src/forecast/regression/boosting-loss.ts'
import {
  type BoostingOptions,
  gradientBoosting,
  gradientBoostingAsync,
  isBoostedTrees,
  predictTrees,
} from '../../../src/forecast/regression/gradient-boosting.ts'
import { growTree } from '../../../src/forecast/regression/regression-tree.ts'
import { columnOf, createSamples, inputsOf, pickRows, type Samples } from '../../../src/forecast/regression/samples.ts'
import { caught } from '../../caught.ts'
import { randomSamples } from './random-samples.ts'

/** One tree that takes its data whole: a plain decision tree. */
const oneTree: BoostingOptions = { trees: 1, learningRate: 1, rowShare: 1, columnShare: 1, leafRows: 1 }
const wavy = randomSamples(300, 4, 8, ([a, b], noise) => Math.sin(4 * a!) + (b! > 0 ? 2 : 0) + 0.1 * noise)

const predictions = (model: ReturnType<typeof gradientBoosting>, samples: Samples): number[] =>
  Array.from({ length: samples.rowCount }, (_, row) => predictTrees(model, inputsOf(samples, row)))

describe('binSamples', () => {
  test('gives each value of few its own range, edges halfway', () => {
    const bins = binSamples(createSamples([[5], [1], [1], [2]], [0, 0, 0, 0]), 64)
    expect([...bins.edges[0]!]).toEqual([1.5, 3.5])
    expect([...bins.codes]).toEqual([2, 0, 0, 1])
  })

  test('cuts many values into ranges of about equally many rows', () => {
    const bins = binSamples(
      randomSamples(1000, 1, 9, () => 0),
      10,
    )
    expect(bins.edges[0]).toHaveLength(9)
    for (let range = 0; range < 10; range++) {
      expect(bins.codes.filter((code) => code === range)).toHaveLength(100)
    }
  })

  test('never exceeds the number of ranges, and codes say where a value lies', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1, max: 1, noNaN: true })), {
          minLength: 1,
        }),
        fc.integer({ min: 2, max: 9 }),
        (values, binCount) => {
          const samples = createSamples(
            values.map((value) => [value]),
            values,
          )
          const { codes, edges } = binSamples(samples, binCount)
          expect(edges[0]!.length).toBeLessThan(binCount)
          columnOf(samples, 0).forEach((value, row) => {
            expect(value).toBeLessThanOrEqual(edges[0]![codes[row]!] ?? Infinity)
            expect(value).toBeGreaterThan(edges[0]![codes[row]! - 1] ?? -Infinity)
          })
        },
      ),
    )
  })
})

describe('growTree', () => {
  /** Smallest sum of squared distances that one split of one column reaches, by trying all. */
  function bestByTrying({ rowCount, columnCount, ...samples }: Samples, leafRows: number): number {
    const spread = (rows: number[]): number => {
      const mean = rows.reduce((sum, row) => sum + samples.targets[row]!, 0) / rows.length
      return rows.reduce((sum, row) => sum + (samples.targets[row]! - mean) ** 2, 0)
    }
    const all = Array.from({ length: rowCount }, (_, row) => row)
    let best = spread(all)
    for (let column = 0; column < columnCount; column++) {
      const value = (row: number): number => samples.inputs[row * columnCount + column]!
      for (const row of all) {
        const left = all.filter((other) => value(other) <= value(row))
        const right = all.filter((other) => value(other) > value(row))
        if (left.length >= leafRows && right.length >= leafRows) best = Math.min(best, spread(left) + spread(right))
      }
    }
    return best
  }

  test('finds the best single split of all', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: -9, max: 9 })),
          {
            minLength: 2,
            maxLength: 30,
          },
        ),
        fc.integer({ min: 1, max: 3 }),
        (rows, leafRows) => {
          const samples = createSamples(
            rows.map(([a, b]) => [a, b]),
            rows.map(([, , y]) => y),
          )
          const model = gradientBoosting(samples, { ...oneTree, leaves: 2, leafRows })
          expect(model.losses[0]! * rows.length).toBeCloseTo(bestByTrying(samples, leafRows), 8)
        },
      ),
    )
  })

  test('keeps to its shape: leaves part the rows, each large enough', () => {
    const bins = binSamples(wavy, 64)
    const rows = Int32Array.from({ length: 300 }, (_, row) => row)
    const tree = growTree(bins, wavy.targets, rows, Int32Array.of(0, 1, 2, 3), { leaves: 12, leafRows: 10 })
    expect(tree.leaves).toHaveLength(12)
    for (const { start, end } of tree.leaves) expect(end - start).toBeGreaterThanOrEqual(10)
    expect([...tree.rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, row) => row))
    expect(tree.leaves.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(300)
  })

  test('goes on where a split of ties leaves one side empty in other libraries', () => {
    // Exclusive-or of two inputs needs a first split that gains little; with one odd row it is found.
    const rows = [
      [0, 0],
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]
    const samples = createSamples(rows, [0, 0, 1, 1, 0])
    expect(predictions(gradientBoosting(samples, { ...oneTree, leaves: 8 }), samples)).toEqual([0, 0, 1, 1, 0])
  })
})

describe('gradientBoosting', () => {
  test('hand-computed: one stump', () => {
    // y = 1 2 | 9 10 8: the split after x = 2 leaves means 1.5 and 9; loss = (.25 + .25 + 0 + 1 + 1) / 5 = 0.5.
    const samples = createSamples([[1], [2], [3], [4], [5]], [1, 2, 9, 10, 8])
    const model = gradientBoosting(samples, { ...oneTree, leaves: 2 })
    const [tree] = model.trees
    expect(tree).toMatchObject({ columns: [0, -1, -1], thresholds: [2.5, 0, 0], left: [1, -1, -1], right: [2, -1, -1] })
    expect(model.start).toBe(6)
    expect(predictTrees(model, [2.5])).toBeCloseTo(1.5, 12)
    expect(predictTrees(model, [2.6])).toBeCloseTo(9, 12)
    expect(model.losses[0]).toBeCloseTo(0.5, 12)
    expect(model.importance).toEqual([1])
  })

  test('half a learning rate goes half the way', () => {
    const samples = createSamples([[1], [2], [3], [4], [5]], [1, 2, 9, 10, 8])
    const model = gradientBoosting(samples, { ...oneTree, leaves: 2, learningRate: 0.5 })
    expect(predictTrees(model, [1])).toBeCloseTo((6 + 1.5) / 2, 12)
  })

  test('without chance in it, each tree lowers the loss it is grown for', () => {
    for (const loss of ['squared', 'absolute', { quantile: 0.9 }] as BoostingLoss[]) {
      const { losses } = gradientBoosting(wavy, { loss, rowShare: 1, columnShare: 1, trees: 40 })
      for (let tree = 1; tree < losses.length; tree++) {
        expect(losses[tree]!).toBeLessThanOrEqual(losses[tree - 1]! + 1e-12)
      }
      expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]!)
    }
  })

  test('a quantile model leaves about its share of the targets below', () => {
    for (const level of [0.1, 0.5, 0.85]) {
      const model = gradientBoosting(wavy, { loss: { quantile: level } })
      const below = predictions(model, wavy).filter((value, row) => wavy.targets[row]! <= value).length
      expect(Math.abs(below / 300 - level)).toBeLessThan(0.06)
    }
  })

  test("'absolute' is the median", () => {
    const median = gradientBoosting(wavy, { loss: { quantile: 0.5 }, seed: 3 })
    const absolute = gradientBoosting(wavy, { loss: 'absolute', seed: 3 })
    const medians = predictions(median, wavy)
    predictions(absolute, wavy).forEach((value, row) => expect(value).toBeCloseTo(medians[row]!, 9))
  })

  test("'logistic' gives probabilities, and tells the classes apart", () => {
    const samples = randomSamples(400, 2, 10, ([a, b]) => (a! * b! > 0 ? 1 : 0))
    const model = gradientBoosting(samples, { loss: 'logistic', trees: 60, columnShare: 1 })
    const right = predictions(model, samples).filter((p, row) => {
      expect(p).toBeGreaterThan(0)
      expect(p).toBeLessThan(1)
      return p >= 0.5 === (samples.targets[row] === 1)
    })
    expect(right.length / 400).toBeGreaterThan(0.97)
  })

  test('sees what matters', () => {
    const { importance } = gradientBoosting(wavy)
    expect(importance[0]! + importance[1]!).toBeGreaterThan(0.95)
    expect(importance.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
  })

  test('repeats by its seed, differs by another', () => {
    expect(gradientBoosting(wavy, { seed: 'a' })).toEqual(gradientBoosting(wavy, { seed: 'a' }))
    expect(gradientBoosting(wavy, { seed: 'b' }).losses).not.toEqual(gradientBoosting(wavy, { seed: 'a' }).losses)
  })

  test('golden values', () => {
    const model = gradientBoosting(wavy, { trees: 20, seed: 7 })
    expect(model.losses.at(-1)).toBeCloseTo(0.10020841285838519, 12)
    expect(predictTrees(model, [0.2, -0.4, 0.1, 0.9])).toBeCloseTo(0.8136713232557214, 12)
  })

  test('with a validation set keeps the trees up to its smallest loss', () => {
    const even = Array.from({ length: 150 }, (_, i) => 2 * i)
    const training = pickRows(wavy, even)
    const validation = pickRows(
      wavy,
      even.map((row) => row + 1),
    )
    const model = gradientBoosting(training, { validation, trees: 1000, patience: 5, leafRows: 2, learningRate: 0.3 })
    expect(model.status).toBe('converged')
    expect(model.trees.length).toBe(model.validationLosses.indexOf(Math.min(...model.validationLosses)) + 1)
    expect(model.validationLosses.length).toBe(model.trees.length + 5)
    const loss =
      predictions(model, validation).reduce((sum, value, row) => sum + (validation.targets[row]! - value) ** 2, 0) / 150
    expect(loss).toBeCloseTo(Math.min(...model.validationLosses), 10)
  })

  test('a constant target and a single row need no split', () => {
    const constant = randomSamples(50, 2, 11, () => 4)
    const model = gradientBoosting(constant)
    expect(predictTrees(model, [0, 0])).toBe(4)
    expect(model.importance).toEqual([0, 0])
    expect(predictTrees(gradientBoosting(createSamples([[1]], [3])), [9])).toBe(3)
  })

  test('answers within the range of the targets: trees do not extrapolate', () => {
    const line = randomSamples(100, 1, 12, ([a]) => a!)
    const model = gradientBoosting(line)
    expect(predictTrees(model, [100])).toBeLessThanOrEqual(1)
    expect(predictTrees(model, [100])).toBe(predictTrees(model, [1]))
  })

  test('stops at an abort with the trees it has', async () => {
    const controller = new AbortController()
    const model = await gradientBoostingAsync(wavy, {
      signal: controller.signal,
      onProgress: ({ iteration }) => iteration === 4 && controller.abort(),
    })
    expect(model.status).toBe('aborted')
    expect(model.trees).toHaveLength(4)
  })

  test('survives JSON', () => {
    const model = gradientBoosting(wavy, { trees: 5 })
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
  })

  test('knows its own data from others', () => {
    const model = gradientBoosting(wavy, { trees: 3 })
    const [tree, ...others] = model.trees
    expect(isBoostedTrees(model, 4)).toBe(true)
    expect(isBoostedTrees(JSON.parse(JSON.stringify(model)), 4)).toBe(true)
    const broken = [
      null,
      { ...model, start: Number.NaN },
      { ...model, loss: 'hinge' },
      { ...model, trees: [{ ...tree, left: tree!.left.map(() => 0) }, ...others] },
      { ...model, trees: [{ ...tree, columns: tree!.columns.map(() => 9) }] },
      { ...model, trees: [{ ...tree, values: [1] }] },
      { ...model, trees: [{ columns: [], thresholds: [], left: [], right: [], values: [] }] },
    ]
    expect(broken.map((data) => isBoostedTrees(data, 4))).toEqual(broken.map(() => false))
  })

  test('refuses bad options and inputs', () => {
    expect(caught(() => gradientBoosting(wavy, { loss: { quantile: 1 } }))).toMatchObject({ path: 'options.loss' })
    expect(caught(() => gradientBoosting(wavy, { bins: 257 }))).toMatchObject({ path: 'options.bins' })
    expect(caught(() => gradientBoosting(wavy, { loss: 'logistic' }))).toMatchObject({ code: 'invalid-input' })
    const other = createSamples([[1]], [1])
    expect(caught(() => gradientBoosting(wavy, { validation: other })).path).toBe('options.validation')
    expect(caught(() => predictTrees(gradientBoosting(other), [1, 2])).path).toBe('row')
  })
})

test('empiricalQuantile is the smallest value that the share of values does not exceed', () => {
  const sorted = Float64Array.of(1, 2, 3, 4, 10)
  expect([0.01, 0.2, 0.21, 0.5, 0.8, 0.99].map((level) => empiricalQuantile(sorted, level))).toEqual([
    1, 1, 2, 3, 4, 10,
  ])
  // 0.1 * 10 rounds up beyond 1 in some products; the rank must not.
  expect(
    empiricalQuantile(
      Float64Array.from({ length: 100 }, (_, i) => i),
      0.07,
    ),
  ).toBe(6)
})
