/** The cut-off on scores from which "yes" has the best F1, half way between two scores; one half without a yes. */
export function bestF1CutOff(labels: ArrayLike<number>, scores: readonly number[]): number {
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!)
  const positives = order.reduce((sum, k) => sum + labels[k]!, 0)
  let best = { f1: 0, cutOff: 0.5 }
  let found = 0
  order.forEach((k, rank) => {
    found += labels[k]!
    const next = scores[order[rank + 1] ?? -1] ?? 0
    const f1 = (2 * found) / (rank + 1 + positives)
    if (next !== scores[k] && f1 > best.f1) best = { f1, cutOff: (scores[k]! + next) / 2 }
  })
  return best.cutOff
}
