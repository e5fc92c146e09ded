import { kMeans } from '../../cluster/k-means.ts'
import { squaredDistance } from '../../cluster/sorted-rows.ts'
import { CloudschedError, throwFindings } from '../../errors/cloudsched-error.ts'
import { checkOptions, integerIn, readOptions } from '../../errors/read-options.ts'
import type { TimeSeries } from '../../model/forecaster.ts'
import { substream } from '../../random/rng.ts'
import { checkSeries, featureNames } from '../series/check-series.ts'
import { rowsOf } from '../series/rows.ts'
import { type NetworkModel, readNetwork } from './network-model.ts'
import { gruDefaults, type NetworkOptions } from './network-options.ts'
import { trainGru } from './train-network.ts'

/** Version of the saved form; another one is refused. */
export const igruSdVersion = 1

/** Options of `trainIgruSd`: those of a GRU, whose head is always 'levels', and the number of task classes. */
export interface IgruSdOptions
  extends Omit<NetworkOptions, 'head' | 'linearSkip' | 'preset' | 'resume' | 'withCheckpoint'> {
  /** Features that are demands for other resources: with the target they decide the class. @defaultValue all features */
  readonly demands?: readonly string[]
  /** Classes of tasks by the resource that dominates them, >= 1; fewer where tasks are alike. @defaultValue 3 */
  readonly taskClasses?: number
}

/** Tasks of one kind and the network that forecasts them. */
export interface IgruSdClass {
  /** The resource with the largest share: 'target', or the name of a demand. */
  readonly dominant: string
  /** Mean demand shares of its tasks: the target, then the demands. */
  readonly shares: readonly number[]
  readonly model: NetworkModel
}

/** A trained IGRU-SD: plain data. */
export interface IgruSdModel {
  readonly format: 'cloudsched-igru-sd'
  readonly version: typeof igruSdVersion
  /** Largest value of the target and of each demand in the training rows: shares are shares of these. */
  readonly largest: readonly number[]
  /** Features that decide the class. */
  readonly demands: readonly string[]
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
  checkOptions(options)
  const { taskClasses = defaultTaskClasses, demands: given, ...network } = options
  readOptions({ taskClasses: integerIn(1, 1000) }, {}, { taskClasses })
  checkSeries(series)
  const demands = given ?? network.features ?? featureNames(series[0]!)
  checkDemands(demands, series)
  const share = network.validationShare ?? gruDefaults.validationShare
  const training = series.map((one) => rowsOf(one, { start: 0, end: Math.floor(one.values.length * (1 - share)) }))
  const largest = largestValues(training, demands)
  const rows = training.map((one) => demandShares(one, demands, largest))
  const seed = network.seed ?? gruDefaults.seed
  const { labels, centroids } = kMeans(rows, taskClasses, substream(seed, 'igru-sd/classes'))
  const classes: IgruSdClass[] = []
  for (const [label, shares] of centroids.entries()) {
    const members = series.filter((_, index) => labels[index] === label)
    const model = await trainGru(members, { ...network, head: 'levels' })
    const strongest = shares.indexOf(Math.max(...shares))
    classes.push({ dominant: strongest === 0 ? 'target' : demands[strongest - 1]!, shares, model })
  }
  return { format: 'cloudsched-igru-sd', version: igruSdVersion, largest, demands, classes }
}

function checkDemands(demands: readonly string[], series: readonly TimeSeries[]): void {
  const known = featureNames(series[0]!)
  const findings = demands.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [{ path: `options.demands[${index}]`, received: name, expected: `one of the features: ${known.join(', ')}` }],
  )
  throwFindings('invalid-option', findings)
}

/** Largest value of the target and of each demand; 1 where there is none. */
function largestValues(series: readonly TimeSeries[], demands: readonly string[]): number[] {
  const most = (lists: readonly ArrayLike<number>[]): number => {
    let largest = 0
    for (const list of lists) for (let i = 0; i < list.length; i++) if (list[i]! > largest) largest = list[i]!
    return largest || 1
  }
  return [
    most(series.map(({ values }) => values)),
    ...demands.map((name) => most(series.map((s) => s.features![name]!))),
  ]
}

/** Mean demand for each resource as a share of the largest one, normalised to sum 1; equal shares where there is no demand. */
function demandShares(series: TimeSeries, demands: readonly string[], largest: readonly number[]): number[] {
  const lists = [series.values, ...demands.map((name) => series.features![name]!)]
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

/**
 * Which class a history belongs to: the one whose shares are nearest.
 *
 * @throws CloudschedError `invalid-input` for a history without one of the demands
 */
export function classIndex({ classes, demands, largest }: IgruSdModel, history: TimeSeries): number {
  const missing = demands.filter((name) => history.features?.[name] === undefined)
  throwFindings(
    'invalid-input',
    missing.map((name) => ({
      path: `history.features.${name}`,
      received: undefined,
      expected: 'given: with the target it decides the class',
    })),
  )
  const shares = demandShares(history, demands, largest)
  const distances = classes.map((one) => squaredDistance(shares, one.shares))
  return distances.indexOf(Math.min(...distances))
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
  const { classes, demands, largest } = model
  if (!Array.isArray(classes) || classes.length === 0) throw formatError('model.classes', classes, 'a list of classes')
  if (!Array.isArray(demands) || !demands.every((name) => typeof name === 'string'))
    throw formatError('model.demands', demands, 'names of features')
  const width = demands.length + 1
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
