export {
  adaptiveScheduling,
  type AdaptiveSchedulingOptions,
  clusterSortMap,
} from './cluster-sort-map.ts'
export {
  clusterSortMapDefaults,
  type ClusterSortMapOptions,
  type ClusterSortMapSettings,
} from './cluster-sort-map-options.ts'
export type {
  ClusterSortMapResult,
  PipelineWarning,
  PoolCluster,
  TaskTiming,
  UnscheduledReason,
  UnscheduledTask,
} from './cluster-sort-map-result.ts'
export { keepInCooldown } from './cooldown.ts'
export { createRound } from './create-round.ts'
export { type MapSettings, mapTasks } from './map.ts'
export type { PipelineRound, PoolTable, TaskTable } from './pipeline-round.ts'
export type {
  ForecastValue,
  PipelineForecast,
  PipelineTask,
  Pool,
  PoolForecast,
  TaskForecast,
} from './pipeline-task.ts'
export { initialPlacement, type Placement } from './placement.ts'
export { clusterPools, type GroupedPools, type RankedCluster, sortClusters } from './pool-clusters.ts'
export type { PoolLoads } from './pool-loads.ts'
export { rankTasks } from './rank.ts'
export type { Relations, TaskPairs } from './relations.ts'
export type { Clock } from './task-clock.ts'
export { compareUrgency, type UrgencyKeys, urgencyKeys } from './task-order.ts'
export {
  computingSeconds,
  stretchedSeconds,
  loadRatio,
  transferSeconds,
  waitingSeconds,
} from './task-times.ts'
export type { DemandSeries, DemandTrace, TracedPool, TracedTask } from '../model/demand-trace.ts'
export type { Forecast, Forecaster, ForecastMethod, ForecastRequest, TimeSeries } from '../model/forecaster.ts'
export type { ClassifiedMove } from './closed-loop/classify-moves.ts'
export type { DecisionCounts } from './closed-loop/decide.ts'
export type { Move, SchedulingHistory, TaskCourse } from './closed-loop/history.ts'
export {
  classifyMoves,
  type JudgementOptions,
  type SchedulingCounts,
  schedulingMetrics,
  type SchedulingMetrics,
} from './closed-loop/metrics.ts'
export { oracle } from './closed-loop/oracle.ts'
export type { Statistics } from '../simulate/statistics.ts'
export type { OverloadMetrics } from './closed-loop/overload.ts'
export type { ServiceMetrics } from './closed-loop/service.ts'
export {
  type SchedulingResult,
  simulateScheduling,
  simulateSchedulingAsync,
  simulateSchedulingSteps,
} from './closed-loop/simulate-scheduling.ts'
export {
  type DecisionReport,
  type LoopMapperOptions,
  type SchedulingResultOptions,
  simulateSchedulingDefaults,
  type SimulateSchedulingOptions,
} from './closed-loop/simulate-scheduling-options.ts'
