/**
 * Speed of the networks: forecasts per second and core, packed signs beside floats, and an epoch of training on each
 * backend.
 *
 *   npx tsx bench/vtgru-speed.ts
 */
import {
  type NetworkModel,
  networkForecaster,
  type NetworkOptions,
  readNetwork,
  trainVtgru,
} from 'cloudsched/forecast/neural'
import { markdownTable } from 'cloudsched/report'
import { median, writePage } from './evidence-page.ts'

const seed = 1
const repeats = 5
const series = {
  id: 'wave',
  values: Float64Array.from({ length: 2000 }, (_, t) => 40 + 20 * Math.sin(t / 5) + ((t * 37) % 11)),
  stepSeconds: 300,
}
/** Histories of one window each. */
const requests = Array.from({ length: 2560 }, (_, k) => {
  const start = (k * 13) % (series.values.length - 24)
  return { history: { ...series, values: series.values.subarray(start, start + 24) }, horizon: 12, levels: [0.85] }
})

function cpuSeconds(work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

/** Median processor-seconds of several runs after one that compiles. */
function timed(work: () => void): number {
  work()
  return median(Array.from({ length: repeats }, () => cpuSeconds(work)))
}

async function untrained(options: NetworkOptions): Promise<NetworkModel> {
  return trainVtgru([series], { epochs: 1, batch: 2000, seed, ...options })
}

interface Row {
  readonly name: string
  readonly together: number
  readonly alone: number
}

async function forecastsPerSecond(name: string, options: NetworkOptions): Promise<Row> {
  const forecaster = networkForecaster(await untrained(options))
  const count = options.units && options.units[0]! > 100 ? 256 : requests.length
  const some = requests.slice(0, count)
  const few = requests.slice(0, Math.ceil(count / 8))
  return {
    name,
    together: count / timed(() => void forecaster.forecastMany(some)),
    alone: few.length / timed(() => few.forEach((request) => void forecaster.forecast(request))),
  }
}

const sizes = [24, 64, 128, 256]
const rows: { readonly units: number; readonly float: Row; readonly packed: Row }[] = []
for (const units of sizes) {
  const options = { units: [units, units] }
  rows.push({
    units,
    float: await forecastsPerSecond('float', options),
    packed: await forecastsPerSecond('packed', { ...options, binarize: 'weights+activations' }),
  })
  console.error(rows.at(-1))
}

const backends = ['wasm-kernels', 'typescript', 'tfjs'] as const
const epochs: { readonly backend: string; readonly seconds: number }[] = []
for (const backend of backends) {
  const start = process.cpuUsage()
  const short = { ...series, values: series.values.subarray(0, 400) }
  const { report } = await trainVtgru([short], { epochs: 1, backend, seed })
  const { user, system } = process.cpuUsage(start)
  epochs.push({ backend: report.backend, seconds: (user + system) / 1e6 })
  console.error(epochs.at(-1))
}

const model = await untrained({})
const text = JSON.stringify(model)
const readSeconds = timed(() => void networkForecaster(readNetwork(JSON.parse(text))))
const heapAfter: number[] = []
const forecaster = networkForecaster(model)
for (let round = 0; round < 4; round++) {
  for (let k = 0; k < 4; k++) forecaster.forecastMany(requests)
  heapAfter.push(process.memoryUsage().arrayBuffers / 1e6)
}

const count = (value: number): string => Math.round(value).toLocaleString('en')
writePage({
  name: 'vtgru-speed',
  title: 'Speed of the networks',
  command: 'npx tsx bench/vtgru-speed.ts',
  seeds: String(seed),
  body: `Processor time of one thread, on a machine that did other work, too; medians of ${repeats} runs after one that compiles.

## Forecasts

V-TGRU of the default shape (window 24, encoder 16-8, two bidirectional layers, 12 steps ahead, one quantile beside the median), layers of the stated width. "Together" is
\`forecastMany\` on ${requests.length} histories (256 from width 128 on), "alone" one \`forecast\` after the other, with everything that a forecast takes: checks, the window's median, the network, decoding. The
packed networks are those with \`binarize: 'weights+activations'\`, whose recurrent products are XNOR and popcount.

${markdownTable(rows, [
  { title: 'width', value: ({ units }) => units },
  { title: 'float, together, 1/s', value: ({ float }) => count(float.together) },
  { title: 'packed, together, 1/s', value: ({ packed }) => count(packed.together) },
  { title: 'ratio', value: ({ float, packed }) => (packed.together / float.together).toFixed(2) },
  { title: 'float, alone, 1/s', value: ({ float }) => count(float.alone) },
  { title: 'packed, alone, 1/s', value: ({ packed }) => count(packed.alone) },
  { title: 'ratio', value: ({ float, packed }) => (packed.alone / float.alone).toFixed(2) },
])}

A model of the default shape is ${count(text.length / 1000)} kB of JSON, and is read and ready in ${(1000 * readSeconds).toFixed(1)} ms. Array memory after each of four rounds of ${count(4 * requests.length)} forecasts: ${heapAfter.map((megabytes) => megabytes.toFixed(1)).join(', ')} MB.

## Training

One epoch of the defaults on 400 steps (325 windows, validation included), loading and compiling included.

${markdownTable(epochs, [
  { title: 'backend', value: ({ backend }) => backend },
  { title: 'processor-seconds', value: ({ seconds }) => seconds.toFixed(2) },
  { title: 'to the first', value: ({ seconds }) => (seconds / epochs[0]!.seconds).toFixed(1) },
])}

The training step beside PyTorch is in [kernels](kernels.md).`,
})
