import type { ForecastMethod, TimeSeries } from '../../model/forecaster.ts'
import { checkSeries } from '../series/check-series.ts'
import { asFloat64 } from '../series/rows.ts'
import { errorQuantiles } from './error-quantiles.ts'
import { createFitted, type FittedForecaster, type FittedRule } from './fitted-forecaster.ts'
import type { PointRule } from './point-rule.ts'
import { savedVersion } from './saved-forecaster.ts'

/** A method whose forecasters can be saved. Several training series share one model. */
export interface SavableMethod extends ForecastMethod {
  readonly fit: (training: readonly TimeSeries[]) => FittedForecaster
}

/** What a fit found: the parameters and the context they need, or why there are none. */
export type Fit<P> =
  | {
      readonly parameters: P
      readonly contextSteps: number
      /**
       * A fit that has not seen these rows: its errors on them are the quantiles, where the parameters have learnt the
       * training rows too closely for their own. @defaultValue the parameters themselves on all training rows
       */
      readonly heldOut?: { readonly parameters: P; readonly rows: readonly Float64Array[] }
    }
  | { readonly unfitted: string; readonly contextSteps: number }

/** The parts of a method that are its own. */
export interface MethodParts<P> {
  readonly rule: PointRule<P>
  /** Largest horizon that it will be asked for. */
  readonly horizon: number
  /** @param training - one list of values per series; NaN marks a missing value */
  fit(training: readonly Float64Array[]): Fit<P>
}

/**
 * Puts a method together from its parts: fits the rule and the quantiles of its errors, and likewise those that stand in
 * for it, on the same rows.
 */
export function savableMethod<P>(own: MethodParts<P>, fallbacks: readonly MethodParts<unknown>[] = []): SavableMethod {
  return {
    name: own.rule.method,
    fit(training) {
      checkSeries(training, 'training')
      const rows = training.map(({ values }) => asFloat64(values))
      const { stepSeconds } = training[0]!
      const standIns = fallbacks.map((parts) => fitRule(parts, rows, stepSeconds, []))
      return createFitted(fitRule(own, rows, stepSeconds, standIns), standIns)
    },
  }
}

function fitRule<P>(
  { rule, horizon, fit }: MethodParts<P>,
  training: readonly Float64Array[],
  stepSeconds: number,
  standIns: readonly FittedRule[],
): FittedRule {
  const fitted = fit(training)
  const isFitted = 'parameters' in fitted
  return {
    rule,
    saved: {
      format: 'cloudsched-forecaster',
      version: savedVersion,
      method: rule.method,
      contextSteps: fitted.contextSteps,
      horizon,
      stepSeconds,
      parameters: isFitted ? fitted.parameters : null,
      unfitted: isFitted ? null : fitted.unfitted,
      errorQuantiles: isFitted
        ? errorQuantilesOf(rule, fitted, training, horizon)
        : Array.from({ length: horizon }, () => []),
      fallbacks: standIns.map(({ saved }) => saved),
    },
  }
}

function errorQuantilesOf<P>(
  rule: PointRule<P>,
  { parameters, contextSteps, heldOut = { parameters, rows: [] } }: Extract<Fit<P>, { readonly parameters: P }>,
  training: readonly Float64Array[],
  horizon: number,
): number[][] {
  const rows = heldOut.rows.length > 0 ? heldOut.rows : training
  return errorQuantiles(rule, heldOut.parameters, rows, contextSteps, horizon)
}
