export { createFleet, fleetDefaults, type Fleet, type FleetOptions, type Placement } from './fleet.ts'
export type { FleetState } from './fleet-state.ts'
export { describeRefusal, type Refusal } from './fit.ts'
export type { MachineInput } from './machine.ts'
export { leastFragmentation, scarcityAware } from './mix-rules.ts'
export {
  pack,
  packDefaults,
  type Packing,
  packOnline,
  packOnlineDefaults,
  type PackOnlineOptions,
  type PackOptions,
  type RefusedTask,
  type RuleChoice,
} from './pack.ts'
export { bestFit, dotProduct, firstFit, type PlacementRule, type Scorer, worstFit } from './placement-rule.ts'
export type { RefusalCount } from './refusal-summary.ts'
export type { PackingTask, Request, RequestPlaces } from './request.ts'
export { createTaskMix, restoreTaskMix, type TaskClass, type TaskMix, type TaskMixSnapshot } from './task-mix.ts'
export type { Vocabulary } from './vocabulary.ts'
