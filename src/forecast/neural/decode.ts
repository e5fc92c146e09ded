import type { Values } from './arithmetic.ts'
import type { Head } from './head.ts'
import { logSumExp } from './loss.ts'
import type { Frame } from './normalisation.ts'

type ValueHead = Extract<Head, { head: 'regression' | 'levels' }>

/** Paths of a window: one value for each step ahead, and one path per level asked for. */
export interface DecodedPaths {
  readonly values: Float64Array
  readonly quantiles: readonly Float64Array[]
}

/**
 * Values and quantiles out of the outputs of one window. Regression: the outputs are quantiles, sorted so that they
 * never cross; levels between the trained ones lie on a straight line between them, levels outside take the outermost.
 * Levels: the value is the mean of the class centres under the class probabilities, quantiles come from their distribution
 * function, a broken line through the ends and the median of each class.
 *
 * @param start - index of the window's first output
 */
export function decodePaths(
  head: ValueHead,
  outputs: Values,
  start: number,
  { centre, scale }: Frame,
  steps: number,
  levels: readonly number[],
): DecodedPaths {
  const values = new Float64Array(steps)
  const quantiles = levels.map(() => new Float64Array(steps))
  for (let h = 0; h < steps; h++) {
    const { value, below, limits } =
      head.head === 'regression' ? regressionStep(head, outputs, start, h) : levelsStep(head, outputs, start, h)
    values[h] = centre + scale * value
    for (let k = 0; k < levels.length; k++) quantiles[k]![h] = centre + scale * onLine(below, limits, levels[k]!)
  }
  return { values, quantiles }
}

/** What a head says of one step: a value, and the quantile function, a broken line through probabilities and limits. */
interface DecodedStep {
  readonly value: number
  readonly below: readonly number[]
  readonly limits: readonly number[]
}

function regressionStep(
  { quantiles }: Extract<Head, { head: 'regression' }>,
  outputs: Values,
  start: number,
  h: number,
): DecodedStep {
  const first = start + h * quantiles.length
  const limits: number[] = []
  for (let q = 0; q < quantiles.length; q++) {
    const output = outputs[first + q]!
    let place = q
    for (; place > 0 && limits[place - 1]! > output; place--) limits[place] = limits[place - 1]!
    limits[place] = output
  }
  return { value: onLine(quantiles, limits, 0.5), below: quantiles, limits }
}

function levelsStep(
  { classes, edges, centres, ends }: Extract<Head, { head: 'levels' }>,
  outputs: Values,
  start: number,
  h: number,
): DecodedStep {
  const first = start + h * classes
  const shift = logSumExp(outputs, first, classes)
  // Points of the distribution function: the ends of each class, and its median half way between.
  const below = [0]
  const limits = [ends[0]]
  let sum = 0
  let value = 0
  for (let c = 0; c < classes; c++) {
    const probability = Math.exp(outputs[first + c]! - shift)
    value += probability * centres[c]!
    below.push(sum + probability / 2, sum + probability)
    limits.push(centres[c]!, edges[c] ?? ends[1])
    sum += probability
  }
  return { value, below, limits }
}

/** The broken line through the points (x, y), x ascending, at `at`; constant outside. */
function onLine(x: ArrayLike<number>, y: ArrayLike<number>, at: number): number {
  if (at <= x[0]!) return y[0]!
  for (let i = 1; i < x.length; i++) {
    if (at > x[i]!) continue
    return y[i - 1]! + ((at - x[i - 1]!) / (x[i]! - x[i - 1]!)) * (y[i]! - y[i - 1]!)
  }
  return y[x.length - 1]!
}

/**
 * Probability that the threshold is reached within the next h steps, for h = 1 .. horizon; a probability within more
 * steps is at least that within fewer.
 *
 * @param start - index of the window's first output
 */
export function exceedanceProbabilities(outputs: Values, start: number, horizon: number): Float64Array {
  const probabilities = new Float64Array(horizon)
  let largest = 0
  for (let h = 0; h < horizon; h++) {
    const at = start + 2 * h
    largest = Math.max(largest, Math.exp(outputs[at + 1]! - logSumExp(outputs, at, 2)))
    probabilities[h] = largest
  }
  return probabilities
}
