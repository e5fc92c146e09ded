import { integerIn, type OptionEntries, readOptions, satisfying } from '../../errors/read-options.ts'
import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { type AnomalyDetector, checkMeasurement, type DetectorState, judge, unseen } from './detector.ts'

/** Options of {@link fixedThresholdDetector}: at least one limit. */
export interface FixedThresholdOptions {
  /** Values at or above it are anomalous, in units of the series. */
  readonly upper?: number
  /** Values at or below it are anomalous, in units of the series. */
  readonly lower?: number
  /** Steps within the limits after which an anomaly is over, >= 0. @defaultValue 36, three hours of 5-minute steps */
  readonly holdSteps?: number
}

const entries: OptionEntries = {
  upper: satisfying<number>(Number.isFinite, 'a finite number'),
  lower: satisfying<number>(Number.isFinite, 'a finite number'),
  holdSteps: integerIn(0),
}

/**
 * The rule that every other detector must beat: a value beyond a limit that a person has set. Its ratio is 1 beyond a
 * limit and 0 within, for there is no scale to measure by.
 *
 * @throws CloudschedError `invalid-option`, also when neither limit is given
 */
export function fixedThresholdDetector(options: FixedThresholdOptions): AnomalyDetector {
  const { upper = Infinity, lower = -Infinity, holdSteps } = readOptions(entries, { holdSteps: 36 }, options)
  if (upper === Infinity && lower === -Infinity) {
    const expected = 'given an upper or a lower limit'
    throw new CloudschedError('invalid-option', [{ path: 'options', received: options, expected }])
  }
  return {
    name: 'fixed-threshold',
    start: () => unseen,
    observe(state: DetectorState, measurement) {
      checkMeasurement(measurement)
      const beyond = measurement.value >= upper || measurement.value <= lower
      const { verdict, next } = judge(beyond ? 1 : 0, state, holdSteps)
      return { state: next, verdict }
    },
  }
}
