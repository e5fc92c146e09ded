import { median } from 'simple-statistics'
import { integerIn, numberAbove, readOptions } from '../../errors/read-options.ts'
import { type AnomalyDetector, checkMeasurement, judge, unseen } from './detector.ts'
import {
  remember,
  residualDefaults,
  residualEntries,
  type ResidualOptions,
  type ResidualState,
  standardised,
} from './residuals.ts'

/** Options of {@link seasonalDetector}. */
export interface SeasonalOptions extends ResidualOptions {
  /** Steps of one season, >= 2. @defaultValue 288, a day of 5-minute steps */
  readonly season?: number
  /** Seasons that are remembered, >= 1. @defaultValue 3 */
  readonly seasons?: number
  /** Robust standard deviations that are still normal, > 0. @defaultValue 6 */
  readonly limit?: number
}

/** Defaults of {@link seasonalDetector}. */
export const seasonalDefaults: Readonly<Required<SeasonalOptions>> = Object.freeze({
  ...residualDefaults,
  season: 288,
  seasons: 3,
  limit: 6,
})

/** State of {@link seasonalDetector}. */
export interface SeasonalState extends ResidualState {
  /** The last values, oldest first, up to all remembered seasons. */
  readonly values: readonly number[]
}

/**
 * Values that differ from the same time of earlier seasons: the residual is the distance to the median of the values
 * one, two, ... seasons ago (and of their two neighbours, since days do not start on the second), judged like
 * {@link robustZDetector} does. No verdict before one season and the warm-up have passed.
 *
 * @throws CloudschedError `invalid-option`
 */
export function seasonalDetector(options: SeasonalOptions = {}): AnomalyDetector<SeasonalState> {
  const entries = { ...residualEntries, season: integerIn(2), seasons: integerIn(1), limit: numberAbove(0) }
  const { window, warmUp, holdSteps, leastScale, season, seasons, limit } = readOptions(
    entries,
    seasonalDefaults,
    options,
  )
  return {
    name: 'seasonal',
    start: () => ({ ...unseen, residuals: [], values: [] }),
    observe(state, measurement) {
      checkMeasurement(measurement)
      const values = remember(state.values, measurement.value, season * seasons + 1)
      const peers = sameTimeBefore(state.values, season)
      if (peers.length === 0) {
        const { verdict, next } = judge(0, state, holdSteps)
        return { state: { ...next, residuals: state.residuals, values }, verdict }
      }
      const residual = measurement.value - median(peers)
      const ready = state.residuals.length >= warmUp
      const ratio = ready ? Math.abs(standardised(residual, state.residuals, leastScale)) / limit : 0
      const { verdict, next } = judge(ratio, state, holdSteps)
      const residuals = remember(state.residuals, residual, window)
      return { state: { ...next, residuals, values }, verdict }
    },
  }
}

/** The values at the same time of each remembered season, with their neighbours; `past` ends one step ago. */
function sameTimeBefore(past: readonly number[], season: number): number[] {
  const peers: number[] = []
  for (let at = past.length - season; at >= 0; at -= season) {
    for (let near = at - 1; near <= at + 1; near++) {
      const value = past[near]
      if (value !== undefined) peers.push(value)
    }
  }
  return peers
}
