import {
  type Architecture,
  averageWidth,
  encodedWidth,
  readoutWidth,
  readsAverage,
  stateWidth,
} from './architecture.ts'
import type { Values } from './arithmetic.ts'
import { averageSequence, averageSequenceBackward, featureAverageWeights } from './feature-average.ts'

/** What the head reads of the sequences, and the way back. */
export interface Reader {
  /** Writes (batch x readout width): the last states of both directions or their mean, then the weighted feature average. */
  readonly read: (features: Values, states: Values, batch: number, target: Values) => void
  /** Adds the gradient of `read` to those of its sequences; `features` may be without one. */
  readonly readBackward: (gradient: Values, batch: number, ofFeatures: Values | null, ofStates: Values) => void
}

/** The readout of an architecture: the source's "bi-GRU output and weighted average feature", side by side. */
export function createReader(architecture: Architecture): Reader {
  const { window: steps, readout, wfaSource, wfaTau, bidirectional } = architecture
  const width = readoutWidth(architecture)
  const columns = stateWidth(architecture)
  const averageStart = width - (readsAverage(readout) ? averageWidth(architecture) : 0)
  const weights = featureAverageWeights(steps, wfaTau)
  const meanWeights = featureAverageWeights(steps, Infinity)
  const directions = bidirectional ? [0, 1] : [0]
  const units = columns / directions.length

  /** Calls back with the places of the last state of each direction: the backward one ends at the first step. */
  function eachLastState(batch: number, visit: (inStates: number, inRead: number) => void): void {
    for (const direction of directions) {
      const time = direction === 1 ? 0 : steps - 1
      for (let b = 0; b < batch; b++) {
        visit((time * batch + b) * columns + direction * units, b * width + direction * units)
      }
    }
  }

  return {
    read(features, states, batch, target) {
      if (readout === 'mean') averageSequence(meanWeights, states, batch, columns, target, 0, width)
      if (readout === 'last' || readout === 'last+wfa') {
        eachLastState(batch, (from, to) => {
          for (let j = 0; j < units; j++) target[to + j] = states[from + j]!
        })
      }
      if (!readsAverage(readout)) return
      if (wfaSource === 'hidden') averageSequence(weights, states, batch, columns, target, averageStart, width)
      else averageSequence(weights, features, batch, encodedWidth(architecture), target, averageStart, width)
    },
    readBackward(gradient, batch, ofFeatures, ofStates) {
      if (readout === 'mean') averageSequenceBackward(meanWeights, gradient, batch, columns, 0, width, ofStates)
      if (readout === 'last' || readout === 'last+wfa') {
        eachLastState(batch, (to, from) => {
          for (let j = 0; j < units; j++) ofStates[to + j] = ofStates[to + j]! + gradient[from + j]!
        })
      }
      if (!readsAverage(readout)) return
      const [target, count] = wfaSource === 'hidden' ? [ofStates, columns] : [ofFeatures, encodedWidth(architecture)]
      if (target) averageSequenceBackward(weights, gradient, batch, count, averageStart, width, target)
    },
  }
}
