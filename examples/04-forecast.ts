/** How much CPU will a machine need in the next hour? Four forecasters beside each other, and the best one's answer. */
import { backtest, ladAutoregression, naive, rollingMedian, seasonalNaive, type TimeSeries } from 'cloudsched/forecast'

/** Ten days of 5-minute CPU use in percent: a job every hour, a daily wave, noise, and a spike now and then. */
function cpuOfTenDays(): TimeSeries {
  let state = 1
  const random = (): number => {
    state = (16_807 * state) % 2_147_483_647
    return state / 2_147_483_647
  }
  const values = Float64Array.from({ length: 2880 }, (_, step) => {
    const hourlyJob = step % 12 < 2 ? 15 : 0
    const day = 10 * Math.sin((2 * Math.PI * step) / 288)
    return 30 + hourlyJob + day + 4 * (random() - 0.5) + (random() < 0.01 ? 40 : 0)
  })
  return { id: 'web-1', values, stepSeconds: 300 }
}

const series = cpuOfTenDays()
const methods = {
  naive: naive(),
  'hour before': seasonalNaive({ season: 12 }),
  'rolling median': rollingMedian(),
  'LAD autoregression': ladAutoregression(),
}
for (const { method, path } of backtest([series], methods, { stride: 3 }).summary)
  console.log(`${method.padEnd(20)} ${path!.toFixed(2)} x the error of naive`)

const forecaster = ladAutoregression().fit([series])
const { values, quantiles, fallbacks } = forecaster.forecast({ history: series, horizon: 12, levels: [0.85] })
console.log(`next hour, expected:  ${[...values].map((value) => value.toFixed(0)).join(' ')} %`)
console.log(`85 % of times below:  ${[...quantiles[0]!].map((value) => value.toFixed(0)).join(' ')} %`)
console.log(`stand-ins: ${fallbacks.length === 0 ? 'none' : fallbacks.join('; ')}`)
