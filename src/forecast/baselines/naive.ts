import { integerIn, readOptions } from '../../errors/read-options.ts'
import { type MethodParts, type SavableMethod, savableMethod } from '../fitted/method.ts'
import type { PointRule } from '../fitted/point-rule.ts'

/** Options that every method has. */
export interface NaiveOptions {
  /** Largest number of steps that the forecaster will be asked for, >= 1. @defaultValue 12 */
  readonly horizon?: number
}

/** Defaults of `naive`. */
export const naiveDefaults: Required<NaiveOptions> = Object.freeze({ horizon: 12 })

/** The present, repeated. It has no parameters. */
export const naiveRule: PointRule<object> = {
  method: 'naive',
  accepts: (parameters) => typeof parameters === 'object' && parameters !== null,
  path: (_, context, horizon) => new Float64Array(horizon).fill(context.at(-1)!),
}

export function naiveParts(horizon: number): MethodParts<object> {
  return { rule: naiveRule, horizon, fit: () => ({ parameters: {}, contextSteps: 1 }) }
}

/**
 * The naive forecast: the next steps are like the present. What cannot beat it is worth nothing.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * naive().fit([series]).forecast({ history: series, horizon: 3 }).values
 */
export function naive(options: NaiveOptions = {}): SavableMethod {
  const { horizon } = readOptions({ horizon: integerIn(1, 100_000) }, naiveDefaults, options)
  return savableMethod(naiveParts(horizon))
}
