/** A V-TGRU learns the demand of a few tasks, is saved as text, and forecasts without any package but this one. */
import { backtest, chronologicalSplit, ladAutoregression, rowsOf } from 'cloudsched/forecast'
import { networkForecaster, readNetwork, trainVtgru } from 'cloudsched/forecast/neural'
import { demandTrace } from 'cloudsched/workload'

const { tasks, stepSeconds } = demandTrace({ taskCount: 3, poolCount: 3, days: 4, seed: 7 })
const series = tasks.map(({ id, demand }) => ({ id, values: demand['cpu'] as Float64Array, stepSeconds }))

// Training and validation rows; the last tenth stays unseen.
const seen = series.map((one) => rowsOf(one, { start: 0, end: chronologicalSplit(one.values.length).validation.end }))
const model = await trainVtgru(seen, { epochs: 6, validationShare: 1 / 9, seed: 1 })
const { backend, bestEpoch, weightCount, trainingWindows } = model.report
console.log(`${weightCount} weights, ${trainingWindows} windows, best after epoch ${bestEpoch}, trained on ${backend}`)

const text = JSON.stringify(model)
const forecaster = networkForecaster(readNetwork(JSON.parse(text)))
const { summary } = backtest(
  series,
  { 'v-tgru': forecaster, lad: ladAutoregression() },
  { on: 'test', models: 'shared' },
)
for (const { method, path } of summary) console.log(`${method}: error ${path!.toFixed(2)} of naive's`)

const { values, quantiles } = forecaster.forecast({ history: seen[0]!, horizon: 12, levels: [0.85] })
console.log(
  `${series[0]!.id} in an hour: ${values[11]!.toFixed(2)} cores, with 85 % at most ${quantiles[0]![11]!.toFixed(2)}`,
)
