import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { integerIn, numberAbove, type OptionEntries, readOptions, satisfying } from '../../errors/read-options.ts'
import { defaultSeed, type Rng, type Seed, substream } from '../../random/rng.ts'
import { drive, driveAsync } from '../../run/drive.ts'
import type { Steps, StopReason } from '../../run/run-options.ts'
import { type Bins, binSamples } from './bins.ts'
import { type BoostingLoss, lossFunctions } from './boosting-loss.ts'
import { checkRow } from './linear-regression.ts'
import { countPositives, logistic } from './logistic-regression.ts'
import { type GrownTree, growTree, isTree, predictTree, type RegressionTree } from './regression-tree.ts'
import { inputsOf, type Samples } from './samples.ts'
import { shuffle } from './shuffle.ts'
import {
  statusOf,
  learningEntries,
  type LearningOptions,
  learningProgress,
  type LearningStatus,
} from './learning-run.ts'

/** What the trees look like and how fast they learn. */
export interface BoostingShape {
  /** What is made small. @defaultValue 'squared' */
  readonly loss?: BoostingLoss
  /** Trees at most, >= 1. @defaultValue 100 */
  readonly trees?: number
  /** Share of each tree's answer that counts, in (0, 1]. @defaultValue 0.1 */
  readonly learningRate?: number
  /** Leaves of a tree at most, >= 2. @defaultValue 15 */
  readonly leaves?: number
  /** Rows of a leaf at least, >= 1. @defaultValue 20 */
  readonly leafRows?: number
  /** Share of the rows, drawn anew, that a tree learns from, in (0, 1]. @defaultValue 0.7 */
  readonly rowShare?: number
  /** Share of the columns, drawn anew, that a tree may ask for, in (0, 1]. @defaultValue 0.7 */
  readonly columnShare?: number
  /** Ranges that a column is cut into at most, in [2, 256]. @defaultValue 64 */
  readonly bins?: number
}

/** Options of `gradientBoosting`. */
export interface BoostingOptions extends BoostingShape, LearningOptions {
  /** Rows that no tree learns from: where their loss is smallest, the trees after it are dropped. */
  readonly validation?: Samples
  /** Trees without a smaller loss on `validation` after which the run ends, >= 1. @defaultValue 10 */
  readonly patience?: number
}

/** Defaults of `gradientBoosting`. */
export const boostingDefaults: {
  readonly loss: BoostingLoss
  readonly trees: 100
  readonly learningRate: 0.1
  readonly leaves: 15
  readonly leafRows: 20
  readonly rowShare: 0.7
  readonly columnShare: 0.7
  readonly bins: 64
  readonly patience: 10
} = Object.freeze({
  loss: 'squared',
  trees: 100,
  learningRate: 0.1,
  leaves: 15,
  leafRows: 20,
  rowShare: 0.7,
  columnShare: 0.7,
  bins: 64,
  patience: 10,
})

/** The rules of `BoostingShape`. */
export const boostingShapeEntries: OptionEntries = {
  loss: satisfying<BoostingLoss>(isLoss, "'squared', 'absolute', 'logistic', or { quantile: a number in (0, 1) }"),
  trees: integerIn(1, 1e6),
  learningRate: numberAbove(0, 1),
  leaves: integerIn(2, 65_536),
  leafRows: integerIn(1),
  rowShare: numberAbove(0, 1),
  columnShare: numberAbove(0, 1),
  bins: integerIn(2, 256),
}

const entries: OptionEntries = {
  ...boostingShapeEntries,
  ...learningEntries,
  validation: satisfying<Samples>((x) => typeof x === 'object' && x !== null && 'inputs' in x, 'samples'),
  patience: integerIn(1),
}

/** Boosted trees: plain data. */
export interface BoostedTrees {
  readonly loss: BoostingLoss
  /** The prediction before the first tree; log-odds for 'logistic'. */
  readonly start: number
  /** Their answers, which bear the learning rate, add up. */
  readonly trees: readonly RegressionTree[]
  readonly columnCount: number
  /** Share of each column in the gain of all splits; all 0 where nothing was split. */
  readonly importance: readonly number[]
  readonly status: LearningStatus
  /** Mean loss on the training rows after each tree that was grown. */
  readonly losses: readonly number[]
  /** The same on the validation rows; empty where there are none. */
  readonly validationLosses: readonly number[]
}

/**
 * Gradient-boosted regression trees (Friedman 2001), each fitted to the direction in which the loss falls on a random
 * part of the rows (Friedman 2002), leaves set to the value that is best for the loss itself. Splits on histograms. A
 * tree is O(rows columns log leaves).
 *
 * Trees answer with what they saw: they do not extrapolate. Give them inputs and targets relative to a level, such as a
 * window's median, where the level moves.
 *
 * @throws CloudschedError `invalid-input` for targets that do not suit the loss, or a validation set of other columns
 *
 * @example
 * const model = gradientBoosting(samples, { loss: { quantile: 0.85 }, trees: 200 })
 * predictTrees(model, [0.3, 0.5])
 */
export function gradientBoosting(samples: Samples, options: BoostingOptions = {}): BoostedTrees {
  return drive(gradientBoostingSteps(samples, options), options)
}

/** `gradientBoosting` in pieces that leave room for timers and signals. */
export function gradientBoostingAsync(samples: Samples, options: BoostingOptions = {}): Promise<BoostedTrees> {
  return driveAsync(gradientBoostingSteps(samples, options), options)
}

/** `gradientBoosting`, a tree at a time. */
export function* gradientBoostingSteps(samples: Samples, options: BoostingOptions = {}): Steps<BoostedTrees> {
  const read = readOptions(entries, { seed: defaultSeed, ...boostingDefaults }, options)
  if (read.loss === 'logistic') countPositives(samples.targets)
  if (read.validation && read.validation.columnCount !== samples.columnCount) {
    const expected = `samples of ${samples.columnCount} columns, as in training`
    const finding = { path: 'options.validation', received: read.validation.columnCount, expected }
    throw new CloudschedError('invalid-input', [finding])
  }
  return yield* boost(binSamples(samples, read.bins), samples, read as BoostingRun)
}

/** Options of a run, defaults filled in. */
export interface BoostingRun extends Required<BoostingShape> {
  readonly seed?: Seed
  readonly validation?: Samples
  readonly patience: number
}

/** Boosting on samples whose columns are cut already. */
export function* boost(bins: Bins, samples: Samples, run: BoostingRun): Steps<BoostedTrees> {
  const { rowCount, columnCount, targets } = samples
  const { descent, leafValue, loss, start } = lossFunctions(run.loss)
  const rng = substream(run.seed ?? defaultSeed, 'gradient-boosting/parts')
  const first = start(targets)
  const predictions = new Float64Array(rowCount).fill(first)
  const { validation, patience } = run
  const validationPredictions = new Float64Array(validation?.rowCount ?? 0).fill(first)
  const directions = new Float64Array(rowCount)
  const trees: RegressionTree[] = []
  const gains: Float64Array[] = []
  const losses: number[] = []
  const validationLosses: number[] = []
  /** Trees up to which the validation loss is smallest. */
  let bestCount = 0
  let bestLoss = validation ? meanLoss(validation.targets, validationPredictions) : Infinity
  let stop: StopReason | null = null

  while (trees.length < run.trees && stop === null && (!validation || trees.length - bestCount < patience)) {
    for (let row = 0; row < rowCount; row++) directions[row] = descent(targets[row]!, predictions[row]!)
    const rows = drawPart(rowCount, run.rowShare, rng)
    const grown = growTree(bins, directions, rows, drawPart(columnCount, run.columnShare, rng).sort(), run)
    const values = grown.columns.map(() => 0)
    for (const leaf of grown.leaves) {
      values[leaf.node] = run.learningRate * leafValue(targets, predictions, grown.rows.subarray(leaf.start, leaf.end))
    }
    const tree = treeOf(grown, values)
    trees.push(tree)
    gains.push(gainsOf(grown, columnCount))
    addAnswers(grown, values, bins, predictions)
    losses.push(meanLoss(targets, predictions))
    if (validation) {
      for (let row = 0; row < validation.rowCount; row++) {
        validationPredictions[row]! += predictTree(tree, inputsOf(validation, row))
      }
      const reached = meanLoss(validation.targets, validationPredictions)
      validationLosses.push(reached)
      if (reached < bestLoss) [bestLoss, bestCount] = [reached, trees.length]
    }
    ;({ stop } = yield learningProgress(trees.length / run.trees, losses.at(-1)!, trees.length))
  }
  const kept = validation ? bestCount : trees.length
  const isEarly = trees.length < run.trees
  return {
    loss: run.loss,
    start: first,
    trees: trees.slice(0, kept),
    columnCount,
    importance: importanceOf(gains.slice(0, kept), columnCount),
    status: isEarly ? statusOf(stop, 'converged') : 'completed',
    losses,
    validationLosses,
  }

  function meanLoss(wanted: Float64Array, predicted: Float64Array): number {
    let sum = 0
    for (let row = 0; row < wanted.length; row++) sum += loss(wanted[row]!, predicted[row]!)
    return sum / wanted.length
  }
}

/**
 * What boosted trees answer to one row of inputs: in target units, or for 'logistic' the probability of class 1.
 *
 * @throws CloudschedError `invalid-input` for a row of another length
 */
export function predictTrees(model: BoostedTrees, row: ArrayLike<number>): number {
  checkRow(row, model.columnCount)
  const sum = sumOfTrees(model, row)
  return model.loss === 'logistic' ? logistic(sum) : sum
}

/** The answers of all trees to a row that is known to be long enough; log-odds for 'logistic'. */
export function sumOfTrees(model: BoostedTrees, row: ArrayLike<number>): number {
  let sum = model.start
  for (const tree of model.trees) sum += predictTree(tree, row)
  return sum
}

/** Whether data of unknown origin are boosted trees over so many columns. */
export function isBoostedTrees(data: unknown, columnCount: number): data is BoostedTrees {
  const { start, trees, loss } = (data ?? {}) as Partial<BoostedTrees>
  return (
    Number.isFinite(start) && isLoss(loss) && Array.isArray(trees) && trees.every((tree) => isTree(tree, columnCount))
  )
}

/** Whether data of unknown origin name a loss. */
export function isLoss(x: unknown): boolean {
  if (typeof x !== 'object' || x === null) return x === 'squared' || x === 'absolute' || x === 'logistic'
  const { quantile, ...others } = x as { quantile?: unknown }
  return typeof quantile === 'number' && quantile > 0 && quantile < 1 && Object.keys(others).length === 0
}

/** A random part of 0 .. count - 1 without repeats, at least one; all of them in order for the share 1. */
function drawPart(count: number, share: number, rng: Rng): Int32Array {
  const all = new Int32Array(count)
  for (let i = 0; i < count; i++) all[i] = i
  if (share === 1) return all
  shuffle(all, rng)
  return all.slice(0, Math.max(1, Math.round(share * count)))
}

function treeOf({ columns, thresholds, left, right }: GrownTree, values: readonly number[]): RegressionTree {
  return { columns, thresholds, left, right, values }
}

/** Adds the tree's answer to the prediction of every row, those it did not learn from included. */
function addAnswers(
  { columns, ranges, left, right }: GrownTree,
  values: readonly number[],
  { codes, rowCount }: Bins,
  predictions: Float64Array,
): void {
  for (let row = 0; row < rowCount; row++) {
    let node = 0
    while (columns[node]! >= 0) {
      node = codes[columns[node]! * rowCount + row]! <= ranges[node]! ? left[node]! : right[node]!
    }
    predictions[row]! += values[node]!
  }
}

function gainsOf({ columns, gains }: GrownTree, columnCount: number): Float64Array {
  const sums = new Float64Array(columnCount)
  columns.forEach((column, node) => {
    if (column >= 0) sums[column]! += gains[node]!
  })
  return sums
}

function importanceOf(gains: readonly Float64Array[], columnCount: number): number[] {
  const sums = new Float64Array(columnCount)
  for (const list of gains) list.forEach((gain, column) => void (sums[column]! += gain))
  const total = sums.reduce((sum, gain) => sum + gain, 0)
  return Array.from(sums, (sum) => (total === 0 ? 0 : sum / total))
}
