import { type Finding, throwFindings } from '../../errors/cloudsched-error.ts'
import {
  functionLike,
  integerIn,
  numberAbove,
  numberIn,
  type OptionEntries,
  readOptions,
  satisfying,
} from '../../errors/read-options.ts'
import { defaultSeed } from '../../random/rng.ts'
import { type RunOptions, runOptionEntries } from '../../run/run-options.ts'
import { clusterSortMapEntries, type ClusterSortMapOptions } from '../cluster-sort-map-options.ts'
import type { DecisionCounts } from './decide.ts'
import type { JudgementOptions } from './metrics.ts'
import type { TraceColumns } from './trace-columns.ts'

/** The options of `clusterSortMap` that the loop leaves to its user; the others it sets itself. */
export type LoopMapperOptions = Omit<
  ClusterSortMapOptions,
  'nowSeconds' | 'forecast' | 'minGain' | 'cooldownSeconds' | 'overcommit' | 'seed'
>

/** One decision, told as it is made. */
export interface DecisionReport extends DecisionCounts {
  readonly step: number
  /** Time it took, forecasts included, by the clock: the one figure that differs from run to run. */
  readonly milliseconds: number
}

/** Options of `simulateScheduling`. */
export interface SimulateSchedulingOptions
  extends JudgementOptions,
    Pick<RunOptions, 'seed' | 'signal' | 'timeLimitMs' | 'onProgress'> {
  /** Quantile of the forecasts that counts, in (0, 1); `null` = their values. No effect on 'asq'. @defaultValue 0.85 */
  readonly level?: number | null
  /** Seconds from decision to decision, a multiple of the step of the trace. @defaultValue the step */
  readonly epochSeconds?: number
  /** Pools take tasks up to theta - minGain of their capacity, so that a move gains at least this. @defaultValue 0.05 */
  readonly minGain?: number
  /** A task that changed its pool less than this ago stays, >= 0. @defaultValue 3600 */
  readonly cooldownSeconds?: number
  /** Resources whose use is forecast; of the others it is taken to stay as it is. @defaultValue all whose use changes */
  readonly forecastResources?: readonly string[]
  /** Resources whose series the result is to hold, with all features: rows to train a forecaster on. @defaultValue none */
  readonly observe?: readonly string[]
  /** Options of the mapper. @defaultValue its own */
  readonly mapper?: LoopMapperOptions
  /** Told after each decision, and how long it took. */
  readonly onDecision?: (report: DecisionReport) => void
}

/** What a history is judged by, when nothing else is said. */
export const judgementDefaults: { readonly theta: number; readonly horizon: number } = Object.freeze({
  theta: 0.8,
  horizon: 12,
})

export const judgementEntries: OptionEntries = { theta: numberAbove(0, 1), horizon: integerIn(1, 1e6) }

/** Defaults of `simulateScheduling`. */
export const simulateSchedulingDefaults: {
  readonly theta: number
  readonly horizon: number
  readonly level: number | null
  readonly minGain: number
  readonly cooldownSeconds: number
} = Object.freeze({ ...judgementDefaults, level: 0.85, minGain: 0.05, cooldownSeconds: 3600 })

const namesOfResources = satisfying<readonly string[]>(
  (x) => Array.isArray(x) && x.every((name) => typeof name === 'string'),
  'a list of names of resources',
)

const entries: OptionEntries = {
  ...judgementEntries,
  seed: runOptionEntries['seed']!,
  signal: runOptionEntries['signal']!,
  timeLimitMs: runOptionEntries['timeLimitMs']!,
  onProgress: runOptionEntries['onProgress']!,
  level: satisfying<number | null>(
    (x) => x === null || (typeof x === 'number' && x > 0 && x < 1),
    'a number in (0, 1), or null',
  ),
  epochSeconds: numberAbove(0),
  minGain: numberIn(0, 1),
  cooldownSeconds: numberIn(0),
  forecastResources: namesOfResources,
  observe: namesOfResources,
  mapper: satisfying<LoopMapperOptions>((x) => typeof x === 'object' && x !== null, 'an object of mapper options'),
  onDecision: functionLike<(report: DecisionReport) => void>(),
}

const ownedByLoop = new Set(['nowSeconds', 'forecast', 'minGain', 'cooldownSeconds', 'overcommit', 'seed'])
const mapperEntries = Object.fromEntries(
  Object.entries(clusterSortMapEntries).filter(([name]) => !ownedByLoop.has(name)),
)

/** The options in force. */
export type SimulateSchedulingSettings = Required<Pick<SimulateSchedulingOptions, 'theta' | 'horizon' | 'minGain'>> & {
  readonly level: number | null
  /** Steps from decision to decision. */
  readonly epochSteps: number
  readonly cooldownSteps: number
  /** Of each resource of the trace. */
  readonly isForecast: readonly boolean[]
  readonly observe: readonly string[]
  readonly mapper: ClusterSortMapOptions
  readonly onDecision: ((report: DecisionReport) => void) | null
  /** The options that are data, as they were given or by default. */
  readonly plain: SchedulingResultOptions
}

/** The options that a result was made with: enough to make it again. */
export type SchedulingResultOptions = Required<
  Pick<
    SimulateSchedulingOptions,
    | 'theta'
    | 'horizon'
    | 'level'
    | 'epochSeconds'
    | 'minGain'
    | 'cooldownSeconds'
    | 'forecastResources'
    | 'mapper'
    | 'seed'
  >
>

/**
 * Reads the options for a trace.
 *
 * @throws CloudschedError `invalid-option` with every broken rule
 */
export function readSimulateSchedulingOptions(
  options: SimulateSchedulingOptions,
  { trace: { stepSeconds }, resources, varies }: TraceColumns,
): SimulateSchedulingSettings {
  const read = readOptions(entries, { ...simulateSchedulingDefaults, seed: defaultSeed }, options)
  const { theta, horizon, level, minGain, epochSeconds = stepSeconds, onDecision = null, observe = [] } = read
  const { seed, cooldownSeconds, forecastResources = resources.filter((_, index) => varies[index]) } = read
  const findings: Finding[] = []
  const epochSteps = Math.round(epochSeconds / stepSeconds)
  if (epochSteps < 1 || Math.abs(epochSteps * stepSeconds - epochSeconds) > 1e-9 * epochSeconds) {
    const expected = `a multiple of the step of the trace, ${stepSeconds} s`
    findings.push({ path: 'options.epochSeconds', received: epochSeconds, expected })
  }
  if (minGain >= theta) findings.push({ path: 'options.minGain', received: minGain, expected: `below theta, ${theta}` })
  for (const [option, names] of Object.entries({ forecastResources, observe })) {
    names.forEach((name, index) => {
      if (resources.includes(name)) return
      findings.push({ path: `options.${option}[${index}]`, received: name, expected: `one of ${resources.join(', ')}` })
    })
  }
  throwFindings('invalid-option', findings)
  const mapper: LoopMapperOptions = readOptions(mapperEntries, {}, read.mapper ?? {}, 'options.mapper')
  return {
    theta,
    horizon,
    level,
    minGain,
    epochSteps,
    cooldownSteps: cooldownSeconds / stepSeconds,
    isForecast: resources.map((name) => forecastResources.includes(name)),
    observe,
    mapper: { ...mapper, seed },
    onDecision,
    plain: { theta, horizon, level, epochSeconds, minGain, cooldownSeconds, forecastResources, mapper, seed },
  }
}
