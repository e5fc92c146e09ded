/** More decades than this hide what differs: a gap of rounding alone must not stretch the axis. */
const widestRatio = 1e5

/**
 * Where a logarithmic axis for these values begins: below the smallest that is above 0, and what is not above 0 stands
 * there too.
 *
 * @returns `null` when no value is above 0
 */
export function lowerEdge(values: readonly number[]): number | null {
  const { least, most } = positiveRange(values)
  return most > 0 ? Math.max(least / 2, most / widestRatio) : null
}

/** Largest over smallest of the values above 0; 1 when there are none. */
export function spread(values: readonly number[]): number {
  const { least, most } = positiveRange(values)
  return most > 0 ? most / least : 1
}

function positiveRange(values: readonly number[]): { readonly least: number; readonly most: number } {
  const positive = values.filter((value) => value > 0)
  return {
    least: positive.reduce((least, value) => Math.min(least, value), Infinity),
    most: positive.reduce((most, value) => Math.max(most, value), 0),
  }
}

/**
 * Numbers for the ticks of a logarithmic axis from `low` to `high`: 1, 2 and 5 of each power of ten, or the powers alone
 * where that would be too many.
 */
export function logarithmicTicks(low: number, high: number): number[] {
  const powers: number[] = []
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high; power *= 10)
    powers.push(Number(power.toPrecision(1)))
  const steps = high / low > 1000 ? [1] : [1, 2, 5]
  return powers
    .flatMap((power) => steps.map((step) => Number((step * power).toPrecision(1))))
    .filter((tick) => tick >= low && tick <= high)
}
