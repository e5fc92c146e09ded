import { integerIn, readOptions } from '../../errors/read-options.ts'
import { type FallbackOptions, fallbackDefaults, fallbackEntries, standIns } from '../fitted/fallbacks.ts'
import { type SavableMethod, savableMethod } from '../fitted/method.ts'
import type { PointRule } from '../fitted/point-rule.ts'
import { median } from '../series/median.ts'

/** Options of `rollingMedian`. */
export interface RollingMedianOptions extends FallbackOptions {
  /** Number of last steps of which the median is taken, >= 1. @defaultValue 12 */
  readonly window?: number
}

/** Defaults of `rollingMedian`. */
export const rollingMedianDefaults: Required<RollingMedianOptions> = Object.freeze({ ...fallbackDefaults, window: 12 })

/** The median of the context, repeated. It has no parameters. */
export const rollingMedianRule: PointRule<object> = {
  method: 'rolling-median',
  accepts: (parameters) => typeof parameters === 'object' && parameters !== null,
  path: (_, context, horizon) => new Float64Array(horizon).fill(median(context)),
}

/**
 * The rolling median: all next steps are like the median of the last ones, which a spike does not move.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * rollingMedian({ window: 12 }).fit([series])
 */
export function rollingMedian(options: RollingMedianOptions = {}): SavableMethod {
  const entries = { ...fallbackEntries, window: integerIn(1, 100_000) }
  const read = readOptions(entries, rollingMedianDefaults, options)
  const { window, horizon } = read
  return savableMethod(
    { rule: rollingMedianRule, horizon, fit: () => ({ parameters: {}, contextSteps: window }) },
    standIns(read),
  )
}
