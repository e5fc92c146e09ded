import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { DemandTrace } from '../../model/demand-trace.ts'
import type { Forecaster } from '../../model/forecaster.ts'
import { columnsOf } from './trace-columns.ts'

/**
 * A forecaster that knows the trace: its values and all its quantiles are what really comes, and beyond the end of the
 * trace the last sample. What a policy can reach at best, no policy.
 *
 * @throws CloudschedError `invalid-input` for a broken trace; when asked, for a series that is none of its own
 * @example
 * const best = simulateScheduling(trace, oracle(trace))
 */
export function oracle(trace: DemandTrace): Forecaster {
  const { demand, seriesIds } = columnsOf(trace)
  const seriesOf = new Map(seriesIds.map((id, index) => [id, demand[index]!]))
  return {
    name: 'oracle',
    contextSteps: 1,
    forecast({ history, firstStep = 0, horizon, levels = [] }) {
      const series = seriesOf.get(history.id ?? '')
      if (series === undefined) {
        throw new CloudschedError('invalid-input', [
          { path: 'history.id', received: history.id, expected: "'task/resource' of the trace" },
        ])
      }
      const present = firstStep + history.values.length - 1
      const values = new Float64Array(horizon)
      for (let ahead = 0; ahead < horizon; ahead++) {
        values[ahead] = typeof series === 'number' ? series : series[Math.min(present + 1 + ahead, series.length - 1)]!
      }
      return { values, quantiles: levels.map(() => values), fallbacks: [] }
    },
  }
}
