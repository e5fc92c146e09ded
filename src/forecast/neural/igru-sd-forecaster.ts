import { type Finding, throwFindings } from '../../errors/cloudsched-error.ts'
import { numberIn, readOptions, satisfying } from '../../errors/read-options.ts'
import type { Forecast, Forecaster, ForecastRequest, TimeSeries } from '../../model/forecaster.ts'
import { median } from '../series/median.ts'
import { classOf } from './head.ts'
import { historyWindow } from './history-window.ts'
import { classIndex, type IgruSdModel, readIgruSd } from './igru-sd.ts'
import { networkForecaster } from './network-forecaster.ts'
import type { NetworkModel } from './network-model.ts'
import { windowFrame } from './training-windows.ts'

const stragglerFactor = 1.5

/** A trained IGRU-SD as a forecaster. */
export interface IgruSdForecaster extends Forecaster {
  readonly horizon: number
  /** Answers many requests in batches; with `remainingWork` the straggler rule compares the tasks of one batch. */
  readonly forecastMany: (requests: readonly ForecastRequest[]) => Forecast[]
  /** The model: plain data for `readIgruSd`. */
  readonly toJSON: () => IgruSdModel
}

/** Options of `igruSdForecaster`. */
export interface IgruSdForecasterOptions extends StragglerOptions {
  /**
   * Name of a feature whose last value is the work that is left, such as 'remainingMi' of the closed loop: the forecasts of
   * stragglers are then raised to the next level. @defaultValue none: no straggler rule
   */
  readonly remainingWork?: string
}

/**
 * A trained IGRU-SD as a forecaster, without tfjs: each history is answered by the network of its class.
 *
 * @throws CloudschedError `format` for what `readIgruSd` refuses; `invalid-option`
 */
export function igruSdForecaster(model: IgruSdModel, options: IgruSdForecasterOptions = {}): IgruSdForecaster {
  const { factor, remainingWork } = readOptions(forecasterEntries, { factor: stragglerFactor }, options)
  const forecasters = readIgruSd(model).classes.map((one) => networkForecaster(one.model))
  const [first] = forecasters

  function byClass(requests: readonly ForecastRequest[]): Forecast[] {
    const labels = requests.map(({ history }) => classIndex(model, history))
    const answers: Forecast[] = []
    forecasters.forEach((forecaster, label) => {
      const own = [...requests.keys()].filter((index) => labels[index] === label)
      forecaster.forecastMany(own.map((index) => requests[index]!)).forEach((answer, k) => {
        answers[own[k]!] = answer
      })
    })
    return answers
  }

  function forecastMany(requests: readonly ForecastRequest[]): Forecast[] {
    const answers = byClass(requests)
    if (remainingWork === undefined) return answers
    const tasks = requests.map(({ history }) => ({ history, remainingWork: lastOf(history, remainingWork) }))
    const pathOf = (index: number): string => `requests[${index}].history.features.${remainingWork}`
    throwFindings('invalid-input', workFindings(tasks, pathOf))
    return judgeTasks(model, tasks, answers, factor).map(({ isStraggler, request }, index) => {
      const { values, quantiles, fallbacks } = answers[index]!
      if (!isStraggler) return answers[index]!
      const raised = (path: Float64Array): Float64Array => path.map((value, h) => Math.max(value, request[h]!))
      return { values: raised(values), quantiles: quantiles.map(raised), fallbacks }
    })
  }

  const names = [...first!.features!, ...model.demands, ...(remainingWork === undefined ? [] : [remainingWork])]
  return {
    name: 'igru-sd',
    contextSteps: first!.contextSteps,
    features: [...new Set(names)],
    horizon: first!.horizon,
    forecast: (request) => forecastMany([request])[0]!,
    forecastMany,
    toJSON: () => model,
  }
}

const forecasterEntries = {
  factor: numberIn(1),
  remainingWork: satisfying<string>((x) => typeof x === 'string', 'the name of a feature'),
}

function lastOf({ features }: TimeSeries, name: string): number {
  const list = features?.[name]
  return list?.[list.length - 1] ?? Number.NaN
}

/** A running task, as the straggler rule sees it. */
export interface IgruSdTask {
  /** Its demand up to now, with the features of the model. */
  readonly history: TimeSeries
  /** Work that is left, in units of the target times seconds (core-seconds where the target is cores), >= 0. */
  readonly remainingWork: number
}

/** What the straggler rule says of a task. */
export interface IgruSdVerdict {
  /** Index of its class in the model. */
  readonly taskClass: number
  /** Remaining work over the mean of the forecast demand, in seconds; `null` where no demand is forecast. */
  readonly remainingSeconds: number | null
  readonly isStraggler: boolean
  /** The forecast demand; of a straggler each value raised to the middle of the next level. */
  readonly request: Float64Array
}

/** Options of `igruSdStragglers`. */
export interface StragglerOptions {
  /** A task is a straggler from this multiple of its class's median on, >= 1. @defaultValue 1.5 */
  readonly factor?: number
}

/**
 * The straggler rule of IGRU-SD, reconstructed: a task whose remaining work over its predicted rate exceeds 1.5 times the
 * median of its class is flagged, and its request is raised to the next level. A task without forecast demand that still
 * has work is one, too.
 *
 * @throws CloudschedError `invalid-input` for remaining work that is negative or not finite
 */
export function igruSdStragglers(
  model: IgruSdModel,
  tasks: readonly IgruSdTask[],
  options: StragglerOptions = {},
): IgruSdVerdict[] {
  const { factor } = readOptions({ factor: numberIn(1) }, { factor: stragglerFactor }, options)
  throwFindings(
    'invalid-input',
    workFindings(tasks, (index) => `tasks[${index}].remainingWork`),
  )
  const { forecastMany, horizon } = igruSdForecaster(model)
  return judgeTasks(model, tasks, forecastMany(tasks.map(({ history }) => ({ history, horizon }))), factor)
}

/** The rule on tasks whose forecasts are known. */
function judgeTasks(
  model: IgruSdModel,
  tasks: readonly IgruSdTask[],
  forecasts: readonly Forecast[],
  factor: number,
): IgruSdVerdict[] {
  const labels = tasks.map(({ history }) => classIndex(model, history))
  const seconds = tasks.map(({ remainingWork }, index) => {
    const { values } = forecasts[index]!
    const rate = values.reduce((sum, value) => sum + Math.max(0, value), 0) / values.length
    if (remainingWork === 0) return 0
    return rate > 0 ? remainingWork / rate : null
  })
  const medians = model.classes.map((_, label) => {
    const own = seconds.filter((value, index) => value !== null && labels[index] === label)
    return own.length === 0 ? 0 : median(Float64Array.from(own as number[]))
  })
  return tasks.map(({ history }, index) => {
    const taskClass = labels[index]!
    const remainingSeconds = seconds[index]!
    const isStraggler = remainingSeconds === null || remainingSeconds > factor * medians[taskClass]!
    const { values } = forecasts[index]!
    const request = isStraggler ? nextLevel(model.classes[taskClass]!.model, history, values) : values
    return { taskClass, remainingSeconds, isStraggler, request }
  })
}

/** Each value raised to the middle of the level above its own; in the top level to the middle of that, if it is below. */
function nextLevel(model: NetworkModel, history: TimeSeries, values: Float64Array): Float64Array {
  const { input, head } = model
  const window = historyWindow(model, history)
  if (head.head !== 'levels' || 'unready' in window) return values
  const { centre, scale } = windowFrame(input, window.columns, window.origin)
  return values.map((value) => {
    const level = classOf((value - centre) / scale, head.edges)
    return Math.max(value, centre + scale * head.centres[Math.min(level + 1, head.classes - 1)]!)
  })
}

function workFindings(tasks: readonly IgruSdTask[], pathOf: (index: number) => string): Finding[] {
  return tasks.flatMap(({ remainingWork }, index) => {
    if (remainingWork >= 0 && remainingWork < Infinity) return []
    return [{ path: pathOf(index), received: remainingWork, expected: 'a finite number >= 0' }]
  })
}
