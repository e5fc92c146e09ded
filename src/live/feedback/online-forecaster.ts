import { readOptions } from '../../errors/read-options.ts'
import type { Forecast, Forecaster, ForecastRequest } from '../../model/forecaster.ts'
import {
  learn,
  predict,
  recursiveLeastSquaresDefaults,
  recursiveLeastSquaresEntries,
  type RecursiveLeastSquaresOptions,
  untrainedLeastSquares,
} from './recursive-least-squares.ts'

/**
 * A forecaster that needs no training: it learns by recursive least squares from the very history it is asked about, and
 * takes its quantiles from the errors it would have made there, separately for each step ahead.
 *
 * @param contextSteps - past steps that it looks at, more than the lags. Cost grows with steps x lags^2. @defaultValue 288
 */
export function onlineForecaster(options: RecursiveLeastSquaresOptions = {}, contextSteps = 288): Forecaster {
  const settings = readOptions(recursiveLeastSquaresEntries, recursiveLeastSquaresDefaults, options)
  return {
    name: 'recursive-least-squares',
    contextSteps,
    forecast: ({ history, horizon, levels = [] }) => forecastFrom(history, horizon, levels),
  }

  function forecastFrom({ values }: ForecastRequest['history'], horizon: number, levels: readonly number[]): Forecast {
    const past = Array.from(values).slice(-contextSteps)
    const errors: number[][] = Array.from({ length: horizon }, () => [])
    let model = untrainedLeastSquares(settings)
    past.forEach((value, step) => {
      model = learn(model, value, settings)
      // The first ones after the lags are those of a model that has learnt nothing yet.
      if (step < 2 * settings.lags || step + 1 >= past.length) return
      predict(model, Math.min(horizon, past.length - 1 - step))!.forEach((one, h) => {
        errors[h]!.push(past[step + 1 + h]! - one)
      })
    })
    const path = predict(model, horizon)
    if (!path) {
      const last = past.at(-1) ?? 0
      const reason = `${past.length} values are fewer than ${settings.lags} lags: the last value answers`
      const flat = (): Float64Array => new Float64Array(horizon).fill(last)
      return { values: flat(), quantiles: levels.map(flat), fallbacks: [reason] }
    }
    const sorted = errors.map((list) => list.sort((a, b) => a - b))
    return {
      values: Float64Array.from(path),
      quantiles: levels.map((level) => Float64Array.from(path, (one, h) => one + quantile(sorted[h]!, level))),
      fallbacks: sorted[0]!.length === 0 ? ['no errors of the past are known: quantiles are the path itself'] : [],
    }
  }
}

/** Quantile of an ascending list, between its neighbours; 0 of an empty one. */
function quantile(sorted: readonly number[], level: number): number {
  const at = level * (sorted.length - 1)
  const low = sorted[Math.floor(at)] ?? 0
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? 0) - low)
}
