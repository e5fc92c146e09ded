import { integerIn, oneOf, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { defaultSeed, type Seed, substream } from '../../random/rng.ts'
import { runOptionEntries } from '../../run/run-options.ts'
import { inputsOf, type Samples } from '../regression/samples.ts'
import { shuffle } from '../regression/shuffle.ts'
import { type ColumnScore, ranked } from './column-scores.ts'

/** Options of `permutationImportance`. */
export interface PermutationOptions {
  /** Shuffles of each column, >= 1. @defaultValue 5 */
  readonly repeats?: number
  /** What the model is judged by. @defaultValue 'squared' */
  readonly loss?: 'squared' | 'absolute'
  /** @defaultValue 'cloudsched' */
  readonly seed?: Seed
}

const entries: OptionEntries = {
  repeats: integerIn(1, 10_000),
  loss: oneOf('squared', 'absolute'),
  seed: runOptionEntries['seed']!,
}

/**
 * By how much the mean loss of a model grows when one column is shuffled among the rows (Breiman 2001), best first: what
 * the model makes of it. Around 0, also below, for a column that it does not use. Columns that say the same share
 * the score. Take rows that the model has not learnt.
 *
 * @param predict - the model: a row of inputs in, a target out
 * @throws CloudschedError `invalid-option`
 *
 * @example
 * permutationImportance(validation, (row) => predictTrees(model, row))
 */
export function permutationImportance(
  samples: Samples,
  predict: (row: ArrayLike<number>) => number,
  options: PermutationOptions = {},
): ColumnScore[] {
  const defaults: { readonly repeats: number; readonly loss: 'squared' | 'absolute' } = { repeats: 5, loss: 'squared' }
  const { repeats, loss, seed } = readOptions(entries, { ...defaults, seed: defaultSeed as Seed }, options)
  const { rowCount, targets } = samples
  const meanLoss = (rowAt: (row: number) => ArrayLike<number>): number => {
    let sum = 0
    for (let row = 0; row < rowCount; row++) {
      const distance = targets[row]! - predict(rowAt(row))
      sum += loss === 'squared' ? distance * distance : Math.abs(distance)
    }
    return sum / rowCount
  }
  const before = meanLoss((row) => inputsOf(samples, row))
  return ranked(samples, (column) => {
    const rng = substream(seed ?? defaultSeed, `permutation-importance/${column}`)
    const order = Int32Array.from({ length: rowCount }, (_, row) => row)
    let growth = 0
    for (let repeat = 0; repeat < repeats; repeat++) {
      shuffle(order, rng)
      growth += meanLoss((row) => {
        const shuffled = inputsOf(samples, row).slice()
        shuffled[column] = inputsOf(samples, order[row]!)[column]!
        return shuffled
      })
    }
    return growth / repeats - before
  })
}
