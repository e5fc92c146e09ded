import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type LogisticOptions,
  logistic,
  logisticRegression,
  predictLogistic,
} from '../../../src/forecast/regression/logistic-regression.ts'
import { createSamples, inputsOf, type Samples } from '../../../src/forecast/regression/samples.ts'
import { caught } from '../../caught.ts'
import { randomSamples } from './random-samples.ts'

const noisy = randomSamples(200, 3, 7, ([a, b], noise) => (a! - 0.5 * b! + noise > 0.3 ? 1 : 0))

/** Mean log-loss at a model's weights, as the definition says. */
function logLoss(samples: Samples, intercept: number, weights: readonly number[]): number {
  return (
    samples.targets.reduce((sum, target, row) => {
      const z = inputsOf(samples, row).reduce((odds, x, column) => odds + weights[column]! * x, intercept)
      const p = 1 / (1 + Math.exp(-z))
      return sum - Math.log(target === 1 ? p : 1 - p)
    }, 0) / samples.rowCount
  )
}

describe('logisticRegression', () => {
  test('hand-computed: one yes-or-no input has the log-odds of its groups', () => {
    // x = 0: 1 of 4 positive, odds 1/3; x = 1: 3 of 4 positive, odds 3. Intercept ln(1/3), weight ln 9, as the penalty goes to 0.
    const rows = [0, 0, 0, 0, 1, 1, 1, 1].map((x) => [x])
    const model = logisticRegression(createSamples(rows, [1, 0, 0, 0, 1, 1, 1, 0]), { penalty: 1e-12 })
    expect(model.intercept).toBeCloseTo(Math.log(1 / 3), 8)
    expect(model.weights[0]).toBeCloseTo(Math.log(9), 8)
    expect(model.converged).toBe(true)
    expect(predictLogistic(model, [1])).toBeCloseTo(0.75, 8)
  })

  test('is a minimum: no small step in any direction lowers the loss', () => {
    const { intercept, weights } = logisticRegression(noisy, { penalty: 1e-12 })
    const reached = logLoss(noisy, intercept, weights)
    for (const step of [-1e-3, 1e-3]) {
      expect(logLoss(noisy, intercept + step, weights)).toBeGreaterThan(reached)
      weights.forEach((_, column) => {
        const moved = weights.map((weight, other) => (other === column ? weight + step : weight))
        expect(logLoss(noisy, intercept, moved)).toBeGreaterThan(reached)
      })
    }
  })

  test('predicts the base rate on average, with balanced weights one half', () => {
    const average = (options: LogisticOptions, weigh: (target: number) => number): number => {
      const model = logisticRegression(noisy, options)
      let sum = 0
      let total = 0
      noisy.targets.forEach((target, row) => {
        sum += weigh(target) * predictLogistic(model, inputsOf(noisy, row))
        total += weigh(target)
      })
      return sum / total
    }
    const positives = noisy.targets.reduce((sum, target) => sum + target, 0)
    expect(average({}, () => 1)).toBeCloseTo(positives / 200, 8)
    const balanced = average({ classWeights: 'balanced' }, (target) =>
      target === 1 ? 1 / positives : 1 / (200 - positives),
    )
    expect(balanced).toBeCloseTo(0.5, 8)
  })

  test('a class weight of 2 is the same as each row of the class twice', () => {
    const rows = Array.from({ length: noisy.rowCount }, (_, row) => [...inputsOf(noisy, row)])
    const twice = rows.filter((_, row) => noisy.targets[row] === 1)
    const doubled = createSamples([...rows, ...twice], [...noisy.targets, ...twice.map(() => 1)])
    // Without a penalty to speak of, for it acts on columns standardised by the rows that are there.
    const weighted = logisticRegression(noisy, { classWeights: [1, 2], penalty: 1e-13 })
    const repeated = logisticRegression(doubled, { penalty: 1e-13 })
    weighted.weights.forEach((weight, column) => expect(weight).toBeCloseTo(repeated.weights[column]!, 7))
    expect(weighted.intercept).toBeCloseTo(repeated.intercept, 7)
  })

  test('stays finite where a line parts the classes', () => {
    const model = logisticRegression(createSamples([[1], [2], [3], [4]], [0, 0, 1, 1]))
    expect(model.converged).toBe(true)
    expect(predictLogistic(model, [1])).toBeLessThan(0.05)
    expect(predictLogistic(model, [4])).toBeGreaterThan(0.95)
  })

  test('does not depend on the unit of an input', () => {
    const scaled = createSamples(
      Array.from({ length: noisy.rowCount }, (_, row) => inputsOf(noisy, row).map((x) => 1000 * x)),
      noisy.targets,
    )
    const plain = logisticRegression(noisy)
    logisticRegression(scaled).weights.forEach((weight, column) =>
      expect(1000 * weight).toBeCloseTo(plain.weights[column]!, 8),
    )
  })

  test('refuses a single class and other targets', () => {
    expect(caught(() => logisticRegression(createSamples([[1], [2]], [1, 1])))).toMatchObject({
      code: 'invalid-input',
      path: 'targets',
    })
    expect(caught(() => logisticRegression(createSamples([[1], [2]], [1, 0.5]))).path).toBe('targets[1]')
    expect(caught(() => logisticRegression(noisy, { classWeights: [1, 0] }))).toMatchObject({ code: 'invalid-option' })
  })

  test('survives JSON', () => {
    const model = logisticRegression(noisy)
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
  })
})

test('the logistic function keeps within [0, 1] and is symmetric', () => {
  expect(logistic(0)).toBe(0.5)
  expect(logistic(800)).toBe(1)
  expect(logistic(-800)).toBe(0)
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(logistic(x) + logistic(-x)).toBeCloseTo(1, 14)
      expect(logistic(x)).toBeCloseTo(1 / (1 + Math.exp(-x)), 14)
    }),
  )
})
