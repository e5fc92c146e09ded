/**
 * The kernels of a V-TGRU's forecast alone, real and of signs, for `vtgru-speed.ts`.
 */
import { type Kernels, openKernels } from 'cloudsched/kernels'
import { median } from './evidence-page.ts'

export const repeats = 5
/** Windows that a forecaster puts through at once; steps and width of the encoder of the default shape. */
export const batch = 128
const [steps, encoded] = [24, 8]

export function cpuSeconds(work: () => void): number {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

/** Median processor-seconds of several runs of each, in turns, after one that compiles. */
export function timedInTurns(works: readonly (() => void)[]): number[] {
  for (const work of works) work()
  const rounds = Array.from({ length: repeats }, () => works.map(cpuSeconds))
  return works.map((_, i) => median(rounds.map((seconds) => seconds[i]!)))
}

/** The arrays of a layer of `units` that reads `inputs` columns, and its computations on them, for one batch. */
function layerOf(kernels: Kernels, inputs: number, units: number) {
  const windowRows = steps * batch
  const gates = 3 * units
  const wave = (count: number): number => {
    const offset = kernels.allocate(count)
    kernels.view(offset, count).forEach((_, i, values) => {
      values[i] = Math.sin(12.9898 * i + 0.5)
    })
    return offset
  }
  const words = (width: number): number => 2 * Math.ceil(width / 64)
  const [x, weights, bits, sums, scales] = [
    wave(windowRows * Math.max(inputs, units)),
    wave(Math.max(inputs, units) * gates),
    wave(Math.max(windowRows, gates) * words(Math.max(inputs, units))),
    kernels.allocate(windowRows * gates),
    kernels.allocate(gates),
  ]
  const [state, next, stateBits] = [wave(batch * units), wave(batch * units), wave(batch * words(units))]
  return {
    /** Of the state with `columns` columns of the recurrent weights, one step. */
    realProduct: (columns: number): void => {
      kernels.gemm(batch, columns, units, state, units, 1, weights, gates, 1, sums, gates, 0)
    },
    signProduct: (columns: number): void => {
      kernels.signProduct(batch, columns, units, stateBits, bits, scales, sums, columns, sums, columns)
    },
    packState: (): void => kernels.packSigns(batch, units, state, units, stateBits),
    realInput: (): void => {
      kernels.setRows(windowRows, gates, scales, sums)
      kernels.gemm(windowRows, gates, inputs, x, inputs, 1, weights, gates, 1, sums, gates, 1)
    },
    signInput: (): void => {
      kernels.packSigns(windowRows, inputs, x, inputs, bits)
      kernels.signProduct(windowRows, 2 * units, inputs, bits, bits, scales, scales, 0, sums, 2 * units)
    },
    realGates: (): void => {
      kernels.gruGates(batch, units, 0, sums, x, state, units, next)
      kernels.gruState(batch, units, sums, x, state, units, next, units)
    },
    signGates: (): void => kernels.gruOfSigns(batch, units, x, state, units, next, units, stateBits),
  }
}

/** Median processor-microseconds of one call of each, for each of the batch's windows. */
function microseconds(runs: readonly (() => void)[]): number[] {
  const calls = runs.map((run) => Math.max(1, Math.round(0.04 / Math.max(cpuSeconds(run), 1e-5))))
  const many = runs.map((run, i) => () => {
    for (let call = 0; call < calls[i]!; call++) run()
  })
  return timedInTurns(many).map((seconds, i) => (1e6 * seconds) / calls[i]! / batch)
}

/** Microseconds for each window of a batch. */
export interface ProductTimes {
  /** All three gates: real, and of signs with the packing of the state. */
  readonly real: number
  readonly signs: number
  /** The two gates that a prediction from signs needs. */
  readonly needed: number
}

/** Recurrent products of one step of one direction. */
export function productTimes(backend: 'wasm-simd' | 'typescript', units: number): ProductTimes {
  const { realProduct, signProduct, packState } = layerOf(openKernels(backend), encoded, units)
  const allGates = (): void => {
    packState()
    signProduct(3 * units)
  }
  const runs = [() => realProduct(3 * units), allGates, () => signProduct(2 * units)]
  const [real, signs, needed] = microseconds(runs) as [number, number, number]
  return { real, signs, needed }
}

/** Microseconds of a forecast in a batch. */
export interface KernelTimes {
  readonly products: number
  readonly gates: number
}

/** Both layers in both directions: the kernels of a forecast, alone. */
export function kernelTimes(units: number): { readonly real: KernelTimes; readonly signs: KernelTimes } {
  const kernels = openKernels('wasm-simd')
  const total = { real: { products: 0, gates: 0 }, signs: { products: 0, gates: 0 } }
  for (const inputs of [encoded, 2 * units]) {
    const { realInput, realProduct, realGates, signInput, signProduct, signGates } = layerOf(kernels, inputs, units)
    const realStep = (): void => {
      realProduct(2 * units)
      realProduct(units)
    }
    const runs = [realInput, realStep, realGates, signInput, () => signProduct(2 * units), signGates]
    const times = microseconds(runs) as [number, number, number, number, number, number]
    total.real.products += 2 * (times[0] + steps * times[1])
    total.real.gates += 2 * steps * times[2]
    total.signs.products += 2 * (times[3] + steps * times[4])
    total.signs.gates += 2 * steps * times[5]
  }
  return total
}
