/**
 * Prepares a load curve with faults, chooses a forecaster by rolling-origin cross-validation under a random search, and judges it
 * once on rows that the search never saw.
 *
 *   npx tsx examples/08-choose-a-forecaster.ts
 */
import {
  boostedAutoregression,
  cleanSeries,
  forecastLoss,
  mae,
  naive,
  randomSearch,
  resampleMeasurements,
  ridgeAutoregression,
  rollingFolds,
  rollingForecasts,
  rowsOf,
  setAside,
  treatMissing,
} from 'cloudsched/forecast'
import { markdownTable } from 'cloudsched/report'

/** What the search chooses. */
interface Chosen {
  readonly method: 'ridge' | 'trees'
  readonly lags: number
  /** Steps of a day, or 0 for none. */
  readonly season: number
}

// Five days of CPU measurements about every minute, with a daily wave, hourly jobs, lost readings and a faulty sensor.
const times = Array.from({ length: 5 * 1440 }, (_, i) => 60 * i + ((i * 37) % 50)).filter((_, i) => i % 211 > 12)
const values = times.map((t, i) => {
  const wave = 45 + 20 * Math.sin((2 * Math.PI * t) / 86_400)
  const job = t % 3600 < 600 ? 18 : 0
  return i % 503 === 0 ? 255 : wave + job + ((i * 7919) % 29) / 5
})

const resampled = resampleMeasurements(times, values, { stepSeconds: 300, aggregate: 'max', id: 'web-1' })
const cleaned = cleanSeries(resampled.series, { minimum: 0, maximum: 100 })
const filled = treatMissing(cleaned.series, { missing: 'ffill' })
console.log(
  `${resampled.measurements} measurements -> ${resampled.series.values.length} steps, ${resampled.empty} empty, ${cleaned.changes.length} impossible, ${filled.filled} filled`,
)

const { searchable, holdOut } = setAside(filled.series, 0.1)
const result = randomSearch(
  { method: ['ridge', 'trees'], lags: { low: 6, high: 36, integer: true }, season: [0, 288] },
  rollingFolds(searchable, { folds: 2, validationRows: 144 }),
  (parameters, training, validation) => forecastLoss(methodOf(parameters), training, validation, { stride: 6 }),
  { trials: 6, seed: 1 },
)
console.log(
  markdownTable(result.trials, [
    { title: 'method', value: ({ parameters }) => parameters.method },
    { title: 'lags', value: ({ parameters }) => String(parameters.lags) },
    { title: 'season', value: ({ parameters }) => String(parameters.season) },
    { title: 'mean absolute error', value: ({ mean }) => mean?.toFixed(2) ?? '-' },
    { title: 'standard error', value: ({ standardError }) => standardError?.toFixed(2) ?? '-' },
  ]),
)

const { series, range } = holdOut.open(result)
const training = [rowsOf(series, { start: 0, end: range.start })]
const errorOf = (method: ReturnType<typeof methodOf>): string => {
  const { actual, forecast } = rollingForecasts(method.fit(training), series, range, { horizon: 12 })
  return mae(actual, forecast)!.toFixed(2)
}
const { method, lags, season } = result.best!.parameters
console.log(
  `hold-out: ${method} with ${lags} lags and season ${season} errs by ${errorOf(methodOf(result.best!.parameters))}, naive by ${errorOf(naive())}`,
)

function methodOf(chosen: Chosen): ReturnType<typeof naive> {
  const shape = { lags: chosen.lags, season: chosen.season }
  return chosen.method === 'ridge'
    ? ridgeAutoregression(shape)
    : boostedAutoregression({ ...shape, trees: 30, calibrationShare: 0 })
}
