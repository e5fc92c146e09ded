import { createRng } from '../../../src/random/rng.ts'
import { createSamples, type Samples } from '../../../src/forecast/regression/samples.ts'

/** Uniform inputs in [-1, 1) and the targets that a formula makes of them. */
export function randomSamples(
  rowCount: number,
  columnCount: number,
  seed: number,
  target: (row: readonly number[], noise: number) => number,
): Samples {
  const rng = createRng(seed)
  const rows = Array.from({ length: rowCount }, () => Array.from({ length: columnCount }, () => 2 * rng() - 1))
  return createSamples(
    rows,
    rows.map((row) => target(row, 2 * rng() - 1)),
  )
}
