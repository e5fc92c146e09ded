import type { Rows } from './sorted-rows.ts'

/**
 * Brings every column to [0, 1]: (x - least) / (largest - least). A column of one value becomes 0.
 */
export function minMaxColumns(rows: Rows): number[][] {
  const columns = rows[0]?.length ?? 0
  const least = new Float64Array(columns).fill(Infinity)
  const largest = new Float64Array(columns).fill(-Infinity)
  for (const row of rows) {
    for (let column = 0; column < columns; column++) {
      least[column] = Math.min(least[column]!, row[column]!)
      largest[column] = Math.max(largest[column]!, row[column]!)
    }
  }
  return rows.map((row) =>
    row.map((value, column) => {
      const range = largest[column]! - least[column]!
      return range > 0 ? (value - least[column]!) / range : 0
    }),
  )
}
