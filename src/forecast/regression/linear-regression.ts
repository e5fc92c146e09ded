import { CholeskyDecomposition, Matrix, QrDecomposition, SingularValueDecomposition } from 'ml-matrix'
import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { numberIn, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { type ColumnMoments, columnMoments, inOwnUnits, standardised } from './column-moments.ts'
import type { Samples } from './samples.ts'

/** A fitted straight line, plane or hyperplane: plain data. */
export interface LinearModel {
  readonly intercept: number
  /** One for each column of the inputs, in target units per input unit. */
  readonly weights: readonly number[]
  /** The ridge penalty it was fitted with; 0 = none. */
  readonly penalty: number
  /**
   * Number of columns that are independent of each other. Where it is below the number of weights and there is no
   * penalty, many models fit equally well, and this one has the smallest standardised weights.
   */
  readonly rank: number
}

/** Options of `ridgeRegression`. */
export interface RidgeOptions {
  /** Strength in [0, inf): the weight of a lone column shrinks by the factor 1 / (1 + penalty), whatever its unit and the number of rows. @defaultValue 0.001 */
  readonly penalty?: number
}

/** Defaults of `ridgeRegression`. */
export const ridgeDefaults: { readonly penalty: 0.001 } = Object.freeze({ penalty: 0.001 })

const entries: OptionEntries = { penalty: numberIn(0) }

/** Share of the largest diagonal element of R below which a column counts as a mix of the others. */
const leastPivot = 1e-10

/**
 * Ordinary least squares in closed form: the weights that minimise the mean squared residual, by QR decomposition of
 * the standardised inputs (Golub 1965); where columns depend on each other, the smallest such weights by the singular
 * value decomposition. O(rows columns^2).
 *
 * @throws CloudschedError `invalid-input` for samples that did not come from `createSamples`
 *
 * @example
 * linearRegression(createSamples([[1], [2], [3]], [3, 5, 7])) // { intercept: 1, weights: [2], ... }
 */
export function linearRegression(samples: Samples): LinearModel {
  return leastSquares(samples, [samples.targets], 0)[0]!
}

/**
 * Ridge regression (Hoerl, Kennard 1970) in closed form: minimises the mean of (target - prediction)^2 plus
 * penalty * sum of (weight_j deviation_j)^2, by Cholesky decomposition of the normal equations. The intercept bears no
 * penalty, and standardising makes the result independent of the units of the inputs. O(rows columns^2).
 *
 * @throws CloudschedError `invalid-option` for a negative penalty or an unknown option
 *
 * @example
 * ridgeRegression(samples, { penalty: 0.01 }).weights
 */
export function ridgeRegression(samples: Samples, options: RidgeOptions = {}): LinearModel {
  const { penalty } = readOptions(entries, ridgeDefaults, options)
  return leastSquares(samples, [samples.targets], penalty)[0]!
}

/**
 * The target that a linear model expects for one row of inputs.
 *
 * @throws CloudschedError `invalid-input` for a row of another length
 */
export function predictLinear(model: LinearModel, row: ArrayLike<number>): number {
  checkRow(row, model.weights.length)
  return linearSum(model, row)
}

/** Intercept plus weighted inputs, for a row that is known to be long enough. */
export function linearSum(model: Pick<LinearModel, 'intercept' | 'weights'>, row: ArrayLike<number>): number {
  let sum = model.intercept
  for (let column = 0; column < model.weights.length; column++) sum += model.weights[column]! * row[column]!
  return sum
}

/** @throws CloudschedError `invalid-input` unless the row has one finite number for each column */
export function checkRow(row: ArrayLike<number>, columnCount: number): void {
  if (row.length !== columnCount) {
    const expected = `of length ${columnCount}, as in training`
    throw new CloudschedError('invalid-input', [{ path: 'row', received: row.length, expected }])
  }
  for (let column = 0; column < columnCount; column++) {
    if (Number.isFinite(row[column])) continue
    const finding = { path: `row[${column}]`, received: row[column], expected: 'a finite number' }
    throw new CloudschedError('invalid-input', [finding])
  }
}

/** One model for each list of targets, all on the same inputs, which are decomposed once. */
export function leastSquares(samples: Samples, targets: readonly Float64Array[], penalty: number): LinearModel[] {
  const { rowCount, columnCount } = samples
  const moments = columnMoments(samples)
  const inputs = Matrix.from1DArray(rowCount, columnCount, standardised(samples, moments))
  const means = targets.map((list) => list.reduce((sum, target) => sum + target, 0) / rowCount)
  const centred = new Matrix(rowCount, targets.length)
  targets.forEach((list, k) => list.forEach((target, row) => centred.set(row, k, target - means[k]!)))
  const { weights, rank } = penalty > 0 ? ridge(inputs, centred, penalty) : unpenalised(inputs, centred, moments)
  return means.map((mean, k) => ({ ...inOwnUnits(weights.getColumn(k), mean, moments), penalty, rank }))
}

interface Solution {
  readonly weights: Matrix
  readonly rank: number
}

/** (Z'Z / n + penalty I) v = Z'y / n. */
function ridge(inputs: Matrix, targets: Matrix, penalty: number): Solution {
  const transposed = inputs.transpose()
  const normal = transposed.mmul(inputs).div(inputs.rows)
  for (let column = 0; column < normal.rows; column++) normal.set(column, column, normal.get(column, column) + penalty)
  return {
    weights: new CholeskyDecomposition(normal).solve(transposed.mmul(targets).div(inputs.rows)),
    rank: inputs.columns,
  }
}

function unpenalised(inputs: Matrix, targets: Matrix, { deviations }: ColumnMoments): Solution {
  const varies = deviations.every((deviation) => deviation > 0)
  if (varies && inputs.rows > inputs.columns) {
    const decomposition = new QrDecomposition(inputs)
    const pivots = decomposition.upperTriangularMatrix.diagonal().map(Math.abs)
    if (Math.min(...pivots) > leastPivot * Math.max(...pivots)) {
      return { weights: decomposition.solve(targets), rank: inputs.columns }
    }
  }
  const decomposition = new SingularValueDecomposition(inputs, { autoTranspose: true })
  return { weights: decomposition.solve(targets), rank: decomposition.rank }
}
