import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { integerIn, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { defaultSeed, type Seed, substream } from '../../random/rng.ts'
import { drive, driveAsync } from '../../run/drive.ts'
import type { AsyncSteps, Steps, StopReason } from '../../run/run-options.ts'
import { learningEntries, type LearningOptions } from '../regression/learning-run.ts'
import type { Folds } from './folds.ts'
import {
  checkSpace,
  type Grid,
  gridPoints,
  gridSize,
  type ParametersOf,
  type RandomSpace,
  randomPoints,
} from './search-space.ts'
import { failedTrial, type Judgement, type Outcome, type SearchResult, startStudy, type Study } from './study.ts'

/**
 * Learns with some parameters from the training part and judges on the validation part. An error of the library
 * makes the trial a failed one; any other ends the search.
 *
 * @returns the loss, the smaller the better
 */
export type Evaluate<P, T, V> = (parameters: P, training: T, validation: V) => number

/** The same for models that learn asynchronously. */
export type EvaluateAsync<P, T, V> = (parameters: P, training: T, validation: V) => number | Promise<number>

/** Options of `gridSearch`. */
export interface GridSearchOptions extends Omit<LearningOptions, 'seed'> {}

/** Options of `randomSearch`. */
export interface RandomSearchOptions extends LearningOptions {
  /** Combinations to draw, >= 1; fewer where the space has no more. @defaultValue 20 */
  readonly trials?: number
}

/** Defaults of `randomSearch`. */
export const randomSearchDefaults: { readonly trials: 20 } = Object.freeze({ trials: 20 })

const { seed: _, ...gridEntries } = learningEntries
const randomEntries: OptionEntries = { ...learningEntries, trials: integerIn(1, 1e9) }

/**
 * Tries every combination of a grid on every fold and keeps the one with the smallest mean loss. It sees the folds
 * alone, and folds hold no row of a hold-out: that is what their type says.
 *
 * @param grid - a list of values for each parameter
 * @param folds - from `kFolds`, `blockedFolds` or `rollingFolds`
 * @throws CloudschedError `invalid-input`, `invalid-option`
 *
 * @example
 * const { best, trials } = gridSearch({ penalty: [0.001, 0.1] }, folds, ({ penalty }, training, validation) =>
 *   meanSquaredError(ridgeRegression(training, { penalty }), validation))
 */
export function gridSearch<const S extends Grid, T, V>(
  grid: S,
  folds: Folds<T, V>,
  evaluate: Evaluate<ParametersOf<S>, T, V>,
  options: GridSearchOptions = {},
): SearchResult<ParametersOf<S>> {
  return drive(gridSearchSteps(grid, folds, evaluate, options), options)
}

/** `gridSearch` in pieces that leave room for timers and signals, also for models that learn asynchronously. */
export function gridSearchAsync<const S extends Grid, T, V>(
  grid: S,
  folds: Folds<T, V>,
  evaluate: EvaluateAsync<ParametersOf<S>, T, V>,
  options: GridSearchOptions = {},
): Promise<SearchResult<ParametersOf<S>>> {
  return driveAsync(searchAsync(gridStudy(grid, folds, options), evaluate), options)
}

/** `gridSearch`, a fold at a time. */
export function* gridSearchSteps<const S extends Grid, T, V>(
  grid: S,
  folds: Folds<T, V>,
  evaluate: Evaluate<ParametersOf<S>, T, V>,
  options: GridSearchOptions = {},
): Steps<SearchResult<ParametersOf<S>>> {
  return yield* search(gridStudy(grid, folds, options), evaluate)
}

/**
 * Tries random combinations (Bergstra, Bengio 2012): where few of many parameters matter it finds good ones with fewer
 * trials than a grid. As `gridSearch` otherwise.
 *
 * @param space - a list of values, or a range, for each parameter
 *
 * @example
 * randomSearch({ lags: { low: 6, high: 48, integer: true }, penalty: { low: 1e-6, high: 1, scale: 'logarithmic' } },
 *   folds, evaluate, { trials: 30, seed: 1, timeLimitMs: 60_000 })
 */
export function randomSearch<const S extends RandomSpace, T, V>(
  space: S,
  folds: Folds<T, V>,
  evaluate: Evaluate<ParametersOf<S>, T, V>,
  options: RandomSearchOptions = {},
): SearchResult<ParametersOf<S>> {
  return drive(randomSearchSteps(space, folds, evaluate, options), options)
}

/** `randomSearch` in pieces that leave room for timers and signals, also for models that learn asynchronously. */
export function randomSearchAsync<const S extends RandomSpace, T, V>(
  space: S,
  folds: Folds<T, V>,
  evaluate: EvaluateAsync<ParametersOf<S>, T, V>,
  options: RandomSearchOptions = {},
): Promise<SearchResult<ParametersOf<S>>> {
  return driveAsync(searchAsync(randomStudy(space, folds, options), evaluate), options)
}

/** `randomSearch`, a fold at a time. */
export function* randomSearchSteps<const S extends RandomSpace, T, V>(
  space: S,
  folds: Folds<T, V>,
  evaluate: Evaluate<ParametersOf<S>, T, V>,
  options: RandomSearchOptions = {},
): Steps<SearchResult<ParametersOf<S>>> {
  return yield* search(randomStudy(space, folds, options), evaluate)
}

function gridStudy<S extends Grid, T, V>(
  grid: S,
  folds: Folds<T, V>,
  options: GridSearchOptions,
): Study<ParametersOf<S>, T, V> {
  readOptions(gridEntries, {}, options)
  checkSpace(grid)
  const range = Object.entries(grid).find(([, values]) => !Array.isArray(values))
  if (range) {
    const finding = {
      path: `space.${range[0]}`,
      received: range[1],
      expected: 'a list of values: a range is for randomSearch',
    }
    throw new CloudschedError('invalid-input', [finding])
  }
  return startStudy('grid-search', gridPoints(grid), gridSize(grid), folds, defaultSeed)
}

function randomStudy<S extends RandomSpace, T, V>(
  space: S,
  folds: Folds<T, V>,
  options: RandomSearchOptions,
): Study<ParametersOf<S>, T, V> {
  const read = readOptions(randomEntries, { seed: defaultSeed as Seed, ...randomSearchDefaults }, options)
  checkSpace(space)
  const seed = read.seed ?? defaultSeed
  const points = randomPoints(space, read.trials, substream(seed, 'random-search/points'))
  return startStudy('random-search', points, read.trials, folds, seed)
}

/** The loop of every search: what to try next comes from the study, whatever way it is proposed. */
function* search<P, T, V>(study: Study<P, T, V>, evaluate: Evaluate<P, T, V>): Steps<SearchResult<P>> {
  let stop: StopReason | null = null
  for (let ask = study.next(); ask !== null && stop === null; ask = study.next()) {
    ;({ stop } = yield study.record(outcomeOf(ask, evaluate)))
  }
  return study.finish(stop)
}

/** The same for a loss that is waited for. */
async function* searchAsync<P, T, V>(
  study: Study<P, T, V>,
  evaluate: EvaluateAsync<P, T, V>,
): AsyncSteps<SearchResult<P>> {
  let stop: StopReason | null = null
  for (let ask = study.next(); ask !== null && stop === null; ask = study.next()) {
    ;({ stop } = yield study.record(await outcomeOfAsync(ask, evaluate)))
  }
  return study.finish(stop)
}

function outcomeOf<P, T, V>({ parameters, fold }: Judgement<P, T, V>, evaluate: Evaluate<P, T, V>): Outcome {
  try {
    return { loss: evaluate(parameters, fold.training, fold.validation) }
  } catch (error) {
    return failedTrial(error)
  }
}

async function outcomeOfAsync<P, T, V>(
  { parameters, fold }: Judgement<P, T, V>,
  evaluate: EvaluateAsync<P, T, V>,
): Promise<Outcome> {
  try {
    return { loss: await evaluate(parameters, fold.training, fold.validation) }
  } catch (error) {
    return failedTrial(error)
  }
}
