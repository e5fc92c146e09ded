/** Does a forecast pay? The same day under four policies; `forecasters.ts` holds the forecasters. */
import { oracle, type SchedulingResult, simulateScheduling } from 'cloudsched/pipeline'
import { consoleTable } from 'cloudsched/report'
import { demandTrace } from 'cloudsched/workload'
import { lastValue, lastValueWithResiduals } from './forecasters.ts'

const trace = demandTrace({ taskCount: 40, poolCount: 20, days: 1, pastDays: 2, lengthShare: null, seed: 4 })
// What lies before the run is known: it is what the residuals are learnt from.
const past = trace.tasks.flatMap(({ id, demand }) =>
  Object.entries(demand).map(([resource, series]) => ({
    id: `${id}/${resource}`,
    values: (series as Float64Array).subarray(0, trace.pastSteps + 1),
    stepSeconds: trace.stepSeconds,
  })),
)
const results: SchedulingResult[] = [
  simulateScheduling(trace, 'asq'),
  simulateScheduling(trace, lastValue),
  simulateScheduling(trace, lastValueWithResiduals(12).fit(past), { level: 0.85 }),
  simulateScheduling(trace, oracle(trace)),
]
console.log(
  consoleTable(results, [
    { title: 'policy', value: ({ policy }) => policy },
    { title: 'moves', value: ({ metrics }) => metrics.reschedules },
    { title: 'useless', value: ({ metrics }) => metrics.uselessReschedules },
    { title: 'overload (%)', value: ({ metrics }) => metrics.overloadPercent },
    { title: 'deficit (core-steps)', value: ({ metrics }) => metrics.deficitCoreSteps },
  ]),
)
