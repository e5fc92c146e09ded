import { numberAbove, type OptionEntries } from '../errors/read-options.ts'
import { gamma } from '../random/distributions.ts'
import { substream } from '../random/rng.ts'
import {
  type Consistency,
  consistencyEntry,
  type EtcInstance,
  etcInstance,
  type EtcOptions,
  makeConsistent,
} from './etc-instance.ts'
import { priceEntries, readGeneratorOptions } from './generator-options.ts'

/** Options of `variationBasedEtc`. */
export interface VariationBasedEtcOptions extends EtcOptions {
  /** @defaultValue 'inconsistent' */
  readonly consistency?: Consistency
  /** Mean time of a task in seconds, > 0. @defaultValue 1000 */
  readonly meanSeconds?: number
  /** Coefficient of variation of the tasks, in (0, 10]; 0.1 is low, 0.6 high in the source. @defaultValue 0.6 */
  readonly taskVariation?: number
  /** Coefficient of variation of the times of one task over the VMs, in (0, 10]. @defaultValue 0.6 */
  readonly vmVariation?: number
}

const entries: OptionEntries = {
  ...consistencyEntry,
  ...priceEntries,
  meanSeconds: numberAbove(0),
  taskVariation: numberAbove(0, 10),
  vmVariation: numberAbove(0, 10),
}
const defaults = { consistency: 'inconsistent' as Consistency, meanSeconds: 1000, taskVariation: 0.6, vmVariation: 0.6 }

/**
 * An ETC matrix by the coefficient-of-variation-based method of Ali, Siegel, Maheswaran, Hensgen and Ali (2000): a mean
 * time q_i per task from a gamma law, and the times of the task from a gamma law of mean q_i. A gamma law of mean mu
 * and variation v has shape 1 / v^2 and scale mu v^2.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * const instance = variationBasedEtc({ taskCount: 100, vmCount: 8, seed: 1, taskVariation: 0.1 })
 */
export function variationBasedEtc(options: VariationBasedEtcOptions): EtcInstance {
  const read = readGeneratorOptions(entries, defaults, options)
  const { taskCount, vmCount, seed, consistency, meanSeconds, taskVariation, vmVariation } = read
  const rng = substream(seed, 'workload/etc')
  const taskSquare = taskVariation * taskVariation
  const vmSquare = vmVariation * vmVariation
  const values = new Float64Array(taskCount * vmCount)
  for (let task = 0; task < taskCount; task++) {
    const taskMean = gamma(rng, 1 / taskSquare, meanSeconds * taskSquare)
    for (let vm = 0; vm < vmCount; vm++) values[task * vmCount + vm] = gamma(rng, 1 / vmSquare, taskMean * vmSquare)
  }
  makeConsistent(values, vmCount, consistency)
  return etcInstance(values, vmCount, read)
}
