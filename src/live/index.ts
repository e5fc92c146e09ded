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
export type { MachineAssessment } from './scheduler/assess.ts'
export type { AssignOptions, Outcome } from './scheduler/events.ts'
export type { LiveExplanation } from './scheduler/explain.ts'
export type { Forecast, Forecaster, ForecastRequest, TimeSeries } from '../model/forecaster.ts'
export type { FleetState } from '../packing/fleet-state.ts'
export type { PlacementRule, Scorer } from '../packing/placement-rule.ts'
export type { Request, RequestPlaces } from '../packing/request.ts'
export type { Vocabulary } from '../packing/vocabulary.ts'
export type { LiveMachine } from './scheduler/live-machine.ts'
export type { LiveTask } from './scheduler/live-task.ts'
export { schedulerDefaults, type SchedulerOptions } from './scheduler/scheduler-options.ts'
export type { Ending } from './scheduler/scheduler-state.ts'
export type { SchedulerSnapshot } from './scheduler/snapshot.ts'
export { adaptLevel } from './feedback/adaptive-level.ts'
export { driftDefaults, type DriftOptions, type DriftState, pageHinkley, undrifted } from './feedback/drift.ts'
export { onlineForecaster } from './feedback/online-forecaster.ts'
export {
  learn,
  predict,
  recursiveLeastSquaresDefaults,
  type RecursiveLeastSquaresOptions,
  type RecursiveLeastSquaresState,
  untrainedLeastSquares,
} from './feedback/recursive-least-squares.ts'
export { type ControlDecisions, controlStep } from './loop/control-loop.ts'
export { controlDefaults, type ControlOptions, type LevelFeedback } from './loop/control-options.ts'
export { type ControlState, type MachineMemory, type TaskMemory, uncontrolled } from './loop/control-state.ts'
export type { Anomaly } from './monitor/anomaly.ts'
export {
  type MachineCourse,
  monitor,
  monitorDefaults,
  type MonitorOptions,
  type MonitorState,
  type TaskCourse,
  unmonitored,
} from './monitor/monitor.ts'
export type { Observation, ObservedMachine, ObservedTask } from './monitor/observation.ts'
export {
  planRepair,
  type RepairAction,
  repairDefaults,
  type RepairMachine,
  type RepairOptions,
  type RepairPlan,
  type RepairTask,
} from './repair/plan-repair.ts'
export {
  commitProposals,
  type Conflict,
  type ConflictRule,
  type Proposal,
  proposePlacements,
} from './shared/optimistic.ts'
