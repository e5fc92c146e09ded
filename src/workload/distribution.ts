import { type OptionRule, satisfying } from '../errors/read-options.ts'
import { exponential, normal, pareto } from '../random/distributions.ts'
import { type Rng, type Seed, substream } from '../random/rng.ts'
import { uniform } from '../random/sample.ts'

/** A distribution as plain data, so that options can be written to a file and read back. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  /** A real number in [min, max). */
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  /** A whole number in [min, max], each with the same chance. */
  | { readonly kind: 'whole'; readonly min: number; readonly max: number }
  /** Normal, with draws outside [min, max] moved to the nearer end. */
  | {
      readonly kind: 'normal'
      readonly mean: number
      readonly deviation: number
      readonly min: number
      readonly max: number
    }
  | { readonly kind: 'exponential'; readonly mean: number }
  /** Heavy tail: at least `min`, P(X > x) = (min / x)^shape, with draws above `max` (@defaultValue Infinity) moved to it. */
  | { readonly kind: 'pareto'; readonly min: number; readonly shape: number; readonly max?: number }
  /** One of the parts, chosen by weight: two parts make a bimodal distribution. */
  | { readonly kind: 'mixture'; readonly parts: readonly { readonly weight: number; readonly of: Distribution }[] }

/** Draws one value. */
export function sample(distribution: Distribution, rng: Rng): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value
    case 'uniform':
      return uniform(rng, distribution.min, distribution.max)
    case 'whole':
      return distribution.min + Math.floor(rng() * (distribution.max - distribution.min + 1))
    case 'normal':
      return Math.min(
        distribution.max,
        Math.max(distribution.min, normal(rng, distribution.mean, distribution.deviation)),
      )
    case 'exponential':
      return exponential(rng, distribution.mean)
    case 'pareto':
      return Math.min(distribution.max ?? Infinity, pareto(rng, distribution.min, distribution.shape))
    case 'mixture':
      return sample(distribution.parts[pickByWeight(rng, distribution.parts)]!.of, rng)
  }
}

/** Whole numbers >= 1 from a stream of their own. */
export function wholeDraws(count: number, distribution: Distribution, seed: Seed, label: string): number[] {
  const rng = substream(seed, label)
  return Array.from({ length: count }, () => Math.max(1, Math.round(sample(distribution, rng))))
}

/** Index of one of the items, with a chance in proportion to its weight. */
export function pickByWeight(rng: Rng, items: readonly { readonly weight: number }[]): number {
  let left = rng() * items.reduce((sum, { weight }) => sum + weight, 0)
  for (let index = 0; index < items.length - 1; index++) {
    left -= items[index]!.weight
    if (left < 0) return index
  }
  return items.length - 1
}

/** An option that must be a distribution with values >= `low`. */
export function distributionFrom(low: number): OptionRule<Distribution> {
  const rule = `a distribution of numbers >= ${low}, e.g. { kind: 'uniform', min: 1, max: 2 }`
  return satisfying<Distribution>((value) => isDistribution(value, low), rule)
}

/** Whether a value is a distribution that gives numbers >= `low` only. */
export function isDistribution(value: unknown, low: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  const given = value as Record<string, unknown>
  const number = (key: string, least: number): boolean =>
    typeof given[key] === 'number' && Number.isFinite(given[key]) && given[key] >= least
  const range = (): boolean => number('min', low) && number('max', given['min'] as number)
  switch (given['kind']) {
    case 'constant':
      return number('value', low)
    case 'uniform':
      return range()
    case 'whole':
      return range() && Number.isInteger(given['min']) && Number.isInteger(given['max'])
    case 'normal':
      return range() && number('mean', -Infinity) && number('deviation', 0)
    case 'exponential':
      return low <= 0 && number('mean', 0)
    case 'pareto':
      return (
        number('min', Math.max(low, Number.MIN_VALUE)) &&
        number('shape', Number.MIN_VALUE) &&
        (given['max'] === undefined || number('max', given['min'] as number))
      )
    case 'mixture':
      return (
        Array.isArray(given['parts']) &&
        given['parts'].length > 0 &&
        given['parts'].every((part) => isWeighted(part) && isDistribution(part['of'], low))
      )
    default:
      return false
  }
}

function isWeighted(part: unknown): part is Record<string, unknown> {
  if (typeof part !== 'object' || part === null || !('weight' in part)) return false
  return typeof part.weight === 'number' && Number.isFinite(part.weight) && part.weight > 0
}
