import { oneOf, type OptionEntries } from '../errors/read-options.ts'
import type { VmInput } from '../model/vm.ts'
import type { Seed } from '../random/rng.ts'

import { priceOfSpeed } from './price.ts'

/** A generated problem on unrelated machines: plain data, ready for `createProblem` or for a file. */
export interface EtcInstance {
  /** Row-major: task i on VM j at `i * vmCount + j`, in seconds. */
  readonly etc: { readonly values: Float64Array; readonly vmCount: number }
  /** The prices, where they were asked for. */
  readonly vms?: readonly VmInput[]
}

/**
 * 'consistent': a VM that is faster for one task is faster for all. 'inconsistent': no order. 'semiConsistent': the VMs
 * of even index are consistent among themselves, the others are not.
 */
export type Consistency = 'consistent' | 'semiConsistent' | 'inconsistent'

/** Options of every ETC generator. */
export interface EtcOptions {
  /** Number of tasks, >= 0. */
  readonly taskCount: number
  /** Number of VMs, >= 1. */
  readonly vmCount: number
  /** @defaultValue 'cloudsched' */
  readonly seed?: Seed
  /**
   * Gives prices: VM j costs priceScale (relative speed of j)^priceExponent per second, where the relative speed is the
   * mean time over all VMs divided by the mean time on j. @defaultValue none: no prices
   */
  readonly priceExponent?: number
  /** Price per second of a VM of mean speed, >= 0. @defaultValue 1 */
  readonly priceScale?: number
}

export const consistencyEntry: OptionEntries = { consistency: oneOf('consistent', 'semiConsistent', 'inconsistent') }

/** Orders the times of each task so that the matrix has the wanted consistency, in place. */
export function makeConsistent(values: Float64Array, vmCount: number, consistency: Consistency): void {
  if (consistency === 'inconsistent') return
  const step = consistency === 'consistent' ? 1 : 2
  const ordered = new Float64Array(Math.ceil(vmCount / step))
  for (let row = 0; row < values.length; row += vmCount) {
    for (let k = 0; k < ordered.length; k++) ordered[k] = values[row + k * step]!
    ordered.sort()
    for (let k = 0; k < ordered.length; k++) values[row + k * step] = ordered[k]!
  }
}

/** Puts a matrix and, where an exponent is given, prices together. */
export function etcInstance(
  values: Float64Array,
  vmCount: number,
  { priceExponent, priceScale = 1 }: Pick<EtcOptions, 'priceExponent' | 'priceScale'>,
): EtcInstance {
  const etc = { values, vmCount }
  if (priceExponent === undefined) return { etc }
  const total = new Float64Array(vmCount)
  values.forEach((seconds, k) => {
    total[k % vmCount]! += seconds
  })
  const mean = total.reduce((sum, seconds) => sum + seconds, 0) / vmCount
  const relativeSpeed = (vm: number): number => (mean === 0 ? 1 : mean / total[vm]!)
  return {
    etc,
    vms: Array.from(total, (_, vm) => ({
      pricePerSecond: priceOfSpeed(1000 * relativeSpeed(vm), priceExponent, priceScale),
    })),
  }
}
