import { beforeAll, expect, test } from 'vitest'
import type { Architecture } from '../../../src/forecast/neural/architecture.ts'
import { drawMasks } from '../../../src/forecast/neural/dropout.ts'
import { initialWeights } from '../../../src/forecast/neural/initial-weights.ts'
import type { HeadShape } from '../../../src/forecast/neural/loss.ts'
import { createTfjsTrainer } from '../../../src/forecast/neural/tfjs-trainer.ts'
import { createTrainer, type Trainer } from '../../../src/forecast/neural/trainer.ts'
import { openKernels } from '../../../src/kernels/open-kernels.ts'
import { createRng } from '../../../src/random/rng.ts'
import { architectures, small } from './architectures.ts'

const batch = 3

function fill({ arrays, input, targets }: Trainer, architecture: Architecture, shape: HeadShape): void {
  const rng = createRng('tfjs')
  arrays.weights.set(initialWeights(architecture, 'tfjs').map((w, i) => w + 0.05 * Math.sin(i)))
  for (let i = 0; i < input.length; i++) input[i] = 2 * rng() - 1
  for (let i = 0; i < targets.length; i++) targets[i] = shape.head === 'regression' ? 2 * rng() - 1 : i % 2
}

/** Largest differences of outputs and gradients between the kernels and tfjs, the latter relative to the largest entry. */
async function differences(
  architecture: Architecture,
  shape: HeadShape,
  dropout: number,
): Promise<{ outputs: number; gradient: number }> {
  const own = createTrainer(openKernels(), architecture, shape, batch)
  const oracle = await createTfjsTrainer(architecture, shape, batch, 'cpu')
  const masks =
    dropout > 0 ? drawMasks(createRng('m'), { dropout, recurrentDropout: dropout }, own.layout, batch) : null
  const [ours, theirs] = [own, oracle].map((trainer) => {
    fill(trainer, architecture, shape)
    const outputs = Array.from(trainer.outputs(batch))
    return { outputs, loss: trainer.gradient(batch, masks), gradient: Array.from(trainer.arrays.gradient) }
  }) as [Outcome, Outcome]
  expect(ours.loss).toBeCloseTo(theirs.loss, 5)
  const scale = Math.max(...theirs.gradient.map(Math.abs))
  return {
    outputs: Math.max(...ours.outputs.map((value, i) => Math.abs(value - theirs.outputs[i]!))),
    gradient: Math.max(...ours.gradient.map((value, i) => Math.abs(value - theirs.gradient[i]!))) / scale,
  }
}

interface Outcome {
  readonly outputs: number[]
  readonly loss: number
  readonly gradient: number[]
}

const regression: HeadShape = { head: 'regression', horizon: 2, quantiles: [0.5, 0.85] }
const levels: HeadShape = { head: 'levels', horizon: 1, classes: 4 }
const decision: HeadShape = { head: 'decision', horizon: 2, positiveWeight: 3 }

beforeAll(async () => {
  await createTfjsTrainer(small, regression, batch, 'cpu')
})

const cases: readonly (readonly [string, Architecture, HeadShape, number])[] = [
  ...Object.entries(architectures).map(([name, one]) => [name, one, regression, 0] as const),
  ['dropout', small, levels, 0.4],
  ['the decision head', small, decision, 0],
  ['the decision head with a skip', { ...small, linearSkip: true, skipColumn: 1 }, decision, 0],
  ['binary weights', { ...small, binarize: 'weights' }, regression, 0],
  ['binary weights and activations', { ...small, binarize: 'weights+activations' }, levels, 0.3],
  ['binary, reset after', { ...small, binarize: 'weights+activations', resetAfter: true }, regression, 0],
  ['binary, unscaled', { ...small, binarize: 'weights', scale: 'none' }, regression, 0],
  ['ternary weights', { ...small, binarize: 'ternary' }, regression, 0],
  ['a binary lstm', { ...small, cell: 'lstm', binarize: 'weights+activations' }, regression, 0],
]

test.each(cases)('outputs and gradients of %s equal those of tfjs', async (_, architecture, shape, dropout) => {
  const { outputs, gradient } = await differences(architecture, shape, dropout)
  expect(outputs).toBeLessThan(1e-5)
  expect(gradient).toBeLessThan(1e-4)
})
