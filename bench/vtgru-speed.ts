/**
 * Speed of the networks: forecasts per second and core, packed signs beside floats, what of it are products, and an epoch of
 * training on each backend.
 *
 *   npx tsx bench/vtgru-speed.ts
 */
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  type NetworkModel,
  networkForecaster,
  type NetworkOptions,
  readNetwork,
  trainVtgru,
} from 'cloudsched/forecast/neural'
import { markdownTable } from 'cloudsched/report'
import { writePage } from './evidence-page.ts'
import { batch, kernelTimes, productTimes, repeats, timedInTurns } from './vtgru-kernels.ts'

// Memory cannot be told from garbage without a collection on demand.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const seed = 1
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

/** Only its shape counts here. */
async function untrained(options: NetworkOptions): Promise<NetworkModel> {
  const short = { ...series, values: series.values.subarray(0, 120) }
  return trainVtgru([short], { epochs: 1, seed, ...options })
}

interface Row {
  readonly units: number
  /** Forecasts a second: floats, then packed signs. */
  readonly together: readonly [number, number]
  readonly alone: readonly [number, number]
}

async function forecastsPerSecond(units: number): Promise<Row> {
  const kinds = ['none', 'weights+activations'] as const
  const models = await Promise.all(kinds.map((binarize) => untrained({ units: [units, units], binarize })))
  const forecasters = models.map(networkForecaster)
  const many = requests.slice(0, units > 100 ? 256 : requests.length)
  const few = many.slice(0, Math.ceil(many.length / 8))
  const perSecond = (count: number, works: (() => void)[]): [number, number] =>
    timedInTurns(works).map((seconds) => count / seconds) as [number, number]
  return {
    units,
    together: perSecond(
      many.length,
      forecasters.map(
        ({ forecastMany }) =>
          () =>
            void forecastMany(many),
      ),
    ),
    alone: perSecond(
      few.length,
      forecasters.map(
        ({ forecast }) =>
          () =>
            few.forEach((request) => void forecast(request)),
      ),
    ),
  }
}

const sizes = [24, 64, 128, 256]
const rows: Row[] = []
for (const units of sizes) {
  rows.push(await forecastsPerSecond(units))
  console.error(rows.at(-1))
}

const products = sizes.map((units) => {
  const row = { units, wasm: productTimes('wasm-simd', units), typescript: productTimes('typescript', units) }
  console.error(row)
  return row
})
const parts = rows.map(({ units, together }) => {
  const { real, signs } = kernelTimes(units)
  const row = {
    units,
    real: { ...real, total: 1e6 / together[0] },
    signs: { ...signs, total: 1e6 / together[1] },
  }
  console.error(row)
  return row
})

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
const [readSeconds] = timedInTurns([() => void networkForecaster(readNetwork(JSON.parse(text)))]) as [number]
const forecaster = networkForecaster(model)

/** Megabytes of arrays that are still in use; the arrays of a collected object are freed by a thread a little later. */
async function arraysInUse(): Promise<number> {
  collect()
  await setTimeout(200)
  collect()
  await setTimeout(200)
  return process.memoryUsage().arrayBuffers / 1e6
}

forecaster.forecastMany(requests)
const memory = [await arraysInUse()]
for (let round = 0; round < 4; round++) {
  for (let k = 0; k < 4; k++) forecaster.forecastMany(requests)
  memory.push(await arraysInUse())
}

const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(2))
const count = (value: number): string => Math.round(value).toLocaleString('en')
writePage({
  name: 'vtgru-speed',
  title: 'Speed of the networks',
  command: 'npx tsx bench/vtgru-speed.ts',
  seeds: String(seed),
  body: `Processor time of one thread, of a shared machine, whose speed varies by a tenth from run to run; medians of ${repeats} runs after one that compiles.

## Forecasts

V-TGRU of the default shape (window 24, encoder 16-8, two bidirectional layers, 12 steps ahead, one quantile beside the median), layers of the stated width. "Together" is
\`forecastMany\` on ${requests.length} histories (256 from width 128 on), "alone" one \`forecast\` after the other, with everything that a forecast takes: checks, the window's median, the network, decoding. The
packed networks are those with \`binarize: 'weights+activations'\`, whose recurrent products are XNOR and popcount.

${markdownTable(rows, [
  { title: 'width', value: ({ units }) => units },
  { title: 'float, together, 1/s', value: ({ together }) => count(together[0]) },
  { title: 'packed, together, 1/s', value: ({ together }) => count(together[1]) },
  { title: 'ratio', value: ({ together }) => (together[1] / together[0]).toFixed(2) },
  { title: 'float, alone, 1/s', value: ({ alone }) => count(alone[0]) },
  { title: 'packed, alone, 1/s', value: ({ alone }) => count(alone[1]) },
  { title: 'ratio', value: ({ alone }) => (alone[1] / alone[0]).toFixed(2) },
])}

The recurrent product alone, one step of one direction, a batch of ${batch}, microseconds for each window: the state times
all three gates' weights, packing the state's signs included; and the two gates that a prediction from signs needs, since a reset gate
before the product changes no sign (there the signs come from the step before).

${markdownTable(products, [
  { title: 'width', value: ({ units }) => units },
  { title: 'wasm, float', value: ({ wasm }) => figure(wasm.real) },
  { title: 'packed', value: ({ wasm }) => figure(wasm.signs) },
  { title: 'ratio', value: ({ wasm }) => (wasm.real / wasm.signs).toFixed(1) },
  { title: 'two gates', value: ({ wasm }) => figure(wasm.needed) },
  { title: 'ratio', value: ({ wasm }) => (wasm.real / wasm.needed).toFixed(1) },
  { title: 'TypeScript, float', value: ({ typescript }) => figure(typescript.real) },
  { title: 'packed', value: ({ typescript }) => figure(typescript.signs) },
  { title: 'ratio', value: ({ typescript }) => (typescript.real / typescript.signs).toFixed(1) },
  { title: 'two gates', value: ({ typescript }) => figure(typescript.needed) },
  { title: 'ratio', value: ({ typescript }) => (typescript.real / typescript.needed).toFixed(1) },
])}

Where a forecast together with others spends its microseconds. Products, and gates (logistic function, tanh, new state), are the kernels of
both layers, measured alone; the total is that of the first table, with encoder, average, head, checks, the window's median, decoding.

${markdownTable(parts, [
  { title: 'width', value: ({ units }) => units },
  { title: 'float: total', value: ({ real }) => figure(real.total) },
  { title: 'products', value: ({ real }) => figure(real.products) },
  { title: 'gates', value: ({ real }) => figure(real.gates) },
  { title: 'packed: total', value: ({ signs }) => figure(signs.total) },
  { title: 'products', value: ({ signs }) => figure(signs.products) },
  { title: 'gates', value: ({ signs }) => figure(signs.gates) },
  { title: 'products, ratio', value: ({ real, signs }) => (real.products / signs.products).toFixed(1) },
  { title: 'gates, ratio', value: ({ real, signs }) => (real.gates / signs.gates).toFixed(1) },
])}

A model of the default shape is ${count(text.length / 1000)} kB of JSON, and is read and ready in ${(1000 * readSeconds).toFixed(1)} ms. Arrays in use before and after each of four rounds of ${count(4 * requests.length)} forecasts, garbage collected: ${memory.map((megabytes) => megabytes.toFixed(1)).join(', ')} MB.

## Training

One epoch of the defaults on 400 steps (325 windows, validation included), loading and compiling included.

${markdownTable(epochs, [
  { title: 'backend', value: ({ backend }) => backend },
  { title: 'processor-seconds', value: ({ seconds }) => seconds.toFixed(2) },
  { title: 'to the first', value: ({ seconds }) => (seconds / epochs[0]!.seconds).toFixed(1) },
])}

The training step beside PyTorch is in [kernels](kernels.md).`,
})
