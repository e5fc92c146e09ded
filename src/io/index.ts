export type { EtcMatrix } from '../model/etc.ts'
export {
  type AlibabaBatchTask,
  type AlibabaBatchToTasksOptions,
  alibabaBatchToTasks,
  readAlibabaBatchTasks,
} from './alibaba-batch.ts'
export { type DlrmInstance, type DlrmResources, readAlibabaDlrm } from './alibaba-dlrm.ts'
export { type AzureVmMeasurement, readAzureVmNoise, speedFactors } from './azure-vm-noise.ts'
export {
  type AzureVmFlavour,
  type AzureVmTrace,
  type AzureVmTraceSources,
  azureVmsToTasks,
  readAzureVmTrace,
} from './azure-vm-trace.ts'
export {
  type BitbrainsSample,
  type BitbrainsVm,
  bitbrainsToVms,
  readBitbrainsInventory,
  readBitbrainsVm,
} from './bitbrains.ts'
export { readBraunEtc } from './braun-etc.ts'
export {
  type OpenbNode,
  type OpenbPod,
  openbGpuDemand,
  openbNodesToVms,
  openbPodsToTasks,
  readOpenbNodes,
  readOpenbPods,
} from './openb.ts'
export { type PlannedTask, plannedTasks, readPlanCsv, writePlanCsv, writePlanJson } from './plan.ts'
export { type PlanetlabVm, readPlanetlabCsv } from './planetlab.ts'
export { readTasksCsv, readVmsCsv, writeTasksCsv, writeVmsCsv } from './problem-csv.ts'
export { readProblemJson, writeProblemJson } from './problem-json.ts'
export { readRcmaxEtc } from './rcmax-etc.ts'
export type { ReferenceSpeedOptions } from './reference-speed.ts'
export {
  type RoadefBalance,
  type RoadefMachine,
  type RoadefModel,
  type RoadefProcess,
  type RoadefResource,
  type RoadefService,
  readRoadefAssignment,
  readRoadefModel,
} from './roadef.ts'
export { readSwf, type SwfJob, type SwfLog, type SwfToTasksOptions, swfToTasks } from './swf.ts'
export type { TextSource } from './text.ts'
