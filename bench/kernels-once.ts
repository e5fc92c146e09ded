/**
 * One round of `kernels.ts` in a process of its own: the least processor time of each computation in milliseconds, as JSON.
 */
import {
  createMaml,
  createRecurrentStack,
  denseForward,
  inputGradient,
  type Kernels,
  openKernels,
  packCell,
  weightGradient,
} from 'cloudsched/kernels'
import { createRecurrentOp, loadTensorflow } from 'cloudsched/neural'

const [steps, batch, features, units] = [48, 64, 8, 64]
const rows = steps * batch

/** Least processor milliseconds of one call, over `repeats` measurements of `calls` calls each. */
function least(run: () => void, repeats: number, calls = 1): number {
  for (let i = 0; i < 2; i++) run()
  let best = Infinity
  for (let i = 0; i < repeats; i++) {
    const before = process.cpuUsage()
    for (let call = 0; call < calls; call++) run()
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1000 / calls)
  }
  return best
}

/** Numbers in [-1, 1] that follow no pattern a kernel could profit from. */
function wave(count: number, scale = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => scale * Math.sin(12.9898 * i + 0.5))
}

function place(kernels: Kernels, values: ArrayLike<number>): number {
  const offset = kernels.allocate(values.length)
  kernels.view(offset, values.length).set(values)
  return offset
}

/** Forward, backward and Adam of two bidirectional layers, the mean over time and a linear head. */
function recurrentStep(cell: 'gru' | 'gru-after' | 'lstm'): () => void {
  const kernels = openKernels('wasm-simd')
  const stack = createRecurrentStack(
    kernels,
    { cell, inputs: features, units: [units, units], bidirectional: true },
    steps,
    batch,
  )
  const width = stack.outputs
  const headSize = width * features + features
  const count = stack.parameterCount + headSize
  const parameters = place(kernels, wave(count, 0.1))
  const [gradients, first, second] = [0, 1, 2].map(() => kernels.allocate(count)) as [number, number, number]
  const x = place(kernels, wave(rows * features))
  const target = place(kernels, wave(batch * features))
  const [mean, output, error, ofMean] = [width, features, features, width].map((columns) =>
    kernels.allocate(batch * columns),
  ) as [number, number, number, number]
  const ofStates = kernels.allocate(rows * width)
  const head = { rows: batch, inputs: width, outputs: features }
  const weights = parameters + stack.parameterCount
  const ofWeights = gradients + stack.parameterCount
  let [power1, power2] = [1, 1]
  return () => {
    kernels.view(gradients, count).fill(0)
    const states = stack.forward(parameters, x, steps, batch)
    kernels.columnSums(steps, batch * width, states, batch * width, mean, 0)
    kernels.scale(batch * width, 1 / steps, mean, mean)
    denseForward(kernels, head, mean, weights, weights + width * features, output)
    kernels.squaredError(batch * features, output, target, error)
    weightGradient(kernels, head, mean, error, ofWeights, 0)
    kernels.columnSums(batch, features, error, features, ofWeights + width * features, 0)
    inputGradient(kernels, head, error, weights, ofMean, 0)
    kernels.scale(batch * width, 1 / steps, ofMean, ofMean)
    kernels.setRows(steps, batch * width, ofMean, ofStates)
    stack.backward(ofStates, gradients, null)
    power1 *= 0.9
    power2 *= 0.999
    const corrections = [1 / (1 - power1), 1 / (1 - power2)] as const
    kernels.adam(count, parameters, gradients, first, second, 1e-3, 0.9, 0.999, 1e-8, ...corrections)
  }
}

/** The same through tfjs: the layers as one operation, all else by tfjs and its Adam. */
async function throughTfjs(): Promise<{ readonly milliseconds: number; readonly tensorGrowth: number }> {
  const { tf } = await loadTensorflow('wasm')
  const shape = { cell: 'gru', inputs: features, units: [units, units], bidirectional: true } as const
  const op = createRecurrentOp(tf, openKernels('wasm-simd'), shape)
  const parameters = tf.variable(tf.tensor1d(wave(op.parameterCount, 0.1)))
  const weights = tf.variable(tf.tensor2d(wave(2 * units * features, 0.1), [2 * units, features]))
  const bias = tf.variable(tf.zeros([features]))
  const x = tf.tensor3d(wave(rows * features), [steps, batch, features])
  const target = tf.tensor2d(wave(batch * features), [batch, features])
  const adam = tf.train.adam(1e-3)
  const step = (): void => {
    adam.minimize(() => {
      const output = tf.add(tf.matMul(tf.mean(op.apply(x, parameters), 0), weights), bias)
      return tf.mean(tf.square(tf.sub(output, target)))
    })
  }
  step()
  const before = tf.memory().numTensors
  const milliseconds = least(step, 12)
  return { milliseconds, tensorGrowth: tf.memory().numTensors - before }
}

/** The same with the layers of tfjs itself, on its wasm backend. */
async function layersOfTfjs(): Promise<number> {
  const { tf } = await loadTensorflow('wasm')
  const gru = () => {
    const initialiser = { recurrentInitializer: 'glorotNormal' } as const
    return tf.layers.gru({ units, returnSequences: true, recurrentActivation: 'sigmoid', ...initialiser }) as never
  }
  const net = tf.sequential({
    layers: [
      tf.layers.bidirectional({ layer: gru(), mergeMode: 'concat', inputShape: [steps, features] }),
      tf.layers.bidirectional({ layer: gru(), mergeMode: 'concat' }),
      tf.layers.globalAveragePooling1d({}),
      tf.layers.dense({ units: features }),
    ],
  })
  const x = tf.tensor3d(wave(rows * features), [batch, steps, features])
  const target = tf.tensor2d(wave(batch * features), [batch, features])
  const adam = tf.train.adam(1e-3)
  const step = (): void => {
    adam.minimize(() => tf.mean(tf.square(tf.sub(net.apply(x, { training: true }) as typeof target, target))))
  }
  return least(step, 2)
}

/** A meta-iteration of 25 tasks with 10 rows each, an MLP 1-40-40-1, Adam included. */
function metaIteration(
  innerSteps: number,
  activation: 'relu' | 'tanh',
  backend: 'wasm-simd' | 'typescript',
  order: 1 | 2,
) {
  const kernels = openKernels(backend)
  const shape = { sizes: [1, 40, 40, 1], activation, loss: 'squared-error', tasks: 25 } as const
  const maml = createMaml(kernels, { ...shape, supportRows: 10, queryRows: 10, steps: innerSteps })
  const count = maml.mlp.parameterCount
  kernels.view(maml.parameters, count).set(wave(count, 0.2))
  kernels.view(maml.rates, count).fill(0.01)
  const [first, second] = [kernels.allocate(count), kernels.allocate(count)]
  const metaBatch = { supportX: wave(250), supportY: wave(250), queryX: wave(250), queryY: wave(250) }
  return (): void => {
    maml.gradient(metaBatch, order)
    kernels.adam(count, maml.parameters, maml.metaGradient, first, second, 1e-3, 0.9, 0.999, 1e-8, 1, 1)
  }
}

type Product = readonly [m: number, n: number, k: number, left: 'N' | 'T', right: 'N' | 'T']

/** GFLOP/s of one product of matrices. */
function productSpeed(kernels: Kernels, [m, n, k, left, right]: Product): number {
  const mark = kernels.mark()
  const [a, b, c] = [place(kernels, wave(m * k)), place(kernels, wave(k * n)), kernels.allocate(m * n)]
  const [aRow, aColumn] = left === 'N' ? [k, 1] : [1, m]
  const [bRow, bColumn] = right === 'N' ? [n, 1] : [1, k]
  const flops = 2 * m * n * k
  const run = (): void => kernels.gemm(m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, n, 0)
  const work = kernels.backend === 'wasm-simd' ? 1e8 : 1e7
  const speed = flops / least(run, 8, Math.max(1, Math.round(work / flops))) / 1e6
  kernels.release(mark)
  return speed
}

/** Nanoseconds of the recurrent products of one step, 3 units x units, for each row of a batch: real, and of signs. */
function signSpeed(kernels: Kernels, width: number, batchRows: number): { real: number; signs: number } {
  const gates = 3 * width
  const words = 2 * Math.ceil(width / 64)
  const [state, weights, sums] = [
    place(kernels, wave(batchRows * width)),
    place(kernels, wave(width * gates)),
    kernels.allocate(batchRows * gates),
  ]
  const [stateBits, bits, scales, zeros] = [
    kernels.allocate(batchRows * words),
    kernels.allocate(gates * words),
    place(kernels, wave(gates)),
    kernels.allocate(gates),
  ]
  kernels.packSigns(gates, width, weights, width, bits)
  const calls = Math.max(1, Math.round(2e7 / (batchRows * width * gates)))
  const real = least(
    () => kernels.gemm(batchRows, gates, width, state, width, 1, weights, gates, 1, sums, gates, 0),
    8,
    calls,
  )
  const signs = least(
    () => {
      kernels.packSigns(batchRows, width, state, width, stateBits)
      kernels.signProduct(batchRows, gates, width, stateBits, bits, scales, zeros, 0, sums, gates)
    },
    8,
    4 * calls,
  )
  return { real: (1e6 * real) / batchRows, signs: (1e6 * signs) / batchRows }
}

/** Milliseconds of a prediction, two bidirectional layers of `units` on 16 features: real, and of signs. */
function prediction(batchRows: number): { real: number; signs: number } {
  const kernels = openKernels('wasm-simd')
  const inputs = 16
  const stackShape = { cell: 'gru', inputs, units: [units, units], bidirectional: true } as const
  const stack = createRecurrentStack(kernels, stackShape, steps, batchRows, 'prediction')
  const parameters = place(kernels, wave(stack.parameterCount, 0.1))
  const x = place(kernels, wave(steps * batchRows * inputs))
  const scales = new Float32Array(3 * units).fill(0.1)
  const packed = stack.blocks.map((cells, l) =>
    cells.map(({ kernel, recurrent, bias, candidateBias }) => {
      const shape = { cell: 'gru', inputs: l === 0 ? inputs : 2 * units, units, hard: false } as const
      const at = {
        kernel: parameters + kernel,
        recurrent: parameters + recurrent,
        bias: parameters + bias,
        candidateBias,
      }
      return packCell(kernels, shape, at, { kernel: scales, recurrent: scales }, steps, batchRows)
    }),
  )
  return {
    real: least(() => void stack.forward(parameters, x, steps, batchRows), 10),
    signs: least(() => void stack.forward(parameters, x, steps, batchRows, { packed }), 10),
  }
}

const products: readonly Product[] = [
  [64, 192, 64, 'N', 'N'],
  [64, 64, 192, 'N', 'T'],
  [10, 40, 40, 'N', 'N'],
  [40, 40, 10, 'T', 'N'],
  [3072, 192, 128, 'N', 'N'],
  [128, 192, 3072, 'T', 'N'],
  [3072, 128, 192, 'N', 'T'],
]

const [wasm, reference] = [openKernels('wasm-simd'), openKernels('typescript')]
const tfjs = await throughTfjs()
console.log(
  JSON.stringify({
    times: {
      gru: least(recurrentStep('gru'), 12),
      'gru-after': least(recurrentStep('gru-after'), 12),
      lstm: least(recurrentStep('lstm'), 12),
      'gru through tfjs': tfjs.milliseconds,
      'gru layers of tfjs': await layersOfTfjs(),
      'maml-relu-1': least(metaIteration(1, 'relu', 'wasm-simd', 2), 20, 20),
      'maml-relu-5': least(metaIteration(5, 'relu', 'wasm-simd', 2), 20, 5),
      'maml-tanh-1': least(metaIteration(1, 'tanh', 'wasm-simd', 2), 20, 20),
      'maml-tanh-5': least(metaIteration(5, 'tanh', 'wasm-simd', 2), 20, 5),
      'first-order-relu-1': least(metaIteration(1, 'relu', 'wasm-simd', 1), 20, 20),
      'first-order-relu-5': least(metaIteration(5, 'relu', 'wasm-simd', 1), 20, 5),
      'typescript maml-relu-1': least(metaIteration(1, 'relu', 'typescript', 2), 5),
    },
    tensorGrowth: tfjs.tensorGrowth,
    products: products.map((product) => ({
      product,
      wasm: productSpeed(wasm, product),
      typescript: productSpeed(reference, product),
    })),
    signs: [24, 64, 256].flatMap((width) =>
      [1, 64].map((batchRows) => ({ width, batchRows, ...signSpeed(wasm, width, batchRows) })),
    ),
    predictions: [1, 64].map((batchRows) => ({ batchRows, ...prediction(batchRows) })),
  }),
)
