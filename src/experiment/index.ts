export {
  type CompareAsyncOptions,
  type CompareOptions,
  type CompareProgress,
  compare,
  compareAsync,
  type NamedProblems,
  type NamedSolvers,
} from './compare.ts'
export type { ComparisonRow, ComparisonRun } from './comparison-row.ts'
export { type MeanInterval, meanInterval } from './mean-interval.ts'
export { holm, type PairedTTest, pairedTTest, type SignedRankTest, signedRankTest } from './paired-tests.ts'
export {
  type ComparisonSummary,
  type Metric,
  type PairSummary,
  type SolverSummary,
  type SummariseOptions,
  summarise,
  summariseDefaults,
} from './summarise.ts'
