import { sortedQuantile } from '../fitted/error-quantiles.ts'
import type { ResolvedNetworkOptions } from './network-options.ts'
import type { TrainingWindows } from './training-windows.ts'

/** What the outputs of a trained network mean, with what was learnt about it from training rows: plain data. */
export type Head =
  | { readonly head: 'regression'; readonly horizon: number; readonly quantiles: readonly number[] }
  | {
      readonly head: 'levels'
      readonly horizon: number
      readonly classes: number
      /** Limits between the classes, ascending, on the normalised target: one fewer than classes. */
      readonly edges: readonly number[]
      /** Median of the normalised training targets in each class. */
      readonly centres: readonly number[]
      /** The least and the largest of them all. */
      readonly ends: readonly [number, number]
    }
  | {
      readonly head: 'decision'
      readonly horizon: number
      /** In the unit of the target. */
      readonly threshold: number
      readonly positiveWeight: number
      /** Probability from which a 'yes' is said: the one with the best F1 on training and validation rows. */
      readonly cutOff: number
    }

/** Settles what the outputs mean, from the training windows. */
export function settleHead(
  { head, horizon, quantiles, classes, positiveWeight }: ResolvedNetworkOptions,
  windows: TrainingWindows,
  threshold: number,
): Head {
  if (head === 'regression') return { head, horizon, quantiles }
  if (head === 'levels') return { head, horizon, ...levelClasses(windows.targets, classes) }
  const labels = exceedanceLabels(windows, horizon, threshold)
  const positives = labels.reduce((sum, label) => sum + label, 0)
  const balanced = positives === 0 ? 1 : (labels.length - positives) / positives || 1
  return {
    head,
    horizon,
    threshold,
    positiveWeight: positiveWeight === 'balanced' ? balanced : positiveWeight,
    cutOff: 0.5,
  }
}

/** Classes that hold equal shares of the values, as far as equal values allow it. */
function levelClasses(
  values: Float64Array,
  wanted: number,
): Pick<Extract<Head, { head: 'levels' }>, 'classes' | 'edges' | 'centres' | 'ends'> {
  const sorted = values.slice().sort()
  const edges: number[] = []
  for (let c = 1; c < wanted; c++) {
    const edge = sortedQuantile(sorted, c / wanted)
    // A value belongs to the class above an edge that it equals: an edge at the least value would leave a class empty.
    if (edge > (edges.at(-1) ?? sorted[0]!)) edges.push(edge)
  }
  const centres = [...edges, Infinity].map((high, c) => {
    const members = sorted.filter((value) => value < high && value >= (edges[c - 1] ?? -Infinity))
    return sortedQuantile(members, 0.5)
  })
  return { classes: centres.length, edges, centres, ends: [sorted[0]!, sorted.at(-1)!] }
}

/** Number of the class of a value. */
export function classOf(value: number, edges: readonly number[]): number {
  let c = 0
  while (c < edges.length && value >= edges[c]!) c++
  return c
}

/** (count x horizon): 1 where the target reaches the threshold within the next h steps. */
export function exceedanceLabels(
  { count, owner, origin, columns }: TrainingWindows,
  horizon: number,
  threshold: number,
): Uint8Array {
  const labels = new Uint8Array(count * horizon)
  for (let w = 0; w < count; w++) {
    const { values } = columns[owner[w]!]!
    let reached = 0
    for (let h = 0; h < horizon; h++) {
      if (values[origin[w]! + 1 + h]! >= threshold) reached = 1
      labels[w * horizon + h] = reached
    }
  }
  return labels
}

/** What the loss compares the outputs with: normalised values or numbers of classes; (count x horizon). */
export function lossTargets(head: Head, windows: TrainingWindows): Float64Array {
  if (head.head === 'regression') return windows.targets
  if (head.head === 'decision') {
    return Float64Array.from(exceedanceLabels(windows, head.horizon, head.threshold))
  }
  return windows.targets.map((value) => classOf(value, head.edges))
}
