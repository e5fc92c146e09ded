import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { Forecast, Forecaster, ForecastRequest } from '../../model/forecaster.ts'
import type { ClusterState } from './cluster-state.ts'
import type { FeatureReader } from './run-record.ts'
import { demandAt, type TraceColumns } from './trace-columns.ts'

/**
 * What is believed at a decision: for each task and resource a path that starts with the use now and goes on with the
 * steps that are forecast. Because the present is part of the path, its peak is the larger of now and forecast.
 */
export interface Expectation {
  /** Values of a path: 1 without forecast, else 1 + horizon. */
  readonly length: number
  /** Of task and resource from (task * resourceCount + resource) * length on. */
  readonly tasks: Float64Array
  /** The same of each pool: sums over its tasks. Sums of paths, so that peaks at different times do not add up. */
  readonly pools: Float64Array
}

/** Forecasts with what became of them. */
export interface ForecastCounts {
  /** Values asked for. */
  values: number
  /** Values below 0 or above the limit of their task, which were cut. */
  clamped: number
  /** Forecasts that another method had to answer, by its reason. */
  readonly fallbacks: Record<string, number>
}

/** How the future is seen: `forecaster: null` takes everything to stay as it is now. */
export interface Outlook {
  readonly forecaster: Forecaster | null
  /** Of each resource: whether its use is forecast; if not, it is taken to stay as it is. */
  readonly isForecast: readonly boolean[]
  /** What the forecaster reads beside the values; `null` = nothing. */
  readonly features: FeatureReader | null
  /** Steps ahead. */
  readonly horizon: number
  /** Level of the quantile that counts; `null` = the values. */
  readonly level: number | null
  readonly counts: ForecastCounts
}

/** Room for the paths of one decision, written anew at each. */
export function createExpectation(
  { taskCount, poolCount, resourceCount }: TraceColumns,
  outlook: Outlook,
): Expectation {
  const length = outlook.forecaster === null ? 1 : 1 + outlook.horizon
  return {
    length,
    tasks: new Float64Array(taskCount * resourceCount * length),
    pools: new Float64Array(poolCount * resourceCount * length),
  }
}

/** Looks ahead from the present step, for the tasks on pools and those that wait: all their forecasts are asked at once. */
export function lookAhead(state: ClusterState, outlook: Outlook, expectation: Expectation): void {
  const { columns, pool, active, waiting, step } = state
  const { resourceCount } = columns
  const { forecaster, isForecast } = outlook
  const { length, tasks, pools } = expectation
  const asked: Asked[] = []
  for (const list of [active, waiting]) {
    for (const task of list) {
      for (let resource = 0; resource < resourceCount; resource++) {
        const at = task * resourceCount + resource
        const series = columns.demand[at]!
        if (forecaster === null || !isForecast[resource] || typeof series === 'number') {
          tasks.fill(demandAt(columns, task, resource, step), at * length, (at + 1) * length)
        } else asked.push({ at, request: requestFor(state, outlook, forecaster, task, at, series) })
      }
    }
  }
  if (forecaster !== null) answerAll(forecaster, asked, columns, outlook, expectation)
  const width = resourceCount * length
  pools.fill(0)
  for (const task of active) {
    const from = task * width
    const to = pool[task]! * width
    for (let k = 0; k < width; k++) pools[to + k]! += tasks[from + k]!
  }
}

/** A forecast that is needed, of task * resourceCount + resource. */
interface Asked {
  readonly at: number
  readonly request: ForecastRequest
}

function requestFor(
  { columns, step }: ClusterState,
  { features, horizon, level }: Outlook,
  { contextSteps }: Forecaster,
  task: number,
  at: number,
  series: Float64Array,
): ForecastRequest {
  const firstStep = Math.max(0, step + 1 - contextSteps)
  const history = {
    id: columns.seriesIds[at]!,
    values: series.subarray(firstStep, step + 1),
    ...(features && { features: features(task, firstStep, step + 1) }),
    stepSeconds: columns.trace.stepSeconds,
  }
  return level === null ? { history, firstStep, horizon } : { history, firstStep, horizon, levels: [level] }
}

function answerAll(
  forecaster: Forecaster,
  asked: readonly Asked[],
  { limit }: TraceColumns,
  { horizon, level, counts }: Outlook,
  { length, tasks }: Expectation,
): void {
  const requests = asked.map(({ request }) => request)
  const answers: ArrayLike<Forecast> | null = forecaster.forecastMany
    ? forecaster.forecastMany(requests)
    : requests.map((request) => forecaster.forecast(request))
  asked.forEach(({ at, request: { history } }, index) => {
    const forecast = answers?.[index]
    const path = level === null ? forecast?.values : forecast?.quantiles[0]
    const start = at * length
    tasks[start] = history.values[history.values.length - 1]!
    for (let ahead = 0; ahead < horizon; ahead++) {
      const value = path?.[ahead]
      if (value === undefined || Number.isNaN(value)) throw badForecast(forecaster, history.id!, ahead, value)
      if (value < 0 || value > limit[at]!) counts.clamped++
      tasks[start + 1 + ahead] = Math.min(limit[at]!, Math.max(0, value))
    }
    counts.values += horizon
    countFallbacks(forecast!, counts)
  })
}

function countFallbacks({ fallbacks }: Forecast, counts: ForecastCounts): void {
  for (const reason of fallbacks) counts.fallbacks[reason] = (counts.fallbacks[reason] ?? 0) + 1
}

function badForecast({ name }: Forecaster, id: string, ahead: number, received: unknown): CloudschedError {
  return new CloudschedError('invalid-input', [
    { path: `${name}.forecast('${id}')[${ahead}]`, received, expected: 'a number for each step of the horizon' },
  ])
}
