import type { Head } from './head.ts'
import { exceedanceLabels } from './head.ts'
import { exceedanceProbabilities } from './decode.ts'
import { forEachBatch, type TrainingSetup } from './training.ts'

type DecisionHead = Extract<Head, { head: 'decision' }>

/** The head with the cut-off that gives the best F1 on the validation windows for the whole horizon; .5 without a 'yes' there. */
export function tuneCutOff(head: DecisionHead, setup: TrainingSetup): DecisionHead {
  const { windows } = setup.validation
  const { horizon } = head
  const labels = exceedanceLabels(windows, horizon, head.threshold)
  const scored: { probability: number; label: number }[] = []
  forEachBatch(setup, setup.validation, (start, size) => {
    const outputs = setup.trainer.outputs(size)
    for (let b = 0; b < size; b++) {
      const path = exceedanceProbabilities(outputs, b * 2 * horizon, horizon)
      scored.push({ probability: path[horizon - 1]!, label: labels[(start + b + 1) * horizon - 1]! })
    }
  })
  scored.sort((a, b) => b.probability - a.probability)
  const positives = scored.reduce((sum, { label }) => sum + label, 0)
  let best = { f1: 0, cutOff: 0.5 }
  let found = 0
  scored.forEach(({ probability, label }, rank) => {
    found += label
    const next = scored[rank + 1]?.probability ?? 0
    if (next === probability) return
    const f1 = (2 * found) / (rank + 1 + positives)
    // Half way to the next one: a hair's difference on other data must not turn the decision.
    if (f1 > best.f1) best = { f1, cutOff: (probability + next) / 2 }
  })
  return { ...head, cutOff: best.cutOff }
}
