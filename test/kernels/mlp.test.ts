import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Kernels } from '../../src/kernels/kernels.ts'
import { createMaml, type MamlShape } from '../../src/kernels/maml.ts'
import { allocatePass, layOutMlp, mlpBackward, mlpForward, mlpHessianProduct, mlpLoss } from '../../src/kernels/mlp.ts'
import { createReferenceKernels } from '../../src/kernels/reference-kernels.ts'
import { createWasmKernels } from '../../src/kernels/wasm-kernels.ts'
import { centralDifferences, draws, place, relativeDifference } from './closeness.ts'

const activations = ['relu', 'tanh', 'sigmoid'] as const
const losses = ['squared-error', 'cross-entropy'] as const
const combinations = activations.flatMap((activation) => losses.map((loss) => ({ activation, loss })))

/** Rows of targets: any numbers, or probabilities. */
function targetsFor(loss: (typeof losses)[number], rows: number, outputs: number): Float64Array {
  const targets = draws('targets', rows * outputs)
  if (loss === 'squared-error') return targets
  for (let i = 0; i < rows; i++) {
    const row = targets.subarray(i * outputs, (i + 1) * outputs)
    const total = row.reduce((sum, value) => sum + Math.abs(value), 0)
    for (const [j, value] of row.entries()) row[j] = Math.abs(value) / total
  }
  return targets
}

/** Loss, gradient and Hessian product of one small net. */
function passes(kernels: Kernels, { activation, loss }: (typeof combinations)[number]) {
  const rows = 5
  const mlp = layOutMlp({ sizes: [3, 7, 6, 4], activation, loss }, rows)
  const count = mlp.parameterCount
  const parameters = place(kernels, draws('parameters', count, 0.5))
  const x = place(kernels, draws('x', rows * 3))
  const targets = place(kernels, targetsFor(loss, rows, 4))
  const pass = allocatePass(kernels, mlp)
  const [gradient, product] = [kernels.allocate(count), kernels.allocate(count)]
  const direction = place(kernels, draws('direction', count))
  const room = mlp.valueCount
  const hessian = {
    inputs: kernels.allocate(room),
    values: kernels.allocate(room),
    deltas: kernels.allocate(room),
  }
  const lossOf = (): number => {
    mlpForward(kernels, mlp, parameters, x, pass.values)
    return mlpLoss(kernels, mlp, pass, targets)
  }
  const view = (array: number) => kernels.view(array, count)
  return {
    parameters: view(parameters),
    direction: view(direction),
    lossOf,
    gradientOf: () => {
      lossOf()
      mlpBackward(kernels, mlp, parameters, x, pass, gradient)
      return view(gradient).slice()
    },
    productOf: () => {
      mlpHessianProduct(kernels, mlp, parameters, x, pass, direction, hessian, product)
      return view(product).slice()
    },
  }
}

test.each(combinations)('gradient and Hessian of $activation, $loss agree with differences in 64 bits', (net) => {
  const { parameters, direction, lossOf, gradientOf, productOf } = passes(createReferenceKernels('float64'), net)
  const gradient = gradientOf()
  const product = productOf()
  expect(relativeDifference(gradient, centralDifferences(parameters, lossOf))).toBeLessThan(1e-8)
  const step = 1e-5
  const start = parameters.slice()
  const moved = (sign: number) => {
    for (const [i, value] of start.entries()) parameters[i] = value + sign * step * direction[i]!
    return gradientOf()
  }
  const [above, below] = [moved(1), moved(-1)]
  const differences = above.map((value, i) => (value - below[i]!) / (2 * step))
  expect(relativeDifference(product, differences)).toBeLessThan(1e-7)
})

test.each(combinations)('WebAssembly computes what the 64-bit reference does: $activation, $loss', (net) => {
  const [fast, exact] = [passes(createWasmKernels(), net), passes(createReferenceKernels('float64'), net)]
  expect(fast.lossOf()).toBeCloseTo(exact.lossOf(), 5)
  expect(relativeDifference(fast.gradientOf(), exact.gradientOf())).toBeLessThan(3e-6)
  expect(relativeDifference(fast.productOf(), exact.productOf())).toBeLessThan(3e-6)
})

function metaBatch({ tasks, supportRows, queryRows, sizes, loss }: MamlShape) {
  const [inputs, outputs] = [sizes[0]!, sizes.at(-1)!]
  return {
    supportX: draws('support', tasks * supportRows * inputs),
    supportY: targetsFor(loss, tasks * supportRows, outputs),
    queryX: draws('query', tasks * queryRows * inputs),
    queryY: targetsFor(loss, tasks * queryRows, outputs).reverse(),
  }
}

/** A meta-learner with drawn parameters and rates. */
function metaLearner(kernels: Kernels, shape: MamlShape) {
  const maml = createMaml(kernels, shape)
  const count = maml.mlp.parameterCount
  kernels.view(maml.parameters, count).set(draws('theta', count, 0.6))
  kernels.view(maml.rates, count).set(draws('rates', count, 0.1).map(Math.abs))
  return { maml, view: (array: number) => kernels.view(array, count) }
}

const shape = { sizes: [2, 6, 5, 3], tasks: 3, supportRows: 4, queryRows: 6 } as const

test.each(combinations.flatMap((net) => [1, 3].map((steps) => ({ ...net, steps }))))(
  'meta-gradient of $activation, $loss after $steps steps agrees with differences in 64 bits',
  (net) => {
    const { maml, view } = metaLearner(createReferenceKernels('float64'), { ...shape, ...net })
    const batch = metaBatch(maml.mlp.shape as MamlShape)
    const lossOf = (): number => maml.gradient(batch)
    lossOf()
    const [inParameters, inRates] = [view(maml.metaGradient).slice(), view(maml.rateGradient).slice()]
    expect(relativeDifference(inParameters, centralDifferences(view(maml.parameters), lossOf))).toBeLessThan(1e-7)
    expect(relativeDifference(inRates, centralDifferences(view(maml.rates), lossOf))).toBeLessThan(1e-7)
  },
)

test('first-order MAML is another gradient, and the right one where the loss has no curvature', () => {
  const { maml, view } = metaLearner(createReferenceKernels('float64'), {
    ...shape,
    activation: 'tanh',
    loss: 'squared-error',
    steps: 2,
  })
  const batch = metaBatch(maml.mlp.shape as MamlShape)
  maml.gradient(batch)
  const exact = view(maml.metaGradient).slice()
  maml.gradient(batch, 1)
  expect(relativeDifference(view(maml.metaGradient), exact)).toBeGreaterThan(0.05)
  view(maml.rates).fill(0)
  maml.gradient(batch, 1)
  const first = view(maml.metaGradient).slice()
  maml.gradient(batch, 2)
  expect(view(maml.metaGradient)).toEqual(first)
})

test('a rate of 0 freezes a parameter in the inner loop', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), (steps) => {
      const { maml, view } = metaLearner(createWasmKernels(), {
        ...shape,
        activation: 'tanh',
        loss: 'squared-error',
        steps,
      })
      view(maml.rates).fill(0)
      const batch = metaBatch(maml.mlp.shape as MamlShape)
      const before = maml.gradient(batch)
      // The last layer alone learns: 5 x 3 weights and 3 biases at the end.
      view(maml.rates).fill(0.05, maml.mlp.parameterCount - 18)
      expect(maml.gradient(batch)).not.toBe(before)
      expect(view(maml.rateGradient).some((value) => value !== 0)).toBe(true)
    }),
    { numRuns: 4 },
  )
})

test.each(combinations)('the meta-gradient of WebAssembly has 32 bits of it right: $activation, $loss', (net) => {
  const steps = 5
  const [fast, exact] = [createWasmKernels(), createReferenceKernels('float64')].map((kernels) => {
    const { maml, view } = metaLearner(kernels, { ...shape, ...net, steps })
    const loss = maml.gradient(metaBatch(maml.mlp.shape as MamlShape))
    return { loss, gradient: view(maml.metaGradient).slice(), rates: view(maml.rateGradient).slice() }
  })
  expect(fast!.loss).toBeCloseTo(exact!.loss, 4)
  expect(relativeDifference(fast!.gradient, exact!.gradient)).toBeLessThan(2e-5)
  expect(relativeDifference(fast!.rates, exact!.rates)).toBeLessThan(2e-5)
})

test('a smaller batch of tasks gives the mean over the tasks that are there', () => {
  const { maml, view } = metaLearner(createWasmKernels(), {
    ...shape,
    activation: 'tanh',
    loss: 'squared-error',
    steps: 1,
  })
  const { supportX, supportY, queryX, queryY } = metaBatch(maml.mlp.shape as MamlShape)
  const one = (task: number) => ({
    supportX: supportX.subarray(task * 8, (task + 1) * 8),
    supportY: supportY.subarray(task * 12, (task + 1) * 12),
    queryX: queryX.subarray(task * 12, (task + 1) * 12),
    queryY: queryY.subarray(task * 18, (task + 1) * 18),
  })
  const together = maml.gradient({ supportX, supportY, queryX, queryY })
  const gradient = view(maml.metaGradient).slice()
  const sum = new Float64Array(maml.mlp.parameterCount)
  let loss = 0
  for (const task of [0, 1, 2]) {
    loss += maml.gradient(one(task)) / 3
    for (const [i, value] of view(maml.metaGradient).entries()) sum[i]! += value / 3
  }
  expect(loss).toBeCloseTo(together, 5)
  expect(relativeDifference(gradient, sum)).toBeLessThan(1e-6)
})

test('200 meta-iterations end in the same bits on every engine', () => {
  const kernels = createWasmKernels()
  const { maml, view } = metaLearner(kernels, { ...shape, activation: 'tanh', loss: 'squared-error', steps: 2 })
  const batch = metaBatch(maml.mlp.shape as MamlShape)
  const velocity = kernels.allocate(maml.mlp.parameterCount)
  let loss = 0
  for (let i = 0; i < 200; i++) {
    loss = maml.gradient(batch)
    kernels.sgd(maml.mlp.parameterCount, maml.parameters, maml.metaGradient, velocity, 0.02, 0.9)
  }
  expect(loss).toBe(0.563001960515976)
  expect([...view(maml.parameters).subarray(0, 3)]).toEqual([
    0.3967965543270111, 1.2499096393585205, -0.3094214200973511,
  ])
})
