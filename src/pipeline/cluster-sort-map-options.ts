import { isRecord } from '../errors/is-record.ts'
import { numberAbove, numberIn, oneOf, type OptionEntries, satisfying, trueOrFalse } from '../errors/read-options.ts'
import { defaultSeed, type Seed } from '../random/rng.ts'
import type { PipelineForecast } from './pipeline-task.ts'

/** Options of `clusterSortMap`. */
export interface ClusterSortMapOptions {
  /** The time of the decision. @defaultValue 0 */
  readonly nowSeconds?: number
  /** Expected demands and capacities. @defaultValue none: everything stays as it is now */
  readonly forecast?: PipelineForecast
  /** How pools are grouped (steps 1 and 2); 'none' = one cluster. @defaultValue 'kmeans' */
  readonly clustering?: 'kmeans' | 'fuzzy' | 'none'
  /** Number of clusters, >= 1, reduced to the number of distinct pools. @defaultValue 3 */
  readonly clusters?: number
  /** Weight of the expected against the current capacity in the clustering, in [0, 1]; 1 = the source. @defaultValue 0.5 */
  readonly beta?: number
  /**
   * Which cluster a task gets: the worst one where it meets its deadline ('deadline-fit', step 12 of the source), or the
   * best one ('best-first', its prose). @defaultValue 'deadline-fit'
   */
  readonly policy?: 'deadline-fit' | 'best-first'
  /**
   * 'consistent': the load ratio (7) stretches the execution time. 'literal': (7), (8) and (9) are added as printed,
   * although (7) has no unit. @defaultValue 'consistent'
   */
  readonly formula?: 'consistent' | 'literal'
  /**
   * A task leaves a pool that can keep it only for a gain of at least this: in points of the predicted load (0.05 = 5 %
   * of the capacity), or where it misses its deadline anyway, as a part of the time to its finish. Infinity = only when
   * it must. @defaultValue 0.05
   */
  readonly minGain?: number
  /** A task that changed its pool less than this ago stays, >= 0. @defaultValue 0 */
  readonly cooldownSeconds?: number
  /** Deadlines and slacks in one bucket of this width count as equal, >= 0; 0 = compared as they are. @defaultValue 0 */
  readonly deadlineBucketSeconds?: number
  /** What happens to a task that misses its deadline everywhere. @defaultValue 'place' (smallest finish, reported) */
  readonly onMiss?: 'place' | 'reject'
  /** Factor on every capacity, > 0: 1.2 sells a fifth more than there is, 0.8 keeps a fifth free. @defaultValue 1 */
  readonly overcommit?: number
  /** The speed of a pool is that of one core, and a task gets as many as its `cpu` demand. @defaultValue false */
  readonly perCore?: boolean
  /** Cost of one call to a task on another pool, >= 0. @defaultValue 0.001 */
  readonly secondsPerCall?: number
  /** What to do with a forecast below 0 or above the capacity: clamp and count it, or throw. @defaultValue 'clamp' */
  readonly outOfRange?: 'clamp' | 'error'
  /** Decides the first centres of the clustering. @defaultValue 'cloudsched' */
  readonly seed?: Seed
}

/** Options of `clusterSortMap` with every default filled in. */
export type ClusterSortMapSettings = Required<ClusterSortMapOptions>

/** Defaults of `clusterSortMap`. */
export const clusterSortMapDefaults: ClusterSortMapSettings = Object.freeze({
  nowSeconds: 0,
  forecast: Object.freeze({}),
  clustering: 'kmeans',
  clusters: 3,
  beta: 0.5,
  policy: 'deadline-fit',
  formula: 'consistent',
  minGain: 0.05,
  cooldownSeconds: 0,
  deadlineBucketSeconds: 0,
  onMiss: 'place',
  overcommit: 1,
  perCore: false,
  secondsPerCall: 0.001,
  outOfRange: 'clamp',
  seed: defaultSeed,
})

/** Their rules. */
export const clusterSortMapEntries: OptionEntries = {
  nowSeconds: numberIn(0),
  forecast: satisfying(isRecord, 'an object with `tasks` and `pools`'),
  clustering: oneOf('kmeans', 'fuzzy', 'none'),
  clusters: satisfying((x) => Number.isInteger(x) && (x as number) >= 1, 'a whole number >= 1'),
  beta: numberIn(0, 1),
  policy: oneOf('deadline-fit', 'best-first'),
  formula: oneOf('consistent', 'literal'),
  minGain: satisfying((x) => typeof x === 'number' && x >= 0, 'a number >= 0, or Infinity'),
  cooldownSeconds: numberIn(0),
  deadlineBucketSeconds: numberIn(0),
  onMiss: oneOf('place', 'reject'),
  overcommit: numberAbove(0),
  perCore: trueOrFalse,
  secondsPerCall: numberIn(0),
  outOfRange: oneOf('clamp', 'error'),
  seed: satisfying(
    (x) => typeof x === 'string' || (typeof x === 'number' && Number.isFinite(x)),
    'a string or a number',
  ),
}
