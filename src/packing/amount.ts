/**
 * Amounts are kept as whole millionths of their unit: sums of whole numbers are exact, so that a release undoes its
 * placement to the last bit and ten tenths fill a one.
 */
const millionthsPerUnit = 1e6

/** Above this an amount in millionths is no longer a whole number of its own (2^53 - 1). */
export const largestAmount: number = Number.MAX_SAFE_INTEGER / millionthsPerUnit

/** A device, e.g. a GPU, in millionths. */
export const wholeDevice: number = millionthsPerUnit

/** An amount in millionths, rounded to the nearest. */
export function toMillionths(amount: number): number {
  return Math.round(amount * millionthsPerUnit)
}

/** The amount that so many millionths are. */
export function fromMillionths(millionths: number): number {
  return millionths / millionthsPerUnit
}
