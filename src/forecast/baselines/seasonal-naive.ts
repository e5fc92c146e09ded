import { integerIn, readOptions } from '../../errors/read-options.ts'
import { type MethodParts, type SavableMethod, savableMethod } from '../fitted/method.ts'
import { hasNumber, type PointRule } from '../fitted/point-rule.ts'
import { type NaiveOptions, naiveParts } from './naive.ts'

/** Options of `seasonalNaive`. */
export interface SeasonalNaiveOptions extends NaiveOptions {
  /** Length of a season in steps, >= 1: of 5-minute steps 12 are an hour, 288 a day. @defaultValue 288 */
  readonly season?: number
}

/** Defaults of `seasonalNaive`. */
export const seasonalNaiveDefaults: Required<SeasonalNaiveOptions> = Object.freeze({ horizon: 12, season: 288 })

/** Parameters of the rule. */
export interface SeasonalNaiveParameters {
  readonly season: number
}

/** The last season, repeated. */
export const seasonalNaiveRule: PointRule<SeasonalNaiveParameters> = {
  method: 'seasonal-naive',
  accepts: (parameters, contextSteps) => hasNumber(parameters, 'season', contextSteps, contextSteps),
  path: ({ season }, context, horizon) => Float64Array.from({ length: horizon }, (_, h) => context[h % season]!),
}

export function seasonalNaiveParts(season: number, horizon: number): MethodParts<SeasonalNaiveParameters> {
  return { rule: seasonalNaiveRule, horizon, fit: () => ({ parameters: { season }, contextSteps: season }) }
}

/**
 * The seasonal naive forecast: each of the next steps is like the one a season before it. Falls back to naive.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * seasonalNaive({ season: 12 }).fit([series])
 */
export function seasonalNaive(options: SeasonalNaiveOptions = {}): SavableMethod {
  const entries = { horizon: integerIn(1, 100_000), season: integerIn(1, 100_000) }
  const { season, horizon } = readOptions(entries, seasonalNaiveDefaults, options)
  return savableMethod(seasonalNaiveParts(season, horizon), [naiveParts(horizon)])
}
