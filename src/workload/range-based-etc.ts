import { oneOf, type OptionEntries } from '../errors/read-options.ts'
import { substream } from '../random/rng.ts'
import { uniform } from '../random/sample.ts'
import {
  type Consistency,
  consistencyEntry,
  type EtcInstance,
  etcInstance,
  type EtcOptions,
  makeConsistent,
} from './etc-instance.ts'
import { priceEntries, readGeneratorOptions } from './generator-options.ts'

/** High or low heterogeneity of the tasks, then of the VMs, as in the names of the published files. */
export type Heterogeneity = 'hihi' | 'hilo' | 'lohi' | 'lolo'

/** Options of `rangeBasedEtc`. */
export interface RangeBasedEtcOptions extends EtcOptions {
  /** @defaultValue 'inconsistent' */
  readonly consistency?: Consistency
  /** @defaultValue 'hihi' */
  readonly heterogeneity?: Heterogeneity
}

const entries: OptionEntries = {
  ...consistencyEntry,
  ...priceEntries,
  heterogeneity: oneOf('hihi', 'hilo', 'lohi', 'lolo'),
}
const defaults = { consistency: 'inconsistent' as Consistency, heterogeneity: 'hihi' as Heterogeneity }

/**
 * An ETC matrix by the range-based method (Ali, Siegel, Maheswaran, Hensgen and Ali 2000) with the ranges of Braun et
 * al. (2001): etc_ij = tau_i x_ij with tau_i ~ U[1, 3000) or U[1, 100) and x_ij ~ U[1, 1000) or U[1, 10) for high or low
 * heterogeneity of the tasks and of the VMs; then the times of each task are ordered by consistency.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * const problem = createProblem(rangeBasedEtc({ taskCount: 512, vmCount: 16, seed: 1, consistency: 'consistent', heterogeneity: 'hilo' }))
 */
export function rangeBasedEtc(options: RangeBasedEtcOptions): EtcInstance {
  const read = readGeneratorOptions(entries, defaults, options)
  const { taskCount, vmCount, seed, consistency, heterogeneity } = read
  const taskRange = heterogeneity.startsWith('hi') ? 3000 : 100
  const vmRange = heterogeneity.endsWith('hi') ? 1000 : 10
  const rng = substream(seed, 'workload/etc')
  const values = new Float64Array(taskCount * vmCount)
  for (let task = 0; task < taskCount; task++) {
    const tau = uniform(rng, 1, taskRange)
    for (let vm = 0; vm < vmCount; vm++) values[task * vmCount + vm] = tau * uniform(rng, 1, vmRange)
  }
  makeConsistent(values, vmCount, consistency)
  return etcInstance(values, vmCount, read)
}
