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
export type {
  ForecastValue,
  PipelineForecast,
  PipelineTask,
  Pool,
  PoolForecast,
  TaskForecast,
} from './pipeline-task.ts'
