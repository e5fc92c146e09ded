/** One point of a convergence curve. */
export interface HistoryPoint {
  /** In the algorithm's own unit (episodes, generations, ...). */
  readonly iteration: number
  readonly evaluations: number
  /** est of the best schedule seen so far; `null` where it is not defined. */
  readonly best: number | null
  /** Mean est of the schedules since the point recorded before, which may have been thinned out; where it is measured. */
  readonly mean?: number
}

export interface HistoryRecorder {
  record(point: HistoryPoint): void
  points(): HistoryPoint[]
}

/**
 * Keeps a curve of bounded length: when it is full every second point goes, and from then on only every second one
 * that comes is kept, so that the points stay evenly spread. The last point is always there.
 */
export function createHistory(limit: number = 256): HistoryRecorder {
  let kept: HistoryPoint[] = []
  let last: HistoryPoint | null = null
  let stride = 1
  let seen = 0
  return {
    record(point) {
      last = point
      if (seen++ % stride !== 0) return
      kept.push(point)
      if (kept.length < limit) return
      kept = kept.filter((_, index) => index % 2 === 0)
      stride *= 2
    },
    points: () => (last && kept.at(-1) !== last ? [...kept, last] : [...kept]),
  }
}
