import type { Values } from './arithmetic.ts'
import { signOf } from './binarise.ts'

/** What stands between a sequence and the product that reads it: the sign of binarised activations, and dropout. */
export interface Presentation {
  /** Binarised activations: the product sees signs. */
  readonly signed: boolean
  /** Dropout mask (batch x width), 0 or 1 / (1 - rate), the same at every step; `null` at inference. */
  readonly mask: Values | null
}

/** True when the product sees its input unchanged. */
export function isPlain({ signed, mask }: Presentation): boolean {
  return !signed && mask === null
}

/** target = the `count` entries of one step as the product shall see them. Rows of the source lie `sourceRow` apart. */
export function present(
  { signed, mask }: Presentation,
  source: Values,
  sourceStart: number,
  sourceRow: number,
  batch: number,
  width: number,
  target: Values,
  targetStart: number,
): void {
  for (let b = 0; b < batch; b++) {
    const from = sourceStart + b * sourceRow
    const to = targetStart + b * width
    for (let j = 0; j < width; j++) {
      const value = signed ? signOf(source[from + j]!) : source[from + j]!
      target[to + j] = mask ? value * mask[b * width + j]! : value
    }
  }
}

/**
 * Adds the gradient of `present` to that of its source. Signs pass it straight through: what the recurrent layers see
 * are values of tanh and their averages, so |x| <= 1 holds and the window of the estimator is always open.
 */
export function presentBackward(
  { mask }: Presentation,
  gradient: Values,
  gradientStart: number,
  batch: number,
  width: number,
  sourceGradient: Values,
  sourceStart: number,
  sourceRow: number,
): void {
  for (let b = 0; b < batch; b++) {
    const from = gradientStart + b * width
    const to = sourceStart + b * sourceRow
    for (let j = 0; j < width; j++) {
      const value = mask ? gradient[from + j]! * mask[b * width + j]! : gradient[from + j]!
      sourceGradient[to + j] = sourceGradient[to + j]! + value
    }
  }
}
