/** A point of two objectives, both to be made small. */
export interface ParetoPoint {
  readonly timeSeconds: number
  readonly cost: number
}

/** True when `a` is nowhere worse than `b` and somewhere better. */
export function dominates(a: ParetoPoint, b: ParetoPoint): boolean {
  return a.timeSeconds <= b.timeSeconds && a.cost <= b.cost && (a.timeSeconds < b.timeSeconds || a.cost < b.cost)
}

/**
 * The points that no other point dominates, by rising time; of equal points the first stays. O(n log n).
 */
export function paretoFront<P extends ParetoPoint>(points: readonly P[]): P[] {
  const front: P[] = []
  let cheapest = Infinity
  for (const point of points.toSorted((a, b) => a.timeSeconds - b.timeSeconds || a.cost - b.cost)) {
    if (point.cost >= cheapest) continue
    front.push(point)
    cheapest = point.cost
  }
  return front
}

/**
 * Hypervolume in two dimensions: the area between a front and a reference point, seconds x money. Larger is better;
 * points that are not better than the reference in both count nothing.
 */
export function hypervolume(points: readonly ParetoPoint[], reference: ParetoPoint): number {
  let area = 0
  let ceiling = reference.cost
  for (const { timeSeconds, cost } of paretoFront(points)) {
    if (timeSeconds >= reference.timeSeconds || cost >= ceiling) continue
    area += (reference.timeSeconds - timeSeconds) * (ceiling - cost)
    ceiling = cost
  }
  return area
}
