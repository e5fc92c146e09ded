import type { Samples } from './samples.ts'

/** Mean and standard deviation of each column of the inputs. */
export interface ColumnMoments {
  readonly means: Float64Array
  /** 0 for a constant column. */
  readonly deviations: Float64Array
}

/** Share of a column's size below which its spread is rounding and not information. */
const leastSpread = 1e-12

/** Mean and standard deviation (divided by the number of rows) of each column, in two passes. */
export function columnMoments({ inputs, rowCount, columnCount }: Samples): ColumnMoments {
  const means = new Float64Array(columnCount)
  const deviations = new Float64Array(columnCount)
  const sizes = new Float64Array(columnCount)
  for (let i = 0; i < inputs.length; i++) {
    const column = i % columnCount
    means[column]! += inputs[i]! / rowCount
    sizes[column] = Math.max(sizes[column]!, Math.abs(inputs[i]!))
  }
  for (let i = 0; i < inputs.length; i++) {
    const column = i % columnCount
    const distance = inputs[i]! - means[column]!
    deviations[column]! += (distance * distance) / rowCount
  }
  for (let column = 0; column < columnCount; column++) {
    const deviation = Math.sqrt(deviations[column]!)
    deviations[column] = deviation > leastSpread * sizes[column]! ? deviation : 0
  }
  return { means, deviations }
}

/** The inputs row after row with mean 0 and deviation 1 in each column; a constant column becomes 0. */
export function standardised({ inputs, columnCount }: Samples, { means, deviations }: ColumnMoments): Float64Array {
  const result = new Float64Array(inputs.length)
  for (let i = 0; i < inputs.length; i++) {
    const column = i % columnCount
    const deviation = deviations[column]!
    result[i] = deviation === 0 ? 0 : (inputs[i]! - means[column]!) / deviation
  }
  return result
}

/** Weights for standardised inputs, brought back to the inputs as they are measured. */
export function inOwnUnits(
  weights: ArrayLike<number>,
  intercept: number,
  { means, deviations }: ColumnMoments,
): { readonly intercept: number; readonly weights: readonly number[] } {
  const own = Array.from(deviations, (deviation, column) => (deviation === 0 ? 0 : weights[column]! / deviation))
  return { intercept: own.reduce((rest, weight, column) => rest - weight * means[column]!, intercept), weights: own }
}
