import { expect, test } from 'vitest'
import { parameterLayout } from '../../../src/forecast/neural/architecture.ts'
import { withArithmetic } from '../../../src/forecast/neural/arithmetic.ts'
import { type DropoutMasks, drawMasks } from '../../../src/forecast/neural/dropout.ts'
import { initialWeights } from '../../../src/forecast/neural/initial-weights.ts'
import { createNetwork } from '../../../src/forecast/neural/network.ts'
import { openKernels } from '../../../src/kernels/open-kernels.ts'
import { createRng } from '../../../src/random/rng.ts'
import { small } from './architectures.ts'

const layout = parameterLayout(small)
const plain = { ...small, encoder: [], units: [3], bidirectional: false, readout: 'mean' } as const

test('one mask serves all steps of a window', () => {
  // A GRU whose recurrence is off sees the input alone: with a mask that drops feature 1, no step may depend on it.
  const { network, weights, input } = withArithmetic(openKernels(), (arithmetic) => ({
    network: createNetwork(plain, arithmetic, 1),
    weights: arithmetic.allocate(parameterLayout(plain).size),
    input: arithmetic.allocate(plain.window * plain.inputs),
  }))
  weights.set(initialWeights(plain, 'steps'))
  const masks: DropoutMasks = { input: [[Float32Array.of(2, 0)]], state: [[null]], readout: null }
  const outputWith = (step: number, column: number): number => {
    for (let i = 0; i < input.length; i++) input[i] = i % 3
    input[step * plain.inputs + column] = 50
    network.load(weights)
    return network.forward(input, 1, masks)[0]!
  }
  const untouched = new Set(Array.from({ length: plain.window }, (_, step) => outputWith(step, 1)))
  expect(untouched.size).toBe(1)
  const touched = new Set(Array.from({ length: plain.window }, (_, step) => outputWith(step, 0)))
  expect(touched.size).toBe(plain.window)
})

test('the mask of the state holds for all steps, too', () => {
  // With every state masked the recurrent product is 0 at each step: as if its kernel were.
  const { network, weights, input } = withArithmetic(openKernels(), (arithmetic) => ({
    network: createNetwork(plain, arithmetic, 1),
    weights: arithmetic.allocate(parameterLayout(plain).size),
    input: arithmetic.allocate(plain.window * plain.inputs),
  }))
  for (let i = 0; i < input.length; i++) input[i] = Math.sin(i)
  const outputOf = (kernel: 'drawn' | 'zero', masks: DropoutMasks | null): number[] => {
    weights.set(initialWeights(plain, 'states'))
    const { start, rows, columns } = network.layout.layers[0]![0]!.recurrent
    if (kernel === 'zero') weights.fill(0, start, start + rows * columns)
    network.load(weights)
    return [...network.forward(input, 1, masks)]
  }
  const masks: DropoutMasks = { input: [[null]], state: [[new Float32Array(3)]], readout: null }
  expect(outputOf('drawn', masks)).toEqual(outputOf('zero', null))
  expect(outputOf('drawn', masks)).not.toEqual(outputOf('drawn', null))
})

test('what is kept is scaled up so that the mean stays', () => {
  const masks = drawMasks(createRng('mean'), { dropout: 0.2, recurrentDropout: 0.5 }, layout, 4000)
  const input = masks.input[0]![0]!
  const state = masks.state[0]![0]!
  expect(new Set(input)).toEqual(new Set([0, Math.fround(1.25)]))
  expect(new Set(state)).toEqual(new Set([0, 2]))
  expect(new Set(masks.readout)).toEqual(new Set([0, Math.fround(1.25)]))
  const meanOf = (list: ArrayLike<number>): number => Array.from(list).reduce((sum, x) => sum + x, 0) / list.length
  expect(meanOf(input)).toBeCloseTo(1, 1)
  expect(meanOf(state)).toBeCloseTo(1, 1)
})

test('a rate of 0 draws no mask', () => {
  const masks = drawMasks(createRng('none'), { dropout: 0, recurrentDropout: 0 }, layout, 4)
  expect([masks.input.flat(), masks.state.flat(), masks.readout].flat()).toEqual(Array.from({ length: 9 }, () => null))
})

test('masks change the output in training only', () => {
  const { network, weights, input } = withArithmetic(openKernels(), (arithmetic) => ({
    network: createNetwork(small, arithmetic, 1),
    weights: arithmetic.allocate(layout.size),
    input: arithmetic.allocate(small.window * small.inputs),
  }))
  weights.set(initialWeights(small, 'masks'))
  input.fill(1)
  network.load(weights)
  const unmasked = [...network.forward(input, 1, null)]
  const masks = drawMasks(createRng('masks'), { dropout: 0.5, recurrentDropout: 0.5 }, layout, 1)
  expect([...network.forward(input, 1, masks)]).not.toEqual(unmasked)
  expect([...network.forward(input, 1, null)]).toEqual(unmasked)
})
