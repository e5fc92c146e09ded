export { CloudschedError, type ErrorCode, type Finding, isCloudschedError } from './errors/cloudsched-error.ts'

export type { Rng, RngState, Seed } from './random/rng.ts'
export type { HistoryPoint } from './run/history.ts'
export type { Progress, Pulse, RunOptions, Steps, StopReason } from './run/run-options.ts'

export type { Assignment } from './model/assignment.ts'
export type { Columns } from './model/columns.ts'
export type { Eligibility, EligibilityClass, Offer, Requirements } from './model/eligibility.ts'
export type { EtcInput } from './model/etc.ts'
export {
  createProblem,
  executionSeconds,
  isEligible,
  type Problem,
  type ProblemBase,
  type ProblemInput,
  taskId,
  type UniformTimes,
  type UnrelatedTimes,
  vmId,
} from './model/problem.ts'
export type { Schedule, ScheduledTask } from './model/schedule.ts'
export type {
  AsyncSolver,
  Evaluation,
  SolveOptions,
  SolveResult,
  SolveStatus,
  SolveSteps,
  Solver,
} from './model/solver.ts'
export type { TaskColumns, TaskField, TaskInput } from './model/task.ts'
export type { VmColumns, VmField, VmInput } from './model/vm.ts'

export { type LowerBound, lowerBound } from './objective/bounds.ts'
export { evaluate } from './objective/evaluate.ts'
export { type Explanation, explain, explainFit, type VmShare } from './objective/explain.ts'
export {
  costDeltaOfMove,
  createLoadState,
  estOf,
  type LoadState,
  makespanOf,
  makespanWith,
  moveTask,
  swapTasks,
} from './objective/load-state.ts'
export type { WeightOptions } from './objective/weighted.ts'
export { dominates, hypervolume, type ParetoPoint, paretoFront } from './objective/pareto.ts'

export { kCheapestLpt } from './constructive/k-cheapest-lpt.ts'
export { lpt } from './constructive/lpt.ts'
export { maxMin } from './constructive/max-min.ts'
export { mct } from './constructive/mct.ts'
export { met } from './constructive/met.ts'
export { minMin } from './constructive/min-min.ts'
export { olb } from './constructive/olb.ts'
export { roundRobin } from './constructive/round-robin.ts'
export { sufferage } from './constructive/sufferage.ts'

export {
  type BranchAndBoundOptions,
  branchAndBound,
  branchAndBoundAsync,
  branchAndBoundSteps,
} from './solvers/exact/branch-and-bound.ts'
export { type MilpOptions, milp } from './solvers/exact/milp.ts'
export type { EvolutionDefaults, EvolutionOptions } from './solvers/genetic/evolution-options.ts'
export {
  type GeneticAlgorithmDefaults,
  type GeneticAlgorithmOptions,
  geneticAlgorithm,
  geneticAlgorithmAsync,
  geneticAlgorithmDefaults,
  geneticAlgorithmSteps,
} from './solvers/genetic/genetic-algorithm.ts'
export {
  type FrontPoint,
  type Nsga2Options,
  type Nsga2Result,
  nsga2,
  nsga2Async,
  nsga2Defaults,
  nsga2Steps,
} from './solvers/genetic/nsga2.ts'
export {
  type Crossover,
  onePointCrossoverInto,
  twoPointCrossoverInto,
  uniformCrossoverInto,
} from './solvers/genetic/operators/crossover.ts'
export { createGeneSpace, type GeneSpace } from './solvers/genetic/operators/gene-space.ts'
export {
  type Mutation,
  moveMutation,
  moveOrSwapMutation,
  type Place,
  swapMutation,
} from './solvers/genetic/operators/mutation.ts'
export { repairIn } from './solvers/genetic/operators/repair.ts'
export {
  type Draw,
  rankSelection,
  rouletteSelection,
  type Selection,
  tournamentSelection,
} from './solvers/genetic/operators/selection.ts'

export { type DescentOptions, descent, descentAsync, descentSteps } from './solvers/local-search/descent.ts'
export {
  type IteratedLocalSearchOptions,
  iteratedLocalSearch,
  iteratedLocalSearchAsync,
  iteratedLocalSearchDefaults,
  iteratedLocalSearchSteps,
} from './solvers/local-search/iterated-local-search.ts'
export {
  type SimulatedAnnealingOptions,
  simulatedAnnealing,
  simulatedAnnealingAsync,
  simulatedAnnealingDefaults,
  simulatedAnnealingSteps,
} from './solvers/local-search/simulated-annealing.ts'

export type { Checkpoint } from './rl/checkpoint.ts'
export {
  checkEnvironment,
  createEnvironment,
  type Environment,
  type EnvironmentOptions,
  type TaskOrder,
} from './rl/environment.ts'
export type { ActionKind } from './rl/actions.ts'
export type { RewardName } from './rl/rewards.ts'
export type { StateKind } from './rl/state-tables.ts'
export type { LearningResult, LearntTables, TabularDefaults, TabularOptions } from './rl/tabular-options.ts'
export {
  type PaperReading,
  type QLearningOptions,
  qLearning,
  qLearningAsync,
  qLearningDefaults,
  qLearningSteps,
} from './rl/q-learning.ts'
export {
  type HaqlOptions,
  haql,
  haqlAsync,
  haqlDefaults,
  haqlSteps,
  type HeuristicSource,
  type VmHeuristic,
} from './rl/haql.ts'
export type { WeightSignal } from './rl/whaql-tabular.ts'
export {
  type WhaqlDifferenceOptions,
  type WhaqlOptions,
  type WhaqlReading,
  type WhaqlTabularOptions,
  whaql,
  whaqlAsync,
  whaqlDefaults,
  whaqlSteps,
} from './rl/whaql.ts'
