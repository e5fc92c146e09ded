/**
 * The kernels beside PyTorch on one thread, in rounds that take turns: `kernels-once.ts` and `kernels-torch.py`.
 *
 *   npx tsx bench/kernels.ts [rounds]
 *
 * Python is `python3`, or what CLOUDSCHED_PYTHON names; without PyTorch the page says so.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { markdownTable } from 'cloudsched/report'
import { writePage } from './evidence-page.ts'

interface Round {
  readonly times: Readonly<Record<string, number>>
  readonly tensorGrowth: number
  readonly products: readonly {
    readonly product: readonly (number | string)[]
    readonly wasm: number
    readonly typescript: number
  }[]
  readonly signs: readonly Signs[]
  readonly predictions: readonly Signs[]
}

interface Signs {
  readonly width?: number
  readonly batchRows: number
  readonly real: number
  readonly signs: number
}

interface TorchRound {
  /** `null` where PyTorch is not installed. */
  readonly version: string | null
  readonly times: Readonly<Record<string, number>>
  readonly product: number
}

const roundCount = Number(process.argv[2] ?? 3)
const python = process.env['CLOUDSCHED_PYTHON'] ?? 'python3'

function measure(): Round {
  const command = [...process.execArgv, join(import.meta.dirname, 'kernels-once.ts')]
  return JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' })) as Round
}

function measureTorch(): TorchRound {
  const environment = { ...process.env, OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1', OMP_NUM_THREADS: '1' }
  const script = join(import.meta.dirname, 'kernels-torch.py')
  try {
    return JSON.parse(execFileSync(python, [script], { encoding: 'utf8', env: environment })) as TorchRound
  } catch (error) {
    console.error(`${python} does not run: ${(error as Error).message}`)
    return { version: null, times: {}, product: 0 }
  }
}

/** The least of one figure over the rounds. */
function least<T>(rounds: readonly T[], of: (round: T) => number): number {
  return Math.min(...rounds.map(of))
}

const rounds: Round[] = []
const torchRounds: TorchRound[] = []
for (let round = 0; round < roundCount; round++) {
  torchRounds.push(measureTorch())
  rounds.push(measure())
  console.error(torchRounds.at(-1), rounds.at(-1)!.times)
}
const version = torchRounds[0]!.version
const time = (name: string): number => least(rounds, ({ times }) => times[name]!)
const torchTime = (name: string): number => least(torchRounds, ({ times }) => times[name]!)

const comparisons = [
  ['GRU step, kernels, reset after (as PyTorch)', 'gru-after', 'gru', '1.25'],
  ['GRU step, kernels, reset before', 'gru', 'gru', '1.25'],
  ['GRU step through tfjs', 'gru through tfjs', 'gru', '1.8'],
  ['GRU step, layers of tfjs on wasm', 'gru layers of tfjs', 'gru', ''],
  ['LSTM step, kernels', 'lstm', 'lstm', ''],
  ['exact MAML, relu, 1 inner step', 'maml-relu-1', 'maml-relu-1', '0.35'],
  ['exact MAML, relu, 5 inner steps', 'maml-relu-5', 'maml-relu-5', '0.40'],
  ['exact MAML, tanh, 1 inner step', 'maml-tanh-1', 'maml-tanh-1', '0.35'],
  ['exact MAML, tanh, 5 inner steps', 'maml-tanh-5', 'maml-tanh-5', '0.40'],
] as const

const comparisonTable = markdownTable(comparisons, [
  { title: 'one iteration, Adam included', value: ([title]) => title },
  { title: 'here, ms', value: ([, name]) => time(name).toFixed(2) },
  { title: 'PyTorch, ms', value: ([, , rival]) => (version === null ? '' : torchTime(rival).toFixed(2)) },
  {
    title: 'ratio',
    value: ([, name, rival]) => (version === null ? '' : (time(name) / torchTime(rival)).toFixed(2)),
  },
  { title: 'aim', value: ([, , , aim]) => aim },
])

const first = rounds[0]!
const productTable = markdownTable(
  first.products.map(({ product }, i) => ({
    product,
    wasm: -least(rounds, ({ products }) => -products[i]!.wasm),
    typescript: -least(rounds, ({ products }) => -products[i]!.typescript),
  })),
  [
    { title: 'm x n x k', value: ({ product: [m, n, k] }) => `${m} x ${n} x ${k}` },
    { title: 'A, B', value: ({ product }) => product.slice(3).join('') },
    { title: 'WebAssembly, GFLOP/s', value: ({ wasm }) => wasm.toFixed(1) },
    { title: 'TypeScript, GFLOP/s', value: ({ typescript }) => typescript.toFixed(1) },
  ],
)

/** Three digits, without an exponent. */
function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

function signsTable(of: (round: Round) => readonly Signs[], what: string, width: string): string {
  const rows = of(first).map((row, i) => ({
    ...row,
    real: least(rounds, (round) => of(round)[i]!.real),
    signs: least(rounds, (round) => of(round)[i]!.signs),
  }))
  return markdownTable(rows, [
    { title: 'units', value: (row) => String(row.width ?? width) },
    { title: 'batch', value: (row) => String(row.batchRows) },
    { title: `real, ${what}`, value: ({ real }) => figure(real) },
    { title: `signs, ${what}`, value: ({ signs }) => figure(signs) },
    { title: 'times faster', value: ({ real, signs }) => (real / signs).toFixed(1) },
  ])
}

const rival =
  version === null
    ? 'PyTorch was not there, so its columns are empty: `apt-get install python3-torch libopenblas0-pthread`.'
    : `PyTorch ${version} on one thread (OpenBLAS, ${(-least(torchRounds, ({ product }) => -product)).toFixed(0)} GFLOP/s for 3072 x 192 x 128): \`nn.GRU\` and \`nn.LSTM\`; MAML over all tasks at once by \`baddbmm\` and \`create_graph\`.`

writePage({
  name: 'kernels',
  title: 'Speed of the kernels',
  command: `npx tsx bench/kernels.ts ${roundCount}`,
  seeds: 'none, weights and data are a formula',
  body: `Processor time of one thread in milliseconds, the least of many calls over ${roundCount === 1 ? 'one round' : `${roundCount} rounds`},
in which the rivals take turns, each in a fresh process. ${rival}

Recurrent step: two bidirectional layers of 64 units, 48 steps, batch 64, 8 features, mean over time, linear head,
squared error; forward, all gradients, Adam. Meta-iteration: 25 tasks, 10 rows for support and 10 for query, a
perceptron 1-40-40-1, inner rate 0.01; the exact meta-gradient, Adam.

${comparisonTable}

Tensors of tfjs after the steps, less those before: ${Math.max(...rounds.map(({ tensorGrowth }) => tensorGrowth))}. First-order MAML, relu: ${time('first-order-relu-1').toFixed(2)} ms with 1 inner step,
${time('first-order-relu-5').toFixed(2)} ms with 5. The TypeScript kernels need ${time('typescript maml-relu-1').toFixed(1)} ms for exact MAML with relu and 1 step.

## Products of matrices

C = A B, where T marks a matrix that is stored transposed; the best round.

${productTable}

## Products of signs

The recurrent product of one GRU step, a state times units x 3 units, nanoseconds for each row of the batch; packing the
state's signs included.

${signsTable(({ signs }) => signs, 'ns', '')}

A whole prediction, two bidirectional GRU layers, 48 steps, 16 features, milliseconds; gates and squashing functions,
which stay real, are most of what is left.

${signsTable(({ predictions }) => predictions, 'ms', '2 x 2 x 64')}`,
})
