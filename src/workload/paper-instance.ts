import type { Seed } from '../random/rng.ts'
import { type GeneratedInstance, priceEntries, readGeneratorOptions } from './generator-options.ts'
import { randomInstance } from './random-instance.ts'

/** Options of `paperInstance`. */
export interface PaperInstanceOptions {
  /** Number of tasks, >= 0; the paper takes 10, 20, 30, 40 and 50. */
  readonly taskCount: number
  /** Number of VMs, >= 1. @defaultValue 5 */
  readonly vmCount?: number
  /** @defaultValue 'cloudsched' */
  readonly seed?: Seed
  /**
   * beta of the price rule. Above 1 slow VMs are cheaper per unit of work, below 1 fast ones; at exactly 1 Cost is the
   * same for every schedule, so that a weight on cost has no effect. @defaultValue 1.5
   */
  readonly priceExponent?: number
  /** Price per second of a VM of 1000 MIPS, >= 0. @defaultValue 1 */
  readonly priceScale?: number
}

const defaults = { vmCount: 5, priceExponent: 1.5, priceScale: 1 }

/**
 * An instance of the experiments of Li, Sun and Tang (2021), "A Reinforcement Learning of Cloud Resource Scheduling
 * Algorithm Based on Adaptive Weight": lengths U[60000, 120000] MI and speeds U[400, 1200] MIPS, both whole numbers.
 * The paper does not print its prices; here the price per second is priceScale (speedMips / 1000)^priceExponent.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * const problem = createProblem(paperInstance({ taskCount: 20, seed: 1 }))
 */
export function paperInstance(options: PaperInstanceOptions): GeneratedInstance {
  return randomInstance(readGeneratorOptions(priceEntries, defaults, options))
}
