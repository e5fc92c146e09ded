import type { Rng } from '../../random/rng.ts'

/** Rows of inputs with their targets, flat, row by row. */
export interface Rows {
  readonly count: number
  readonly x: Float32Array
  readonly y: Float32Array
}

/** Several meta-tasks of one size, task by task: what one meta-iteration learns from. */
export interface EpisodeBatch {
  readonly tasks: number
  /** Rows of the support set of each task. */
  readonly supportRows: number
  /** Rows of the query set of each task. */
  readonly queryRows: number
  readonly supportX: Float32Array
  readonly supportY: Float32Array
  readonly queryX: Float32Array
  readonly queryY: Float32Array
}

/** Where meta-tasks come from. */
export interface EpisodeSource {
  readonly inputs: number
  readonly outputs: number
  /** `'squared-error'` for regression, `'cross-entropy'` for targets that are allocations. */
  readonly loss: 'squared-error' | 'cross-entropy'
  /**
   * Blocks of inputs of which one is 1 and the others 0, so that two rows are related when they share it: which
   * (class, kind), which resource. Metric learners and VERSA use them.
   */
  readonly relations: readonly ColumnBlock[]
  /** First column that stands for one resource each: their weights start at 0, so that no order of resources is learned. */
  readonly slotsFrom: number
  /** A batch to train on. */
  readonly batch: (tasks: number, rng: Rng) => EpisodeBatch
  /** The same batch each time, of tasks that training never sees: for early stopping. */
  readonly heldOut: () => readonly EpisodeBatch[]
}

/** The columns [from, to) of the inputs. */
export interface ColumnBlock {
  readonly from: number
  readonly to: number
}

/** Puts the rows of several meta-tasks of one size into one batch. */
export function joinEpisodes(episodes: readonly { readonly support: Rows; readonly query: Rows }[]): EpisodeBatch {
  const join = (arrays: Float32Array[]): Float32Array => {
    const joined = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const array of arrays) {
      joined.set(array, at)
      at += array.length
    }
    return joined
  }
  return {
    tasks: episodes.length,
    supportRows: episodes[0]?.support.count ?? 0,
    queryRows: episodes[0]?.query.count ?? 0,
    supportX: join(episodes.map(({ support }) => support.x)),
    supportY: join(episodes.map(({ support }) => support.y)),
    queryX: join(episodes.map(({ query }) => query.x)),
    queryY: join(episodes.map(({ query }) => query.y)),
  }
}
