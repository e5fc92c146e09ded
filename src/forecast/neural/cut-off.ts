import type { Head } from './head.ts'
import { exceedanceProbabilities } from './decode.ts'
import { forEachBatch, type LabelledWindows, type TrainingSetup } from './training.ts'

type DecisionHead = Extract<Head, { head: 'decision' }>

/** What the network says of a window for the whole horizon, and what came. */
interface Scored {
  readonly probability: number
  readonly label: number
}

/**
 * The head with the cut-off that gives the best F1 for the whole horizon; .5 without a 'yes'. It looks at training and
 * validation windows together: the shares of 'yes' on so short a stretch as the validation rows may be far from those of
 * what comes, and a single number is hardly fitted too closely to the rows that the weights have seen.
 */
export function tuneCutOff(head: DecisionHead, setup: TrainingSetup): DecisionHead {
  const scored = [setup.training, setup.validation].flatMap((labelled) => scoredWindows(head, setup, labelled))
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

function scoredWindows({ horizon }: DecisionHead, setup: TrainingSetup, labelled: LabelledWindows): Scored[] {
  const scored: Scored[] = []
  forEachBatch(setup, labelled, (start, size) => {
    const outputs = setup.trainer.outputs(size)
    for (let b = 0; b < size; b++) {
      const path = exceedanceProbabilities(outputs, b * 2 * horizon, horizon)
      scored.push({ probability: path[horizon - 1]!, label: labelled.labels[(start + b + 1) * horizon - 1]! })
    }
  })
  return scored
}
