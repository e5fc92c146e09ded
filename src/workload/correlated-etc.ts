import { CloudschedError } from '../errors/cloudsched-error.ts'
import { integerIn, oneOf, type OptionEntries } from '../errors/read-options.ts'
import { type Rng, substream } from '../random/rng.ts'
import { pickIndex } from '../random/sample.ts'
import { type EtcInstance, etcInstance, type EtcOptions } from './etc-instance.ts'
import { priceEntries, readGeneratorOptions } from './generator-options.ts'

/** Options of `correlatedEtc`. */
export interface CorrelatedEtcOptions extends EtcOptions {
  /** What the times of the matrix have in common; the source calls 'task' job-correlated, 'vm' machine-correlated. @defaultValue 'none' */
  readonly correlation?: 'none' | 'task' | 'vm'
  /** Smallest time (of the common part, where there is one), whole seconds >= 1. @defaultValue 1 */
  readonly minSeconds?: number
  /** Largest time (of the common part, where there is one), whole seconds. @defaultValue 100 */
  readonly maxSeconds?: number
}

const entries: OptionEntries = {
  ...priceEntries,
  correlation: oneOf('none', 'task', 'vm'),
  minSeconds: integerIn(1, 1e9),
  maxSeconds: integerIn(1, 1e9),
}
const defaults = { correlation: 'none' as 'none' | 'task' | 'vm', minSeconds: 1, maxSeconds: 100 }

/** Largest part of a correlated time that is its own. */
const ownSeconds = 20

/**
 * An ETC matrix of whole seconds in the classes of Fanjul-Peyro and Ruiz (2010): uncorrelated U[min, max]; or a common
 * part U[min, max] per task or per VM plus an own part U[1, 20] per entry.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * const problem = createProblem(correlatedEtc({ taskCount: 100, vmCount: 10, seed: 1, correlation: 'vm' }))
 */
export function correlatedEtc(options: CorrelatedEtcOptions): EtcInstance {
  const read = readGeneratorOptions(entries, defaults, options)
  const { taskCount, vmCount, seed, correlation, minSeconds, maxSeconds } = read
  if (maxSeconds < minSeconds) {
    throw new CloudschedError('invalid-option', [
      { path: 'options.maxSeconds', received: maxSeconds, expected: `at least minSeconds (${minSeconds})` },
    ])
  }
  const rng = substream(seed, 'workload/etc')
  const draw = (): number => wholeBetween(rng, minSeconds, maxSeconds)
  const common =
    correlation === 'none' ? null : Float64Array.from({ length: correlation === 'task' ? taskCount : vmCount }, draw)
  const values = Float64Array.from({ length: taskCount * vmCount }, (_, k) => {
    if (common === null) return draw()
    const index = correlation === 'task' ? Math.floor(k / vmCount) : k % vmCount
    return common[index]! + wholeBetween(rng, 1, ownSeconds)
  })
  return etcInstance(values, vmCount, read)
}

function wholeBetween(rng: Rng, low: number, high: number): number {
  return low + pickIndex(rng, high - low + 1)
}
