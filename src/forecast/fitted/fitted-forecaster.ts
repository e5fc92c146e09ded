import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { Forecast, Forecaster, ForecastRequest } from '../../model/forecaster.ts'
import { asFloat64 } from '../series/rows.ts'
import { sortedQuantile } from './error-quantiles.ts'
import type { PointRule } from './point-rule.ts'
import type { SavedForecaster } from './saved-forecaster.ts'

/** A forecaster of this library's methods: it can be saved as plain data. */
export interface FittedForecaster extends Forecaster {
  /** Largest horizon that it can be asked for. */
  readonly horizon: number
  /** Plain data that `forecasterFromJSON` turns back into an equal forecaster. */
  readonly toJSON: () => SavedForecaster
}

/** A rule and its saved numbers. */
export interface FittedRule {
  readonly rule: PointRule<unknown>
  readonly saved: SavedForecaster
}

/**
 * Makes a forecaster out of saved data. It answers with its own rule where the history suffices; otherwise with the
 * first of its fallbacks that can (seasonal naive, naive), and at last with the last known value. Each time it is not
 * its own rule on the values as they are, `fallbacks` of the forecast says so and why.
 */
export function createFitted(own: FittedRule, fallbacks: readonly FittedRule[]): FittedForecaster {
  const { saved } = own
  return {
    name: saved.method,
    contextSteps: saved.contextSteps,
    horizon: saved.horizon,
    toJSON: () => saved,
    forecast(request) {
      checkRequest(request, saved)
      const values = asFloat64(request.history.values)
      const notes: string[] = []
      for (const candidate of [own, ...fallbacks]) {
        const answer = pathOf(candidate, values, request.horizon)
        if (answer.note !== null) notes.push(answer.note)
        if (answer.path === null) continue
        if (candidate !== own) notes.push(`${candidate.rule.method} answered`)
        return withQuantiles(answer.path, candidate.saved.errorQuantiles, request, notes)
      }
      const path = new Float64Array(request.horizon).fill(lastKnown(values))
      notes.push('the last known value answered')
      return withQuantiles(path, (fallbacks.at(-1) ?? own).saved.errorQuantiles, request, notes)
    },
  }
}

interface Answer {
  readonly path: Float64Array | null
  /** What had to be filled, or why there is no path. */
  readonly note: string | null
}

function pathOf({ rule, saved }: FittedRule, values: Float64Array, horizon: number): Answer {
  const { method, parameters, unfitted, contextSteps } = saved
  if (unfitted !== null) return { path: null, note: `${method} is not fitted: ${unfitted}` }
  if (values.length < contextSteps)
    return { path: null, note: `${method} looks at ${contextSteps} steps, the history has ${values.length}` }
  const context = values.subarray(values.length - contextSteps)
  const missing = context.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0)
  if (missing === contextSteps)
    return { path: null, note: `${method} looks at ${contextSteps} steps, all of them are missing` }
  const path = rule.path(parameters, missing === 0 ? context : withoutGaps(values, contextSteps), horizon)
  if (!path.every(Number.isFinite)) return { path: null, note: `${method} gave a value that is not finite` }
  return {
    path,
    note:
      missing === 0
        ? null
        : `${missing} of the ${contextSteps} steps that ${method} looks at are missing: the last value known before each stood in`,
  }
}

/** The last steps with each gap filled by the value before it; before the first known value of all, by that one. */
function withoutGaps(values: Float64Array, contextSteps: number): Float64Array {
  const start = values.length - contextSteps
  const context = values.slice(start)
  let known = values.findLast((value, i) => i < start && !Number.isNaN(value)) ?? context.find((x) => !Number.isNaN(x))!
  for (let i = 0; i < contextSteps; i++) {
    if (Number.isNaN(context[i])) context[i] = known
    else known = context[i]!
  }
  return context
}

function lastKnown(values: Float64Array): number {
  const last = values.findLast((value) => !Number.isNaN(value))
  if (last === undefined)
    throw new CloudschedError('invalid-input', [
      { path: 'request.history.values', received: values, expected: 'a history with at least one known value' },
    ])
  return last
}

/** Adds to the path the quantiles of the errors that its method made on training rows. */
function withQuantiles(
  values: Float64Array,
  grids: SavedForecaster['errorQuantiles'],
  { levels = [], horizon }: ForecastRequest,
  notes: string[],
): Forecast {
  if (levels.length === 0) return { values, quantiles: [], fallbacks: notes }
  const reached = grids.findLastIndex((grid) => grid.length > 0)
  if (reached + 1 < horizon)
    notes.push(
      reached < 0
        ? 'no training row shows an error: every quantile is the forecast itself'
        : `training rows show errors up to ${reached + 1} steps ahead: those stand in beyond`,
    )
  const quantiles = levels.map((level) =>
    values.map((value, h) => (reached < 0 ? value : value + sortedQuantile(grids[Math.min(h, reached)]!, level))),
  )
  return { values, quantiles, fallbacks: notes }
}

function checkRequest({ horizon, levels = [], history }: ForecastRequest, saved: SavedForecaster): void {
  if (!(Number.isInteger(horizon) && horizon >= 1 && horizon <= saved.horizon))
    throw new CloudschedError('invalid-input', [
      {
        path: 'request.horizon',
        received: horizon,
        expected: `a whole number in [1, ${saved.horizon}]`,
        hint: `This ${saved.method} was fitted for ${saved.horizon} steps: fit it with a larger 'horizon'.`,
      },
    ])
  if (!levels.every((level, k) => level > (levels[k - 1] ?? 0) && level < 1))
    throw new CloudschedError('invalid-input', [
      { path: 'request.levels', received: levels, expected: 'ascending numbers in (0, 1)' },
    ])
  if (history.stepSeconds !== saved.stepSeconds)
    throw new CloudschedError('invalid-input', [
      {
        path: 'request.history.stepSeconds',
        received: history.stepSeconds,
        expected: `${saved.stepSeconds}, the step of the series that this ${saved.method} was fitted on`,
        hint: 'Bring the history to that step with resampleMeasurements, or fit on series of its own step.',
      },
    ])
  const looked = Math.max(saved.contextSteps, ...saved.fallbacks.map(({ contextSteps }) => contextSteps))
  for (let i = Math.max(0, history.values.length - looked); i < history.values.length; i++) {
    const value: unknown = history.values[i]
    if (typeof value === 'number' && Math.abs(value) !== Infinity) continue
    throw new CloudschedError('invalid-input', [
      {
        path: `request.history.values[${i}]`,
        received: value,
        expected: 'a finite number, or NaN for a missing value',
      },
    ])
  }
}
