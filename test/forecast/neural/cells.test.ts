import { expect, test } from 'vitest'
import { type Architecture, parameterLayout } from '../../../src/forecast/neural/architecture.ts'
import { withArithmetic } from '../../../src/forecast/neural/arithmetic.ts'
import { createNetwork } from '../../../src/forecast/neural/network.ts'
import { openKernels } from '../../../src/kernels/open-kernels.ts'

const cell: Architecture = {
  window: 2,
  inputs: 1,
  encoder: [],
  cell: 'gru',
  units: [1],
  bidirectional: false,
  resetAfter: false,
  recurrentActivation: 'sigmoid',
  binarize: 'none',
  scale: 'row',
  readout: 'last',
  wfaTau: 1,
  wfaSource: 'hidden',
  linearSkip: false,
  skipColumn: 0,
  outputs: 1,
}

/** The state after the inputs 1, -0.5 of a cell of one unit, whose head hands it on unchanged. */
function lastState(
  change: Partial<Architecture>,
  named: Record<string, number[]>,
  inputs: number[] = [1, -0.5],
): number {
  const architecture = { ...cell, ...change }
  const { network, weights, input } = withArithmetic(openKernels(), (arithmetic) => ({
    network: createNetwork(architecture, arithmetic, 1),
    weights: arithmetic.allocate(parameterLayout(architecture).size),
    input: arithmetic.allocate(inputs.length),
  }))
  for (const { name, start } of network.layout.all) {
    weights.set(named[name] ?? (name === 'head.kernel' ? [1] : []), start)
  }
  input.set(inputs)
  network.load(weights)
  return network.forward(input, 1, null)[0]!
}

// Columns r, u, n.
const gru = {
  'layer0.forward.kernel': [0.5, -0.3, 0.8],
  'layer0.forward.recurrent': [0.2, 0.4, -0.6],
  'layer0.forward.bias': [0.1, 0, -0.1],
  'layer0.forward.recurrentBias': [0.3],
}

test('a GRU with the reset before the product equals hand numbers', () => {
  // Step 1, h' = 0: r = sigma(.5 + .1) = .645656, u = sigma(-.3) = .425557, n = tanh(.8 - .1) = .604368,
  //   h = .425557 * 0 + .574443 * .604368 = .347175
  // Step 2: r = sigma(-.25 + .1 + .2 * .347175) = .479870, u = sigma(.15 + .4 * .347175) = .571719,
  //   n = tanh(-.4 - .1 - .6 * .479870 * .347175) = -.537020, h = .571719 * .347175 + .428281 * -.537020 = -.031509
  expect(lastState({}, gru)).toBeCloseTo(-0.031509, 5)
})

test('a GRU with the reset after the product equals hand numbers', () => {
  // Step 1: r and u as above, n = tanh(.7 + .645656 * (0 + .3)) = .713215, h = .574443 * .713215 = .409701
  // Step 2: r = sigma(-.15 + .2 * .409701) = .482992, u = sigma(.15 + .4 * .409701) = .577832,
  //   n = tanh(-.5 + .482992 * (-.6 * .409701 + .3)) = -.441290, h = .577832 * .409701 + .422168 * -.441290 = .050440
  expect(lastState({ resetAfter: true }, gru)).toBeCloseTo(0.05044, 5)
})

test('the piecewise linear gate is max(0, min(1, .2 x + .5))', () => {
  // Step 1: r = .62, u = .44, n = .604368, h = .56 * .604368 = .338446
  // Step 2: r = .2 * (-.15 + .067689) + .5 = .483538, u = .2 * (.15 + .135378) + .5 = .557076,
  //   n = tanh(-.5 - .6 * .483538 * .338446) = -.535761, h = .557076 * .338446 + .442924 * -.535761 = -.048762
  expect(lastState({ recurrentActivation: 'hardSigmoid' }, gru)).toBeCloseTo(-0.048762, 5)
})

test('an LSTM equals hand numbers', () => {
  // Columns i, f, g, o.
  const lstm = {
    'layer0.forward.kernel': [0.5, -0.3, 0.8, 0.2],
    'layer0.forward.recurrent': [0.2, 0.4, -0.6, 0.1],
    'layer0.forward.bias': [0.1, 1, -0.1, 0],
  }
  // Step 1: i = sigma(.6) = .645656, f = sigma(.7) = .668188, g = tanh(.7) = .604368, o = sigma(.2) = .549834,
  //   c = .645656 * .604368 = .390214, h = .549834 * tanh(.390214) = .204288
  // Step 2: i = sigma(-.15 + .2 h) = .472741, f = sigma(1.15 + .4 h) = .774119, g = tanh(-.5 - .6 h) = -.552917,
  //   o = sigma(-.1 + .1 h) = .480118, c = .774119 * .390214 + .472741 * -.552917 = .040685, h = .019523
  expect(lastState({ cell: 'lstm' }, lstm)).toBeCloseTo(0.019523, 5)
})

test('the backward direction reads the window from its end, and its last state is at the first step', () => {
  const backward = Object.fromEntries(Object.entries(gru).map(([name, w]) => [name.replace('forward', 'backward'), w]))
  // The head reads forward, backward: here the backward state alone.
  const both = lastState({ bidirectional: true }, { ...backward, 'head.kernel': [0, 1] }, [1, -0.5])
  expect(both).toBeCloseTo(lastState({}, gru, [-0.5, 1]), 6)
  expect(both).not.toBeCloseTo(lastState({}, gru, [1, -0.5]), 3)
})
