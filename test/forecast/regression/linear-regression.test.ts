import fc from 'fast-check'
import { inverse, Matrix } from 'ml-matrix'
import { describe, expect, test } from 'vitest'
import {
  gradientDescentDefaults,
  linearRegressionByGradientDescent,
  linearRegressionByGradientDescentAsync,
} from '../../../src/forecast/regression/gradient-descent.ts'
import { linearRegression, predictLinear, ridgeRegression } from '../../../src/forecast/regression/linear-regression.ts'
import { createSamples, inputsOf, type Samples } from '../../../src/forecast/regression/samples.ts'
import { caught } from '../../caught.ts'
import { randomSamples } from './random-samples.ts'

/** The textbook's w = (X'X)^-1 X'y with a column of ones for the intercept, which comes first. */
function normalEquations(samples: Samples): number[] {
  const rows = Array.from({ length: samples.rowCount }, (_, row) => [1, ...inputsOf(samples, row)])
  const inputs = new Matrix(rows)
  const transposed = inputs.transpose()
  return inverse(transposed.mmul(inputs)).mmul(transposed).mmul(Matrix.columnVector(samples.targets)).to1DArray()
}

describe('linearRegression', () => {
  test('hand-computed line', () => {
    // x = 1 2 3 4, y = 2 4 5 8: mean x = 2.5, mean y = 4.75, Sxy = (-1.5)(-2.75) + (-.5)(-.75) + (.5)(.25) + (1.5)(3.25)
    // = 4.125 + .375 + .125 + 4.875 = 9.5, Sxx = 5, weight = 1.9, intercept = 4.75 - 1.9 * 2.5 = 0.
    const model = linearRegression(createSamples([[1], [2], [3], [4]], [2, 4, 5, 8]))
    expect(model.weights[0]).toBeCloseTo(1.9, 12)
    expect(model.intercept).toBeCloseTo(0, 12)
    expect(model).toMatchObject({ penalty: 0, rank: 1 })
    expect(predictLinear(model, [10])).toBeCloseTo(19, 11)
  })

  test('agrees with the normal equations written out', () => {
    const samples = randomSamples(60, 5, 1, ([a, b, c], noise) => 3 + 2 * a! - b! + 0.5 * c! + noise)
    const [intercept, ...weights] = normalEquations(samples)
    const model = linearRegression(samples)
    expect(model.intercept).toBeCloseTo(intercept!, 10)
    model.weights.forEach((weight, column) => expect(weight).toBeCloseTo(weights[column]!, 10))
  })

  test('recovers any exact line, whatever the units', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 4 }),
        fc.integer({ min: -6, max: 6 }),
        (weights, magnitude) => {
          const unit = 10 ** magnitude
          const exact = randomSamples(12, weights.length, 5, (row) =>
            row.reduce((sum, x, column) => sum + weights[column]! * x, 7),
          )
          const scaled = createSamples(
            Array.from({ length: 12 }, (_, row) => inputsOf(exact, row).map((x) => x * unit)),
            exact.targets,
          )
          const model = linearRegression(scaled)
          model.weights.forEach((weight, column) => expect(weight * unit).toBeCloseTo(weights[column]!, 8))
          expect(model.intercept).toBeCloseTo(7, 8)
        },
      ),
    )
  })

  test('of dependent columns takes the smallest standardised weights and says so', () => {
    // Both columns are the same: y = 4 x is shared evenly between them.
    const model = linearRegression(
      createSamples(
        [1, 2, 3, 5].map((x) => [x, x]),
        [4, 8, 12, 20],
      ),
    )
    expect(model.rank).toBe(1)
    expect(model.weights[0]).toBeCloseTo(2, 10)
    expect(model.weights[1]).toBeCloseTo(2, 10)
  })

  test('with fewer rows than columns still meets the targets', () => {
    const samples = randomSamples(3, 6, 2, ([a], noise) => a! + noise)
    const model = linearRegression(samples)
    expect(model.rank).toBe(2)
    samples.targets.forEach((target, row) =>
      expect(predictLinear(model, inputsOf(samples, row))).toBeCloseTo(target, 10),
    )
  })

  test('gives a constant column no weight', () => {
    const model = linearRegression(
      createSamples(
        [
          [1, 5],
          [2, 5],
          [3, 5],
        ],
        [2, 4, 6],
      ),
    )
    expect(model.weights[1]).toBe(0)
    expect(model.weights[0]).toBeCloseTo(2, 12)
  })

  test('refuses a row of another length', () => {
    const model = linearRegression(createSamples([[1], [2]], [1, 2]))
    expect(caught(() => predictLinear(model, [1, 2]))).toMatchObject({ code: 'invalid-input', path: 'row' })
  })
})

describe('ridgeRegression', () => {
  test('shrinks the weight of a lone column by 1 / (1 + penalty)', () => {
    // The line above: 1.9 / 1.25 = 1.52; the intercept keeps the means in place: 4.75 - 1.52 * 2.5 = 0.95.
    const model = ridgeRegression(createSamples([[1], [2], [3], [4]], [2, 4, 5, 8]), { penalty: 0.25 })
    expect(model.weights[0]).toBeCloseTo(1.52, 12)
    expect(model.intercept).toBeCloseTo(0.95, 12)
  })

  test('without a penalty is linear regression, with a huge one the mean', () => {
    const samples = randomSamples(40, 3, 3, ([a, b], noise) => a! + 2 * b! + noise)
    const plain = linearRegression(samples)
    ridgeRegression(samples, { penalty: 0 }).weights.forEach((weight, column) =>
      expect(weight).toBe(plain.weights[column]),
    )
    const flat = ridgeRegression(samples, { penalty: 1e12 })
    flat.weights.forEach((weight) => expect(Math.abs(weight)).toBeLessThan(1e-10))
    expect(flat.intercept).toBeCloseTo(samples.targets.reduce((sum, y) => sum + y, 0) / 40, 9)
  })

  test('refuses a negative penalty', () => {
    const samples = createSamples([[1], [2]], [1, 2])
    expect(caught(() => ridgeRegression(samples, { penalty: -1 }))).toMatchObject({ code: 'invalid-option' })
  })
})

describe('linearRegressionByGradientDescent', () => {
  const samples = randomSamples(80, 6, 4, ([a, b, c], noise) => 10 + 4 * a! - 3 * b! + 0.1 * c! + noise)

  test.each([0, 0.01, 1])('with all rows in each step agrees with the closed form to 1e-8, penalty %s', (penalty) => {
    const closed = ridgeRegression(samples, { penalty })
    const descended = linearRegressionByGradientDescent(samples, { penalty })
    expect(descended.status).toBe('converged')
    descended.weights.forEach((weight, column) =>
      expect(Math.abs(weight - closed.weights[column]!)).toBeLessThan(1e-8 * Math.abs(closed.weights[0]!)),
    )
    expect(Math.abs(descended.intercept - closed.intercept)).toBeLessThan(1e-8 * closed.intercept)
  })

  test('one plain step, by hand', () => {
    // Standardised x = -1 1 (x = 1 3), centred y = -2 2: gradient at 0 is -(1/2)((-1)(-2) + (1)(2)) = -2, so a step of
    // 0.5 makes the standardised weight 1; in own units 1 / deviation 1 = 1, intercept 3 - 1 * 2 = 1. Loss before: 4, after: 1.
    const model = linearRegressionByGradientDescent(createSamples([[1], [3]], [1, 5]), {
      learningRate: 0.5,
      momentum: 0,
      epochs: 1,
    })
    expect(model).toMatchObject({ weights: [1], intercept: 1, losses: [4, 1], epochs: 1, status: 'completed' })
  })

  test('with small batches comes near, repeats by its seed, and differs by another', () => {
    const options = { batchRows: 8, learningRate: 0.005, momentum: 0, epochs: 200 }
    const closed = linearRegression(samples)
    const model = linearRegressionByGradientDescent(samples, { ...options, seed: 1 })
    model.weights.forEach((weight, column) => expect(Math.abs(weight - closed.weights[column]!)).toBeLessThan(0.1))
    expect(linearRegressionByGradientDescent(samples, { ...options, seed: 1 })).toEqual(model)
    expect(linearRegressionByGradientDescent(samples, { ...options, seed: 2 }).weights).not.toEqual(model.weights)
  })

  test('a rate that is too large is named, not returned as NaN', () => {
    const error = caught(() => linearRegressionByGradientDescent(samples, { learningRate: 100 }))
    expect(error).toMatchObject({ code: 'invalid-option', path: 'options.learningRate', received: 100 })
  })

  test('stops at an abort with the weights it has, progress rising', async () => {
    const controller = new AbortController()
    const fractions: number[] = []
    const model = await linearRegressionByGradientDescentAsync(samples, {
      signal: controller.signal,
      onProgress: ({ fraction, iteration }) => {
        fractions.push(fraction)
        if (iteration === 5) controller.abort()
      },
    })
    expect(model).toMatchObject({ status: 'aborted', epochs: 5 })
    expect(fractions).toEqual([1, 2, 3, 4, 5].map((epoch) => epoch / gradientDescentDefaults.epochs))
  })

  test('a column of constants and a lone row are no trouble', () => {
    expect(linearRegressionByGradientDescent(createSamples([[5]], [3]))).toMatchObject({ intercept: 3, weights: [0] })
  })
})

test('models survive JSON', () => {
  const samples = randomSamples(20, 2, 6, ([a]) => a!)
  for (const model of [linearRegression(samples), linearRegressionByGradientDescent(samples)]) {
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
  }
})
