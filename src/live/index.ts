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
export type {
  Affinity,
  AffinityTerm,
  NodeAffinity,
  NodeSelectorTerm,
  TaskAffinity,
  TopologySpreadConstraint,
} from './constraints/affinity.ts'
export type { LabelRequirement, LabelSelector } from './constraints/label-selector.ts'
export type { Taint, Toleration } from './constraints/taints.ts'
export { createScheduler, restoreScheduler, type RunningView, type Scheduler } from './scheduler/create-scheduler.ts'
export type { DecideOptions, LivePlacement } from './scheduler/decide.ts'
export type { Outcome } from './scheduler/events.ts'
export type { LiveExplanation } from './scheduler/explain.ts'
export type { LiveMachine } from './scheduler/live-machine.ts'
export type { LiveTask } from './scheduler/live-task.ts'
export { schedulerDefaults, type SchedulerOptions } from './scheduler/scheduler-options.ts'
export type { Ending } from './scheduler/scheduler-state.ts'
export type { SchedulerSnapshot } from './scheduler/snapshot.ts'
