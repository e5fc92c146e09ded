import type { LearnerShape } from './learner.ts'

/** A learner of another number of slots. */
export interface Widened {
  readonly shape: LearnerShape
  readonly weights: Float32Array
}

/**
 * The same learner for another number of resources. All slots start alike, so a new one is a copy of the first: this is why
 * the pair scorer serves any number of resources, in any order.
 */
export function withSlots(shape: LearnerShape, weights: ArrayLike<number>, slots: number): Widened {
  const inputs = shape.slotsFrom + slots
  const widened = {
    ...shape,
    inputs,
    relations: shape.relations.map(({ from, to }) =>
      from === shape.slotsFrom ? { from, to: from + slots } : { from, to },
    ),
  }
  const arrays = networkArrays(shape)
  if (arrays === 0) return { shape: widened, weights: Float32Array.from(weights) }
  const width = shape.hidden[0] ?? shape.outputs
  const tail = shape.learner === 'platipus' ? 3 : 0
  const count = (weights.length - tail) / arrays
  const grown = count + (inputs - shape.inputs) * width
  const result = new Float32Array(arrays * grown + tail)
  const [head, first] = [shape.slotsFrom * width, shape.inputs > shape.slotsFrom]
  for (let a = 0; a < arrays; a++) {
    const source = Array.prototype.slice.call(weights, a * count, (a + 1) * count) as number[]
    result.set(source.slice(0, head), a * grown)
    for (let slot = 0; slot < slots && first; slot++)
      result.set(source.slice(head, head + width), a * grown + head + slot * width)
    result.set(source.slice(shape.inputs * width), a * grown + inputs * width)
  }
  result.set(Array.prototype.slice.call(weights, arrays * count) as number[], arrays * grown)
  return { shape: widened, weights: result }
}

/** How many arrays of a learner's weights have one number per parameter of its network; 0 where slots have no weights. */
function networkArrays({ learner, learnRates }: LearnerShape): number {
  if (learner === 'prototypical' || learner === 'matching' || learner === 'versa') return 0
  if (learner === 'platipus') return 3
  return learnRates ? 2 : 1
}
