import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { isRecord } from '../../errors/is-record.ts'
import { exp, ln } from '../../random/portable-math.ts'
import type { Rng } from '../../random/rng.ts'
import { pickIndex, uniform } from '../../random/sample.ts'

/** Numbers to draw from. */
export interface NumberRange {
  readonly low: number
  /** May be drawn itself only where `integer` is set. */
  readonly high: number
  /** 'logarithmic': as many draws from 0.01 to 0.1 as from 0.1 to 1. @defaultValue 'linear' */
  readonly scale?: 'linear' | 'logarithmic'
  /** Whole numbers only. @defaultValue false */
  readonly integer?: boolean
}

/** The values to try of each parameter. */
export type Grid = Readonly<Record<string, readonly unknown[]>>

/** The values or the range to draw each parameter from. */
export type RandomSpace = Readonly<Record<string, readonly unknown[] | NumberRange>>

/** One value of each parameter of a space. */
export type ParametersOf<S extends RandomSpace> = {
  readonly [K in keyof S]: S[K] extends readonly (infer V)[] ? V : number
}

/** Every combination of a grid, the last parameter changing fastest. */
export function* gridPoints<const S extends Grid>(grid: S): Generator<ParametersOf<S>> {
  const names = Object.keys(grid)
  const chosen = new Int32Array(names.length)
  for (;;) {
    yield Object.fromEntries(names.map((name, i) => [name, grid[name]![chosen[i]!]])) as ParametersOf<S>
    let last = names.length - 1
    while (last >= 0 && ++chosen[last]! === grid[names[last]!]!.length) chosen[last--] = 0
    if (last < 0) return
  }
}

/** Number of combinations of a grid. */
export function gridSize(grid: Grid): number {
  return Object.values(grid).reduce((size, values) => size * values.length, 1)
}

/** Draws so often in a row that gave nothing new end a random search: the space is used up. */
const mostRepeats = 1000

/** Random combinations, none twice; ends early where the space has no more. */
export function* randomPoints<const S extends RandomSpace>(
  space: S,
  count: number,
  rng: Rng,
): Generator<ParametersOf<S>> {
  const seen = new Set<string>()
  for (let repeats = 0; seen.size < count && repeats < mostRepeats; repeats++) {
    const entries = Object.entries(space).map(([name, from]) => [name, draw(from, rng)] as const)
    const key = JSON.stringify(entries.map(([, value]) => value))
    if (seen.has(key)) continue
    seen.add(key)
    repeats = 0
    yield Object.fromEntries(entries) as ParametersOf<S>
  }
}

/** @throws CloudschedError `invalid-input` for a space with nothing to try */
export function checkSpace(space: RandomSpace): void {
  const isObject = isRecord(space)
  const broken = isObject ? Object.entries(space).find(([, values]) => !isTryable(values)) : ['', space]
  if (!broken) return
  const path = broken[0] === '' ? 'space' : `space.${broken[0]}`
  const expected = isObject
    ? 'a list of at least one value or, in a random search, a range { low, high } with low < high, low > 0 if logarithmic'
    : 'an object with an entry for each parameter'
  throw new CloudschedError('invalid-input', [{ path, received: broken[1], expected }])
}

function isTryable(values: readonly unknown[] | NumberRange): boolean {
  if (Array.isArray(values)) return values.length > 0
  if (typeof values !== 'object' || values === null) return false
  const { low, high, scale = 'linear' } = values as NumberRange
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) return false
  return scale === 'linear' || (scale === 'logarithmic' && low > 0)
}

function draw(from: readonly unknown[] | NumberRange, rng: Rng): unknown {
  if (!isRange(from)) return from[pickIndex(rng, from.length)]
  const { low, high, scale = 'linear', integer = false } = from
  // A whole number stands for the stretch up to the next, so that both ends are as likely as the rest.
  const end = integer ? high + 1 : high
  const value = scale === 'linear' ? uniform(rng, low, end) : exp(uniform(rng, ln(low), ln(end)))
  return integer ? Math.min(high, Math.floor(value)) : Math.min(high, Math.max(low, value))
}

function isRange(from: readonly unknown[] | NumberRange): from is NumberRange {
  return !Array.isArray(from)
}
