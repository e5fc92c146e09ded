import { beforeAll, describe, expect, test } from 'vitest'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { allocateTape, type CellShape, gateCount, type RecurrentPass } from '../../src/kernels/recurrent-pass.ts'
import { recurrentBackward, recurrentForward } from '../../src/kernels/recurrent.ts'
import { createReferenceKernels } from '../../src/kernels/reference-kernels.ts'
import { createWasmKernels } from '../../src/kernels/wasm-kernels.ts'
import { loadTensorflow, type Tensorflow } from '../../src/neural/tensorflow.ts'
import { centralDifferences, draws, place, relativeDifference } from './closeness.ts'

interface Case {
  readonly cell: CellShape['cell']
  readonly hard: boolean
  readonly reverse: boolean
  readonly masked: boolean
  readonly signed: boolean
}

const steps = 4
const batch = 3
const inputs = 5
const units = 6

/** One direction of a layer with drawn weights, in the right half of states twice as wide. */
function layer(kernels: Kernels, { cell, hard, reverse, masked, signed }: Case) {
  const gates = gateCount(cell) * units
  const rows = steps * batch
  const shape = { cell, inputs, units, hard }
  const sizes = { kernel: inputs * gates, recurrent: units * gates, bias: gates, candidateBias: units }
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0)
  const [weights, gradients] = [place(kernels, draws('weights', total, 0.6)), kernels.allocate(total)]
  const blocks = (start: number) => ({
    kernel: start,
    recurrent: start + sizes.kernel,
    bias: start + sizes.kernel + sizes.recurrent,
    candidateBias: cell === 'gru-after' ? start + total - units : null,
  })
  const masks = (width: number) =>
    masked
      ? place(
          kernels,
          draws(`mask${width}`, batch * width).map((x) => (x > -0.5 ? 1.6 : 0)),
        )
      : null
  const stateRow = 2 * units
  const input = place(kernels, draws('input', rows * inputs))
  const states = kernels.allocate(rows * stateRow)
  const statesGradient = place(kernels, draws('statesGradient', rows * stateRow))
  const inputGradient = kernels.allocate(rows * inputs)
  const pass: RecurrentPass = {
    shape,
    weights: blocks(weights),
    packed: null,
    reverse,
    steps,
    batch,
    inputView: { signed, mask: masks(inputs) },
    stateView: { signed, mask: masks(units) },
    input,
    states: states + units,
    stateRow,
    tape: allocateTape(kernels, shape, steps, batch),
  }
  const [ofStates, seeds] = [statesGradient, states].map((array) => kernels.view(array, rows * stateRow))
  return {
    weights: kernels.view(weights, total),
    input: kernels.view(input, rows * inputs),
    pass,
    states: () => seeds!.slice(),
    /** A loss whose gradient in the states is `statesGradient`. */
    lossOf: () => {
      recurrentForward(kernels, pass)
      let loss = 0
      for (const [i, value] of seeds!.entries()) loss += value * ofStates![i]!
      return loss
    },
    gradientsOf: () => {
      kernels.view(gradients, total).fill(0)
      kernels.view(inputGradient, rows * inputs).fill(0)
      recurrentForward(kernels, pass)
      recurrentBackward(kernels, pass, statesGradient + units, blocks(gradients), inputGradient)
      return {
        weights: kernels.view(gradients, total).slice(),
        input: kernels.view(inputGradient, rows * inputs).slice(),
      }
    },
  }
}

const cells = ['gru', 'gru-after', 'lstm'] as const
const plain = { hard: false, reverse: false, masked: false, signed: false }
const smooth: Case[] = cells.flatMap((cell) =>
  [false, true].flatMap((reverse) => [
    { ...plain, cell, reverse },
    { ...plain, cell, reverse, masked: true },
    { ...plain, cell, reverse, hard: true },
  ]),
)

test.each(smooth)('gradients of $cell agree with differences in 64 bits (%o)', (options) => {
  const { weights, input, lossOf, gradientsOf } = layer(createReferenceKernels('float64'), options)
  const gradients = gradientsOf()
  expect(relativeDifference(gradients.weights, centralDifferences(weights, lossOf))).toBeLessThan(1e-7)
  expect(relativeDifference(gradients.input, centralDifferences(input, lossOf))).toBeLessThan(1e-7)
})

test.each([...smooth, ...cells.map((cell) => ({ ...plain, cell, masked: true, signed: true }))])(
  'WebAssembly computes what the 64-bit reference does: %o',
  (options) => {
    const [fast, exact] = [createWasmKernels(), createReferenceKernels('float64')].map((kernels) => {
      const { gradientsOf, states } = layer(kernels, options)
      return { ...gradientsOf(), states: states() }
    })
    expect(relativeDifference(fast!.states, exact!.states)).toBeLessThan(2e-6)
    expect(relativeDifference(fast!.weights, exact!.weights)).toBeLessThan(5e-6)
    expect(relativeDifference(fast!.input, exact!.input)).toBeLessThan(5e-6)
  },
)

test.each(cells)('%s writes its own columns of the states alone', (cell) => {
  const { states, lossOf } = layer(createWasmKernels(), { ...plain, cell })
  lossOf()
  const left = states().filter((_, i) => i % (2 * units) < units)
  expect(left.every((value) => value === 0)).toBe(true)
})

test('products see signs: the states are those of a net whose inputs are signs already', () => {
  const seen = layer(createWasmKernels(), { ...plain, cell: 'lstm', signed: true })
  seen.lossOf()
  const before = seen.states()
  for (const [i, value] of seen.input.entries()) seen.input[i] = value >= 0 ? 1 : -1
  seen.lossOf()
  expect(seen.states()).toEqual(before)
})

test('a GRU step by hand', () => {
  const kernels = createWasmKernels()
  const shape = { cell: 'gru', inputs: 1, units: 1, hard: true } as const
  // Columns r, z, n. W = (1, -1, 2), U = (0, 0, 1), b = (0, 0, 0.5).
  const kernel = place(kernels, [1, -1, 2])
  const recurrent = place(kernels, [0, 0, 1])
  const bias = place(kernels, [0, 0, 0.5])
  const states = kernels.allocate(2)
  recurrentForward(kernels, {
    shape,
    weights: { kernel, recurrent, bias, candidateBias: null },
    packed: null,
    reverse: false,
    steps: 2,
    batch: 1,
    inputView: { signed: false, mask: null },
    stateView: { signed: false, mask: null },
    input: place(kernels, [1, 0.5]),
    states,
    stateRow: 1,
    tape: allocateTape(kernels, shape, 2, 1),
  })
  // x = 1: r = 0.7, z = 0.3, n = tanh(2.5), h = 0.7 n. x = 0.5: r = 0.6, z = 0.4, n = tanh(1.5 + 0.6 h), h = 0.4 h + 0.6 n.
  const first = 0.7 * Math.tanh(2.5)
  const second = 0.4 * first + 0.6 * Math.tanh(1.5 + 0.6 * first)
  expect(kernels.view(states, 2)[0]).toBeCloseTo(first, 6)
  expect(kernels.view(states, 2)[1]).toBeCloseTo(second, 6)
})

/** States of nn.GRU and nn.LSTM of PyTorch 1.13 in 64 bits, for weights that are sines and cosines of their place. */
const ofPyTorch = {
  'gru-after': [
    0.57133075, 0.70694614, 0.54993402, 0.83669028, 0.83260818, 0.65705161, 0.65193379, 0.78243829, 0.54732259,
  ],
  lstm: [0.20599984, 0.08521146, 0.05786955, 0.33785121, 0.25231292, 0.29134194, 0.46465285, 0.44543853, 0.42357248],
}

test.each(['gru-after', 'lstm'] as const)('%s has the states of PyTorch', (cell) => {
  const kernels = createReferenceKernels('float64')
  const shape = { cell, inputs: 2, units: 3, hard: false }
  const gates = gateCount(cell) * 3
  const grid = (rows: number, f: (x: number) => number) => Array.from({ length: rows * gates }, (_, k) => f(k))
  const states = kernels.allocate(9)
  recurrentForward(kernels, {
    shape,
    weights: {
      kernel: place(
        kernels,
        grid(2, (k) => Math.sin(1 + k)),
      ),
      recurrent: place(
        kernels,
        grid(3, (k) => Math.cos(2 + k)),
      ),
      bias: place(
        kernels,
        grid(1, (k) => 0.1 * k),
      ),
      candidateBias: cell === 'lstm' ? null : place(kernels, [0.5, -0.4, 0.3]),
    },
    packed: null,
    reverse: false,
    steps: 3,
    batch: 1,
    inputView: { signed: false, mask: null },
    stateView: { signed: false, mask: null },
    input: place(kernels, [0.5, -1, 1.5, 0.25, -0.75, 2]),
    states,
    stateRow: 3,
    tape: allocateTape(kernels, shape, 3, 1),
  })
  expect(relativeDifference(kernels.view(states, 9), ofPyTorch[cell])).toBeLessThan(1e-7)
})

describe('tfjs layers are an oracle', () => {
  let tf: Tensorflow

  beforeAll(async () => {
    ;({ tf } = await loadTensorflow('cpu'))
  })

  // Columns of tfjs: z, r, n of a GRU; i, f, g, o of an LSTM, as here.
  const order = { gru: [1, 0, 2], lstm: [0, 1, 2, 3] } as const

  test.each(['gru', 'lstm'] as const)('%s has its states and gradients', (cell) => {
    const mine = layer(createWasmKernels(), { ...plain, cell })
    const { weights: blocks } = mine.pass
    const width = gateCount(cell) * units
    tf.tidy(() => {
      const permuted = (start: number, rows: number): Float32Array => {
        const offset = start - blocks.kernel
        return Float32Array.from({ length: rows * width }, (_, i) => {
          const [row, column] = [Math.floor(i / width), i % width]
          const block = order[cell][Math.floor(column / units)]!
          return mine.weights[offset + row * width + block * units + (column % units)]!
        })
      }
      const recurrentActivation = 'sigmoid'
      const options = { units, returnSequences: true, recurrentActivation } as const
      const net = cell === 'gru' ? tf.layers.gru(options) : tf.layers.lstm(options)
      const x = tf.tensor3d(Float32Array.from(mine.input), [steps, batch, inputs]).transpose([1, 0, 2])
      net.apply(x)
      net.setWeights([
        tf.tensor2d(permuted(blocks.kernel, inputs), [inputs, width]),
        tf.tensor2d(permuted(blocks.recurrent, units), [units, width]),
        tf.tensor1d(permuted(blocks.bias, 1)),
      ])
      const statesOf = () => (net.apply(x) as typeof x).transpose([1, 0, 2])
      const gradients = mine.gradientsOf()
      const half = mine.states().filter((_, i) => i % (2 * units) >= units)
      expect(relativeDifference(half, statesOf().dataSync())).toBeLessThan(2e-6)

      const ofStates = draws('statesGradient', steps * batch * 2 * units).filter((_, i) => i % (2 * units) >= units)
      const weighted = tf.tensor3d(Float32Array.from(ofStates), [steps, batch, units])
      const inputGradient = tf.grad((value) =>
        tf.sum(tf.mul((net.apply(value) as typeof x).transpose([1, 0, 2]), weighted)),
      )(x)
      const expected = inputGradient.transpose([1, 0, 2]).dataSync()
      expect(relativeDifference(gradients.input, expected)).toBeLessThan(1e-5)
    })
  })
})
