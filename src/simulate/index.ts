export { energy, type Energy } from './energy.ts'
export {
  boundedSlowdown,
  costPerVm,
  deadlineMisses,
  flowTime,
  loadBalance,
  makespan,
  utilisation,
  waitingTime,
} from './metrics.ts'
export { simulate } from './simulate.ts'
export {
  type PlannedMigration,
  simulateDefaults,
  type SimulateOptions,
  type SimulationOptions,
  type SimulationSettings,
  type VmFailure,
} from './simulate-options.ts'
export type { ScheduleMetrics, SimulatedSchedule } from './simulated-schedule.ts'
export { createSimulation, restoreSimulation, type SimulatedVm, type Simulation } from './simulation.ts'
export type { SimulationEvent, TaskEvent, VmEvent } from './simulation-event.ts'
export type { PlainColumns, SimulationSnapshot } from './snapshot.ts'
export type { Statistics } from './statistics.ts'
export type { Interruption, SkippedMigration } from './simulation-state.ts'
export type { VmUsage } from './vm-usage.ts'
