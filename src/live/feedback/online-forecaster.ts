import { readOptions } from '../../errors/read-options.ts'
import { sortedQuantile } from '../../forecast/fitted/error-quantiles.ts'
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

  function forecastFrom(history: ForecastRequest['history'], horizon: number, levels: readonly number[]): Forecast {
    const past = Array.from(history.values).slice(-contextSteps)
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
    const values = Float64Array.from(path)
    const sorted = errors.filter((list) => list.length > 0).map((list) => list.sort((a, b) => a - b))
    const known = sorted.length
    if (known === 0) {
      const note = 'no errors of the past are known: quantiles are the path itself'
      return { values, quantiles: levels.map(() => values.slice()), fallbacks: [note] }
    }
    return {
      values,
      quantiles: levels.map((level) =>
        values.map((one, h) => one + sortedQuantile(sorted[Math.min(h, known - 1)]!, level)),
      ),
      fallbacks:
        known < horizon ? [`errors of the past are known up to ${known} steps ahead: those stand in beyond`] : [],
    }
  }
}
