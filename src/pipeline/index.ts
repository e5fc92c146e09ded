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
export { mapTasks } from './map.ts'
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
  executionSeconds,
  loadRatio,
  transferSeconds,
  waitingSeconds,
} from './task-times.ts'
