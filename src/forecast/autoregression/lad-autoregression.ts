import { integerIn } from '../../errors/read-options.ts'
import type { SavableMethod } from '../fitted/method.ts'
import {
  type AutoregressionOptions,
  autoregressionDefaults,
  autoregressionEntries,
  linearAutoregression,
  readAutoregression,
} from './autoregression.ts'
import { leastAbsoluteDeviations } from './least-absolute-deviations.ts'

/** Options of `ladAutoregression`. */
export interface LadAutoregressionOptions extends AutoregressionOptions {
  /** What is taken off every value of a window: the median of its lags, or nothing. @defaultValue 'median' */
  readonly centre?: 'median' | 'none'
  /** Most iterations of the reweighted least squares for each step ahead, >= 1. @defaultValue 30 */
  readonly iterations?: number
}

/** Defaults of `ladAutoregression`; its windows are centred by their medians. */
export const ladAutoregressionDefaults: Required<LadAutoregressionOptions> = Object.freeze({
  ...autoregressionDefaults,
  centre: 'median',
  iterations: 30,
})

/**
 * Autoregression by least absolute deviations with median centring, the library's default forecaster: for each step
 * ahead one linear function of the last `lags` values less their median. Spikes in the training rows do not bend it, and a level never seen before does not
 * mislead it.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * const forecaster = ladAutoregression().fit([series])
 * forecaster.forecast({ history: series, horizon: 12, levels: [0.5, 0.85] })
 */
export function ladAutoregression(options: LadAutoregressionOptions = {}): SavableMethod {
  const entries = { ...autoregressionEntries, iterations: integerIn(1, 10_000) }
  const read = readAutoregression<LadAutoregressionOptions>(entries, ladAutoregressionDefaults, options)
  return linearAutoregression('lad-autoregression', read, (regression) =>
    leastAbsoluteDeviations(regression, read.iterations),
  )
}
