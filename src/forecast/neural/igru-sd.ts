import { kMeans } from '../../cluster/k-means.ts'
import { squaredDistance } from '../../cluster/sorted-rows.ts'
import { CloudschedError, type Finding, throwFindings } from '../../errors/cloudsched-error.ts'
import { integerIn, numberIn, readOptions } from '../../errors/read-options.ts'
import type { Forecast, Forecaster, ForecastRequest, TimeSeries } from '../../model/forecaster.ts'
import { substream } from '../../random/rng.ts'
import { checkSeries, featureNames } from '../series/check-series.ts'
import { median } from '../series/median.ts'
import { rowsOf } from '../series/rows.ts'
import { classOf } from './head.ts'
import { networkForecaster } from './network-forecaster.ts'
import { type NetworkModel, readNetwork } from './network-model.ts'
import { gruDefaults, type NetworkOptions } from './network-options.ts'
import { trainGru } from './train-network.ts'
import { columnsOf, windowFrame } from './training-windows.ts'

/** Version of the saved form; another one is refused. */
export const igruSdVersion = 1

/** Options of `trainIgruSd`: those of a GRU, whose head is always 'levels', and the number of task classes. */
export interface IgruSdOptions
  extends Omit<NetworkOptions, 'head' | 'linearSkip' | 'preset' | 'resume' | 'withCheckpoint'> {
  /** Classes of tasks by the resource that dominates them, >= 1; fewer where tasks are alike. @defaultValue 3 */
  readonly taskClasses?: number
}

/** Tasks of one kind and the network that forecasts them. */
export interface IgruSdClass {
  /** The resource with the largest share: 'target', or the name of a feature. */
  readonly dominant: string
  /** Mean demand shares of its tasks: the target, then the features. */
  readonly shares: readonly number[]
  readonly model: NetworkModel
}

/** A trained IGRU-SD: plain data. */
export interface IgruSdModel {
  readonly format: 'cloudsched-igru-sd'
  readonly version: typeof igruSdVersion
  /** Largest value of the target and of each feature in the training rows: shares are shares of these. */
  readonly largest: readonly number[]
  readonly features: readonly string[]
  readonly classes: readonly IgruSdClass[]
}

const defaultTaskClasses = 3

/**
 * Trains IGRU-SD (Lu et al. 2020), as far as its abstract tells: tasks are classified by the resource that dominates
 * them, and one GRU per class forecasts the level of the target. A reconstruction.
 *
 * @param series - one per task: the target's demand as values, the demand of other resources as features
 * @throws CloudschedError as `trainNetwork`
 * @example
 * const model = await trainIgruSd(tasks, { epochs: 20, seed: 1 })
 */
export async function trainIgruSd(series: readonly TimeSeries[], options: IgruSdOptions = {}): Promise<IgruSdModel> {
  const { taskClasses = defaultTaskClasses, ...network } = options
  readOptions({ taskClasses: integerIn(1, 1000) }, {}, { taskClasses })
  checkSeries(series)
  const features = network.features ?? featureNames(series[0]!)
  const share = network.validationShare ?? gruDefaults.validationShare
  const training = series.map((one) => rowsOf(one, { start: 0, end: Math.floor(one.values.length * (1 - share)) }))
  const largest = largestValues(training, features)
  const rows = training.map((one) => demandShares(one, features, largest))
  const seed = network.seed ?? gruDefaults.seed
  const { labels, centroids } = kMeans(rows, taskClasses, substream(seed, 'igru-sd/classes'))
  const classes: IgruSdClass[] = []
  for (const [label, shares] of centroids.entries()) {
    const members = series.filter((_, index) => labels[index] === label)
    const model = await trainGru(members, { ...network, head: 'levels' })
    const strongest = shares.indexOf(Math.max(...shares))
    classes.push({ dominant: strongest === 0 ? 'target' : features[strongest - 1]!, shares, model })
  }
  return { format: 'cloudsched-igru-sd', version: igruSdVersion, largest, features, classes }
}

/** Largest value of the target and of each feature, at least a little above 0. */
function largestValues(series: readonly TimeSeries[], features: readonly string[]): number[] {
  const most = (lists: readonly ArrayLike<number>[]): number => {
    let largest = 0
    for (const list of lists) for (let i = 0; i < list.length; i++) if (list[i]! > largest) largest = list[i]!
    return largest || 1
  }
  return [
    most(series.map(({ values }) => values)),
    ...features.map((name) => most(series.map((s) => s.features![name]!))),
  ]
}

/** Mean demand for each resource as a share of the largest one, normalised to sum 1; equal shares where there is no demand. */
function demandShares(series: TimeSeries, features: readonly string[], largest: readonly number[]): number[] {
  const lists = [series.values, ...features.map((name) => series.features![name]!)]
  const means = lists.map((list, k) => {
    let sum = 0
    let count = 0
    for (let i = 0; i < list.length; i++) {
      if (!(list[i]! >= 0)) continue
      sum += list[i]!
      count++
    }
    return count === 0 ? 0 : sum / count / largest[k]!
  })
  const total = means.reduce((sum, mean) => sum + mean, 0)
  return means.map((mean) => (total === 0 ? 1 / means.length : mean / total))
}

/** Which class a history belongs to: the one whose shares are nearest. */
function classIndex({ classes, features, largest }: IgruSdModel, history: TimeSeries): number {
  const shares = demandShares(history, features, largest)
  const distances = classes.map((one) => squaredDistance(shares, one.shares))
  return distances.indexOf(Math.min(...distances))
}

/** A trained IGRU-SD as a forecaster. */
export interface IgruSdForecaster extends Forecaster {
  readonly horizon: number
  /** Answers many requests in batches. */
  readonly forecastMany: (requests: readonly ForecastRequest[]) => Forecast[]
  /** The model: plain data for `readIgruSd`. */
  readonly toJSON: () => IgruSdModel
}

/** A trained IGRU-SD as a forecaster, without tfjs: each history is answered by the network of its class. */
export function igruSdForecaster(model: IgruSdModel): IgruSdForecaster {
  const forecasters = model.classes.map((one) => networkForecaster(one.model))
  const [first] = forecasters
  const forecastMany = (requests: readonly ForecastRequest[]): Forecast[] => {
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
  return {
    name: 'igru-sd',
    contextSteps: first!.contextSteps,
    horizon: first!.horizon,
    forecast: (request) => forecastMany([request])[0]!,
    forecastMany,
    toJSON: () => model,
  }
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
  const { factor } = readOptions({ factor: numberIn(1) }, { factor: 1.5 }, options)
  throwFindings('invalid-input', tasks.flatMap(workFinding))
  const { forecastMany, horizon } = igruSdForecaster(model)
  const forecasts = forecastMany(tasks.map(({ history }) => ({ history, horizon })))
  const labels = tasks.map(({ history }) => classIndex(model, history))
  const seconds = tasks.map(({ remainingWork }, index) => {
    const rate = forecasts[index]!.values.reduce((sum, value) => sum + Math.max(0, value), 0) / horizon
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
function nextLevel({ input, head }: NetworkModel, history: TimeSeries, values: Float64Array): Float64Array {
  if (head.head !== 'levels' || history.values.length < input.window) return values
  const { centre, scale } = windowFrame(input, columnsOf(history, input.features), history.values.length - 1)
  return values.map((value) => {
    const level = classOf((value - centre) / scale, head.edges)
    return Math.max(value, centre + scale * head.centres[Math.min(level + 1, head.classes - 1)]!)
  })
}

function workFinding({ remainingWork }: IgruSdTask, index: number): Finding[] {
  if (remainingWork >= 0 && remainingWork < Infinity) return []
  return [{ path: `tasks[${index}].remainingWork`, received: remainingWork, expected: 'a finite number >= 0' }]
}

/**
 * Reads an IGRU-SD that was written as JSON.
 *
 * @throws CloudschedError `format` for data of another kind or version, or parts that do not fit together
 */
export function readIgruSd(data: unknown): IgruSdModel {
  const model = data as IgruSdModel
  if (typeof data !== 'object' || data === null || model.format !== 'cloudsched-igru-sd')
    throw formatError('model', data, 'a saved IGRU-SD, with format "cloudsched-igru-sd"')
  if (model.version !== igruSdVersion) throw formatError('model.version', model.version, String(igruSdVersion))
  const { classes, features, largest } = model
  if (!Array.isArray(classes) || classes.length === 0) throw formatError('model.classes', classes, 'a list of classes')
  const width = Array.isArray(features) ? features.length + 1 : 0
  if (!isNumbers(largest, width)) throw formatError('model.largest', largest, `${width} numbers`)
  classes.forEach((one, index) => {
    if (!isNumbers(one?.shares, width))
      throw formatError(`model.classes[${index}].shares`, one?.shares, `${width} numbers`)
    const { head } = readNetwork(one.model)
    if (head.head !== 'levels') throw formatError(`model.classes[${index}].model.head`, head.head, "'levels'")
  })
  return model
}

function isNumbers(list: unknown, length: number): boolean {
  return Array.isArray(list) && list.length === length && list.every((x) => typeof x === 'number' && Number.isFinite(x))
}

function formatError(path: string, received: unknown, expected: string): CloudschedError {
  return new CloudschedError('format', [{ path, received, expected }])
}
