import { integerIn, readOptions } from '../../errors/read-options.ts'
import { type FallbackOptions, fallbackDefaults, fallbackEntries, standIns } from '../fitted/fallbacks.ts'
import { type Fit, type SavableMethod, savableMethod } from '../fitted/method.ts'
import { hasNumber, type PointRule } from '../fitted/point-rule.ts'

/** Options of `holtWinters`. */
export interface HoltWintersOptions extends FallbackOptions {
  /** Length of a season in steps, >= 2. @defaultValue 12 */
  readonly season?: number
  /** Seasons of the past that level, trend and season are computed from, >= 2. @defaultValue 8 */
  readonly contextSeasons?: number
}

/** Defaults of `holtWinters`. */
export const holtWintersDefaults: Required<HoltWintersOptions> = Object.freeze({
  ...fallbackDefaults,
  season: 12,
  contextSeasons: 8,
})

/** Parameters of the rule: the smoothing weights of level, trend and season, and the damping of the trend. */
export interface HoltWintersParameters {
  readonly season: number
  readonly alpha: number
  readonly beta: number
  readonly gamma: number
  readonly phi: number
}

/** Weights that are tried in the fit; the best of all their combinations is taken. */
const grid = {
  alpha: [0.02, 0.05, 0.1, 0.2, 0.4, 0.7],
  beta: [0, 0.01, 0.05, 0.2],
  gamma: [0, 0.02, 0.05, 0.1, 0.3],
  phi: [0.8, 0.95, 1],
} as const

/** Where level, trend and season stand; the season's entry of step t is at t mod its length. */
interface State {
  level: number
  trend: number
  readonly seasonal: Float64Array
}

/** Additive Holt-Winters with a damped trend, started from a line and a mean season through the context. */
export const holtWintersRule: PointRule<HoltWintersParameters> = {
  method: 'holt-winters',
  accepts: (parameters, contextSteps) =>
    ['alpha', 'beta', 'gamma', 'phi'].every((key) => hasNumber(parameters, key, 0, 1)) &&
    hasNumber(parameters, 'season', 2, contextSteps / 2),
  path(parameters, context, horizon) {
    const { season, phi } = parameters
    const state = initialState(context, season, context.length / season)
    for (let t = season; t < context.length; t++) advance(state, context[t]!, t, parameters)
    let damped = 0
    let weight = 1
    return Float64Array.from({ length: horizon }, (_, h) => {
      weight *= phi
      damped += weight
      return state.level + damped * state.trend + state.seasonal[(context.length + h) % season]!
    })
  },
}

/**
 * Holt-Winters' exponential smoothing with additive season and damped additive trend (Winters 1960; Gardner and McKenzie
 * 1985). The weights are those of a fixed grid with the smallest sum of squared errors one step ahead on training rows.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * holtWinters({ season: 288, contextSeasons: 4 }).fit([series])
 */
export function holtWinters(options: HoltWintersOptions = {}): SavableMethod {
  const entries = { ...fallbackEntries, season: integerIn(2, 100_000), contextSeasons: integerIn(2, 1000) }
  const read = readOptions(entries, holtWintersDefaults, options)
  const { season, contextSeasons, horizon } = read
  const contextSteps = season * contextSeasons
  const fit = (training: readonly Float64Array[]): Fit<HoltWintersParameters> => {
    const runs = training.flatMap(knownRuns).filter(({ length }) => length > 2 * season)
    return runs.length === 0
      ? {
          contextSteps,
          unfitted: `no stretch of training rows is longer than two seasons of ${season} steps without a gap`,
        }
      : { contextSteps, parameters: bestWeights(runs, season, contextSeasons) }
  }
  return savableMethod({ rule: holtWintersRule, horizon, fit }, standIns(read))
}

/**
 * The state at the end of the first season: the trend from the means of the first and the last of the seasons, the
 * season from the mean distance of each of its steps from a line through the season's middle, the level on that line.
 *
 * @param seasons - whole seasons at the start of the values that are looked at, >= 2
 */
function initialState(values: Float64Array, season: number, seasons: number): State {
  const means = Float64Array.from({ length: seasons }, (_, k) => mean(values.subarray(k * season, (k + 1) * season)))
  const trend = (means.at(-1)! - means[0]!) / ((seasons - 1) * season)
  const middle = (season - 1) / 2
  const seasonal = Float64Array.from({ length: season }, (_, at) =>
    mean(means.map((level, k) => values[k * season + at]! - level - trend * (at - middle))),
  )
  return { level: means[0]! + trend * middle, trend, seasonal }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Moves the state to step t, whose value is known now; returns the error of the forecast for it. */
function advance(
  state: State,
  value: number,
  t: number,
  { season, alpha, beta, gamma, phi }: HoltWintersParameters,
): number {
  const at = t % season
  const expected = state.level + phi * state.trend
  const error = value - expected - state.seasonal[at]!
  const level = expected + alpha * error
  state.trend = phi * state.trend + beta * (level - expected)
  state.level = level
  state.seasonal[at]! += gamma * (value - level - state.seasonal[at]!)
  return error
}

function bestWeights(runs: readonly Float64Array[], season: number, seasons: number): HoltWintersParameters {
  let best = { squares: Infinity, parameters: { season, alpha: 0.1, beta: 0, gamma: 0, phi: 1 } }
  for (const alpha of grid.alpha)
    for (const beta of grid.beta)
      for (const gamma of grid.gamma)
        for (const phi of grid.phi) {
          const parameters = { season, alpha, beta, gamma, phi }
          const squares = runs.reduce((sum, values) => sum + squaredErrors(values, parameters, seasons), 0)
          if (squares < best.squares) best = { squares, parameters }
        }
  return best.parameters
}

function squaredErrors(values: Float64Array, parameters: HoltWintersParameters, seasons: number): number {
  const { season } = parameters
  const state = initialState(values, season, Math.min(seasons, Math.floor(values.length / season)))
  let sum = 0
  for (let t = season; t < values.length; t++) sum += advance(state, values[t]!, t, parameters) ** 2
  return sum
}

/** The stretches between missing values. */
function knownRuns(values: Float64Array): Float64Array[] {
  const runs: Float64Array[] = []
  let start = 0
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && !Number.isNaN(values[i])) continue
    if (i > start) runs.push(values.subarray(start, i))
    start = i + 1
  }
  return runs
}
