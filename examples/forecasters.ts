/** Two forecasters by hand: what is needed to plug a method of one's own into `simulateScheduling`. */
import type { Forecaster, ForecastMethod, TimeSeries } from 'cloudsched/pipeline'

/** Everything stays as it is: the forecast that every other one must beat. */
export const lastValue: Forecaster = {
  name: 'last value',
  contextSteps: 1,
  forecast({ history, horizon, levels = [] }) {
    const values = new Float64Array(horizon).fill(lastOf(history))
    return { values, quantiles: levels.map(() => values), fallbacks: [] }
  },
}

/**
 * The last value and how far series of this name moved from it in the past: a quantile of the h-step differences of the
 * training rows, for each step h ahead up to `horizon`.
 */
export function lastValueWithResiduals(horizon: number): ForecastMethod {
  return {
    name: 'last value with residuals',
    fit(training) {
      const residuals = new Map(training.map((series) => [series.id, residualsOf(series, horizon)]))
      return {
        name: 'last value with residuals',
        contextSteps: 1,
        forecast({ history, horizon: ahead, levels = [] }) {
          const last = lastOf(history)
          const known = residuals.get(history.id)
          const at = (level: number): Float64Array => {
            const path = new Float64Array(ahead).fill(last)
            const steps = known?.(level)
            if (steps) for (let h = 0; h < ahead; h++) path[h]! += steps[Math.min(h, horizon - 1)]!
            return path
          }
          return {
            values: at(0.5),
            quantiles: levels.map(at),
            fallbacks: known === undefined ? [`no training rows for ${history.id}: last value`] : [],
          }
        },
      }
    },
  }
}

function lastOf({ values }: TimeSeries): number {
  return values[values.length - 1]!
}

/** For each level the quantile of values[t + h] - values[t], for h from 1 on; kept once it has been asked for. */
function residualsOf({ values }: TimeSeries, horizon: number): (level: number) => Float64Array {
  const sorted = Array.from({ length: horizon }, (_, h) => {
    const differences = new Float64Array(Math.max(0, values.length - h - 1))
    for (let t = 0; t < differences.length; t++) differences[t] = values[t + h + 1]! - values[t]!
    return differences.sort()
  })
  const known = new Map<number, Float64Array>()
  return (level) => {
    const steps = known.get(level) ?? Float64Array.from(sorted, (differences) => quantile(differences, level))
    known.set(level, steps)
    return steps
  }
}

/** The smallest of the sorted values that the given part of them does not exceed; 0 where there is none. */
function quantile(sorted: Float64Array, level: number): number {
  return sorted[Math.ceil(level * sorted.length) - 1] ?? 0
}
