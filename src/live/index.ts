export { cusumDefaults, cusumDetector, type CusumOptions, type CusumState } from './anomaly/cusum.ts'
export {
  type AnomalyDetector,
  detect,
  type DetectorState,
  type Measurement,
  type Verdict,
} from './anomaly/detector.ts'
export { ewmaDefaults, ewmaDetector, type EwmaOptions, type EwmaState } from './anomaly/ewma.ts'
export { fixedThresholdDetector, type FixedThresholdOptions } from './anomaly/fixed-threshold.ts'
export type { ResidualOptions, ResidualState } from './anomaly/residuals.ts'
export { robustZDefaults, robustZDetector, type RobustZOptions } from './anomaly/robust-z.ts'
export { seasonalDefaults, seasonalDetector, type SeasonalOptions, type SeasonalState } from './anomaly/seasonal.ts'
export { type AnomalyWindow, windowedScore, type WindowedScore } from './anomaly/windowed-score.ts'
