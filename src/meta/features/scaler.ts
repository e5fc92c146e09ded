/** Means and standard deviations by which numbers become standardised: fitted once, part of the model. */
export interface Scaler {
  readonly means: readonly number[]
  /** 1 where all numbers of the fit were the same. */
  readonly deviations: readonly number[]
}

/** Fits a scaler to rows of numbers. */
export function fitScaler(rows: readonly (readonly number[])[]): Scaler {
  const width = rows[0]?.length ?? 0
  const means = Array.from({ length: width }, (_, k) => rows.reduce((sum, row) => sum + row[k]!, 0) / rows.length)
  const deviations = means.map((mean, k) => {
    const square = rows.reduce((sum, row) => sum + (row[k]! - mean) * (row[k]! - mean), 0) / rows.length
    return square > 0 ? Math.sqrt(square) : 1
  })
  return { means, deviations }
}

/** Standardises one row into `target`, from `offset` on. */
export function standardise(
  { means, deviations }: Scaler,
  row: readonly number[],
  target: Float32Array,
  offset: number,
): void {
  for (let k = 0; k < row.length; k++) target[offset + k] = (row[k]! - means[k]!) / deviations[k]!
}
