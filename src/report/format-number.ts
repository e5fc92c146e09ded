/**
 * A number in `digits` significant digits, as a reader wants it: whole numbers and the whole part of large ones in
 * full, very small ones as a power of ten.
 *
 * @example
 * formatNumber(0.0123456) // '0.01235'
 */
export function formatNumber(value: number, digits: number = 4): string {
  if (!Number.isFinite(value)) return String(value)
  const rounded = Number(value.toPrecision(digits))
  const size = Math.abs(rounded)
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return rounded.toExponential(digits - 1)
  if (Number.isInteger(value)) return String(value)
  // The whole part of a large number is known: rounding it to zeros would hide digits that were asked for elsewhere.
  const wholeDigits = size < 1 ? -leadingZeros(size) : String(Math.trunc(size)).length
  return value.toFixed(Math.max(0, digits - wholeDigits))
}

/** Zeros right of the point before the first other digit: 2 for 0.00123. */
function leadingZeros(size: number): number {
  let zeros = 0
  for (let x = size; x < 0.1; x *= 10) zeros++
  return zeros
}
