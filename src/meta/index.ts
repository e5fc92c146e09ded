export type { LpAnswer, LpLimits, LpSolver } from '../lp/highs.ts'
export type { LinearProgram, LpColumn, LpRow } from '../lp/linear-program.ts'
export {
  adapt,
  type AdaptOptions,
  type CorrectionEstimate,
  type DecideOptions,
  type Decision,
  type Scheduler,
} from './adapt.ts'
export { type Allocation, type AllocationOutcome, evaluateAllocation } from './clouds/allocation.ts'
export {
  type Cloud,
  type CloudTask,
  type HiddenState,
  latencyBound,
  type Resource,
  type TaskDemand,
} from './clouds/cloud.ts'
export { correctedTimes, type TimeCorrections, trueCorrections } from './clouds/corrections.ts'
export { coupledAllocation, oracleAllocation } from './clouds/coupled-allocation.ts'
export { effectiveTimes, leastLatency, type TimeMatrix } from './clouds/effective-times.ts'
export { exactAllocation, roomyAllocation } from './clouds/exact-allocation.ts'
export {
  cheapestFirst,
  earliestFinish,
  type GreedyForm,
  type GreedyScheduler,
  minMinAllocation,
} from './clouds/greedy.ts'
export { loadCloudSolver } from './clouds/cloud-solver.ts'
export {
  completeCloud,
  type HiddenOptions,
  randomCloud,
  randomCloudDefaults,
  type RandomCloudOptions,
  type Range,
  shiftedCloudOptions,
} from './clouds/random-cloud.ts'
export { ridgeCorrections } from './clouds/ridge.ts'
export { exploreCloud, type ExploreOptions, type SupportRecord, type SupportSet } from './clouds/support.ts'
export { feasibleAllocation, wholeTasks } from './decide.ts'
export type { ColumnBlock, EpisodeBatch, EpisodeSource, Rows } from './episodes/episode.ts'
export { sinusoidEpisodes, type SinusoidOptions, sinusoidTestBatch } from './episodes/sinusoid.ts'
export type { CorrectionPrior } from './features/belief.ts'
export type { PairFeatures } from './features/pair-features.ts'
export type { Scaler } from './features/scaler.ts'
export type { TaskFeatures } from './features/task-features.ts'
export {
  type FeedbackOptions,
  type FeedbackState,
  feedbackDefaults,
  learnFrom,
  nextCloud,
  recordsOf,
  schedulerOf,
  startFeedback,
} from './feedback.ts'
export type { LearnerName, LearnerShape, Prediction, Predictor } from './learners/learner.ts'
export type { QueryLosses } from './learners/meta-loss.ts'
export type { TrainingBackend } from './learners/registry.ts'
export { metaTrain, metaTrainDefaults, type MetaTrainOptions } from './meta-train.ts'
export { type MetaModel, readMetaModel, writeMetaModel } from './model.ts'
export type { TrainedLearner, TrainingCheckpoint } from './training/train-learner.ts'
export {
  adaptLearner,
  type AdaptLearnerRunOptions,
  measureLearner,
  trainOnEpisodes,
} from './training/train-on-episodes.ts'
export { trainingDefaults, type TrainingOptions } from './training/training-options.ts'
