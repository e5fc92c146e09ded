import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { confidenceOf } from '../monitor/anomaly.ts'

/** One measurement of one series. */
export interface Measurement {
  readonly value: number
  /** What a forecaster had said of it; a detector that is given none makes its own expectation from the past. */
  readonly expected?: number
}

/** What a detector says of one measurement. */
export interface Verdict {
  /** The detector's own statistic, in units of its limit; 1 is the limit. */
  readonly ratio: number
  /** How sure it is that something is wrong, in [0, 1]: 0.5 at the limit, rising with the ratio. */
  readonly confidence: number
  /** True from the step at which the statistic passes its limit until it has kept below for `holdSteps` steps. */
  readonly anomalous: boolean
  /** True at the first step of an anomalous stretch: what an operator is told. */
  readonly raised: boolean
}

/** Plain data that a detector carries from one measurement to the next. */
export interface DetectorState {
  /** Measurements seen so far. */
  readonly seen: number
  readonly anomalous: boolean
  /** Steps since the statistic was last beyond its limit; it counts only while `anomalous`. */
  readonly calmSteps: number
}

/** State before the first measurement. */
export const unseen: DetectorState = Object.freeze({ seen: 0, anomalous: false, calmSteps: 0 })

/** A detector of anomalies as a plain function of state and measurement; it keeps nothing itself. */
export interface AnomalyDetector<S extends DetectorState = DetectorState> {
  /** e.g. 'robust-z'. */
  readonly name: string
  readonly start: () => S
  /** A method, so that detectors of different states can stand in one list. */
  observe(state: S, measurement: Measurement): { readonly state: S; readonly verdict: Verdict }
}

/** Verdicts of a detector on a whole series, in order. */
export function detect<S extends DetectorState>(
  detector: AnomalyDetector<S>,
  measurements: Iterable<Measurement | number>,
): Verdict[] {
  let state = detector.start()
  const verdicts: Verdict[] = []
  for (const entry of measurements) {
    const step = detector.observe(state, typeof entry === 'number' ? { value: entry } : entry)
    state = step.state
    verdicts.push(step.verdict)
  }
  return verdicts
}

/**
 * The verdict for a statistic in units of its limit, and the part of the next state that every detector has.
 *
 * @param holdSteps an anomaly is over when the statistic has kept below its limit for this many steps: one event, one alarm
 */
export function judge(
  ratio: number,
  { seen, anomalous: wasAnomalous, calmSteps: wasCalm }: DetectorState,
  holdSteps: number,
): { readonly verdict: Verdict; readonly next: DetectorState } {
  const beyond = ratio >= 1
  const calmSteps = beyond ? 0 : wasCalm + 1
  const anomalous = beyond || (wasAnomalous && calmSteps <= holdSteps)
  return {
    verdict: { ratio, confidence: confidenceOf(ratio), anomalous, raised: beyond && !wasAnomalous },
    next: { seen: seen + 1, anomalous, calmSteps: anomalous ? calmSteps : 0 },
  }
}

/** @throws CloudschedError `invalid-input` for a value or an expectation that is not a finite number */
export function checkMeasurement({ value, expected }: Measurement): void {
  if (!Number.isFinite(value)) throw notFinite('measurement.value', value)
  if (expected !== undefined && !Number.isFinite(expected)) throw notFinite('measurement.expected', expected)
}

function notFinite(path: string, received: unknown): CloudschedError {
  const hint = 'A missing measurement is not an observation: leave it out, and let machine health count the silence.'
  return new CloudschedError('invalid-input', [{ path, received, expected: 'a finite number', hint }])
}
