import { CloudschedError, throwFindings } from '../../errors/cloudsched-error.ts'
import type { DemandTrace } from '../../model/demand-trace.ts'
import type { Forecaster, TimeSeries } from '../../model/forecaster.ts'
import { nowMs } from '../../run/clock.ts'
import { drive, driveAsync } from '../../run/drive.ts'
import type { Steps, StopReason } from '../../run/run-options.ts'
import { admitArrivals, type ClusterState, createClusterState, historyOf } from './cluster-state.ts'
import { decide } from './decide.ts'
import { createExpectation, type Expectation, lookAhead, type Outlook } from './expectation.ts'
import type { SchedulingHistory } from './history.ts'
import { metricsOf, type SchedulingMetrics } from './metrics.ts'
import { createRunRecord, featureNamesOf, featureReader, observedSeries, recordStep } from './run-record.ts'
import { runStep } from './run-step.ts'
import {
  readSimulateSchedulingOptions,
  type SchedulingResultOptions,
  type SimulateSchedulingOptions,
  type SimulateSchedulingSettings,
} from './simulate-scheduling-options.ts'
import { columnsOf, type TraceColumns } from './trace-columns.ts'

/** What a closed loop gives: plain data. */
export interface SchedulingResult {
  /** 'asq', or the name of the forecaster. */
  readonly policy: string
  readonly status: 'completed' | StopReason
  /** Number of decisions. */
  readonly epochs: number
  /** Decisions at which some task waited or should leave a hot pool: rounds of the mapper. */
  readonly rounds: number
  /** Forecast values used, those that were cut to [0, limit], and forecasts answered by another method, by reason. */
  readonly forecasts: {
    readonly values: number
    readonly clamped: number
    readonly fallbacks: Readonly<Record<string, number>>
  }
  readonly options: SchedulingResultOptions
  readonly metrics: SchedulingMetrics
  readonly history: SchedulingHistory
  /**
   * Series of the resources of `observe`, under the id 'task/resource', with all features that a forecaster may ask for:
   * of each task that was placed, from the first sample to its last step on a pool.
   */
  readonly observed: readonly TimeSeries[]
}

/**
 * Runs a trace through a scheduler that decides every epoch, and sees what the demand that really came makes of its
 * decisions.
 *
 * At a decision the policy knows all samples up to now. Pools whose load is expected to exceed theta within the horizon
 * are hot; as few of their tasks as needed go through `clusterSortMap` to pools that are not, together with the tasks
 * that wait; everybody else stays. 'asq' expects everything to stay as it is. A forecaster is asked for each task and
 * resource, under the id 'task/resource'; its path is preceded by the present, so that peaks are never below it.
 *
 * Features that the forecaster names it is given: of the task `lengthMi`, `inputMegabytes`, `outputMegabytes`, `remainingMi`
 * and each resource; of the pool it is on, 0 while it has none, `pool/<resource>` (what is free of it), `pool/speedMips` and
 * `pool/bandwidthMbps`.
 *
 * @param policy - 'asq' (no forecast), or a forecaster
 * @throws CloudschedError `invalid-input` for a broken trace or a forecaster that gives no numbers, `invalid-option`
 * @example
 * const { metrics } = simulateScheduling(demandTrace({ taskCount: 40, poolCount: 20, days: 1 }), 'asq')
 * console.log(metrics.reschedules, metrics.overloadPercent)
 */
export function simulateScheduling(
  trace: DemandTrace,
  policy: 'asq' | Forecaster,
  options: SimulateSchedulingOptions = {},
): SchedulingResult {
  return drive(simulateSchedulingSteps(trace, policy, options), options)
}

/** `simulateScheduling` in pieces that leave room for timers, signals and drawing. */
export async function simulateSchedulingAsync(
  trace: DemandTrace,
  policy: 'asq' | Forecaster,
  options: SimulateSchedulingOptions = {},
): Promise<SchedulingResult> {
  return driveAsync(simulateSchedulingSteps(trace, policy, options), options)
}

/** The loop itself, one step of the trace at a time. */
export function* simulateSchedulingSteps(
  trace: DemandTrace,
  policy: 'asq' | Forecaster,
  options: SimulateSchedulingOptions = {},
): Steps<SchedulingResult> {
  const columns = columnsOf(trace)
  const settings = readSimulateSchedulingOptions(options, columns)
  const forecaster = readPolicy(policy, columns)
  const { horizon, level, isForecast, observe } = settings
  const named = forecaster?.features ?? []
  const record = named.length > 0 || observe.length > 0 ? createRunRecord(columns) : null
  const features = record && named.length > 0 ? featureReader(columns, record, named) : null
  const counts = { values: 0, clamped: 0, fallbacks: {} }
  const outlook: Outlook = { forecaster, isForecast, features, horizon, level, counts }
  const expectation = createExpectation(columns, outlook)
  const state = createClusterState(columns)
  const lastStep = trace.stepCount - 1
  const runSteps = Math.max(1, lastStep - trace.pastSteps)
  let epochs = 0
  let rounds = 0
  let stop: StopReason | null = null
  while (state.step < lastStep) {
    if ((state.step - trace.pastSteps) % settings.epochSteps === 0) {
      admitArrivals(state)
      if (decideNow(state, outlook, expectation, settings) > 0) rounds++
      epochs++
    }
    if (record) recordStep(record, state)
    runStep(state)
    const fraction = (state.step - trace.pastSteps) / runSteps
    const pulse = yield { fraction, best: null, gap: null, iteration: epochs, evaluations: rounds }
    stop = pulse.stop
    if (stop !== null) break
  }
  admitArrivals(state)
  const history = historyOf(state)
  return {
    policy: forecaster === null ? 'asq' : forecaster.name,
    status: state.step === lastStep ? 'completed' : (stop ?? 'completed'),
    epochs,
    rounds,
    forecasts: counts,
    options: settings.plain,
    metrics: metricsOf(columns, history, settings.theta, settings.horizon),
    history,
    observed: record ? observedSeries(columns, record, observe, state.step) : [],
  }
}

/** One decision, reported with its time where someone listens; returns the number of its candidates. */
function decideNow(
  state: ClusterState,
  outlook: Outlook,
  expectation: Expectation,
  { onDecision, ...rule }: SimulateSchedulingSettings,
): number {
  const start = onDecision === null ? 0 : nowMs()
  lookAhead(state, outlook, expectation)
  const counts = decide(state, expectation, rule)
  onDecision?.({ step: state.step, ...counts, milliseconds: nowMs() - start })
  return counts.candidates
}

function readPolicy(policy: unknown, columns: TraceColumns): Forecaster | null {
  if (policy === 'asq') return null
  const given = policy as Partial<Forecaster> | null
  const isForecaster = typeof given === 'object' && given !== null && typeof given.forecast === 'function'
  if (!isForecaster || !Number.isInteger(given.contextSteps) || given.contextSteps! < 1) {
    const expected = "'asq', or a forecaster with a whole number of contextSteps >= 1"
    throw new CloudschedError('invalid-input', [{ path: 'policy', received: policy, expected }])
  }
  const known = featureNamesOf(columns)
  const { features = [] } = given
  if (!Array.isArray(features)) {
    const finding = { path: 'policy.features', received: features, expected: 'a list of names' }
    throw new CloudschedError('invalid-input', [finding])
  }
  const findings = features.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [{ path: `policy.features[${index}]`, received: name, expected: `one of ${known.join(', ')}` }],
  )
  throwFindings('invalid-input', findings)
  return given as Forecaster
}
