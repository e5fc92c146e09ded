export type { Forecast, Forecaster, ForecastMethod, ForecastRequest, TimeSeries } from '../model/forecaster.ts'
export { checkSeries } from './series/check-series.ts'
export { rowsOf, type StepRange } from './series/rows.ts'
export { chronologicalSplit, defaultShares, type Split, type SplitShares } from './series/split.ts'
export { forecastOrigins, type Windows, type WindowShape, windowsOf } from './series/windows.ts'
export { type NaiveOptions, naive, naiveDefaults } from './baselines/naive.ts'
export { type SeasonalNaiveOptions, seasonalNaive, seasonalNaiveDefaults } from './baselines/seasonal-naive.ts'
export { type RollingMedianOptions, rollingMedian, rollingMedianDefaults } from './baselines/rolling-median.ts'
export {
  type SimpleExponentialSmoothingOptions,
  simpleExponentialSmoothing,
  simpleExponentialSmoothingDefaults,
} from './baselines/simple-exponential-smoothing.ts'
export { type AutoregressionOptions, autoregression, autoregressionDefaults } from './autoregression/autoregression.ts'
export {
  type LadAutoregressionOptions,
  ladAutoregression,
  ladAutoregressionDefaults,
} from './autoregression/lad-autoregression.ts'
export { type HoltWintersOptions, holtWinters, holtWintersDefaults } from './baselines/holt-winters.ts'
export {
  type Backtest,
  type BacktestOptions,
  backtest,
  backtestDefaults,
  type NamedForecasters,
} from './backtest/backtest.ts'
export type { BacktestRow, QuantileErrors } from './backtest/backtest-row.ts'
export { type RollingForecasts, type RollingOptions, rollingForecasts } from './backtest/rolling-forecasts.ts'
export { type BacktestSummary, summariseBacktest } from './backtest/summarise-backtest.ts'
export {
  alwaysPositive,
  type NeedsSchedulingOptions,
  needsScheduling,
  onsetScores,
  persistence,
  sameTimeLastSeason,
  windowPersistence,
} from './decision/needs-scheduling.ts'
export type { FallbackOptions } from './fitted/fallbacks.ts'
export type { FittedForecaster } from './fitted/fitted-forecaster.ts'
export { forecasterFromJSON } from './fitted/from-json.ts'
export type { SavableMethod } from './fitted/method.ts'
export type { SavedForecaster } from './fitted/saved-forecaster.ts'
export {
  averagePrecision,
  type ConfusionCounts,
  confusionCounts,
  type DecisionMeasure,
  type DecisionScores,
  decisionScores,
  impliedBaseRate,
  type Labels,
  type ShareRange,
} from './metrics/decision-scores.ts'
export {
  mae,
  mase,
  type NaiveScale,
  naiveScale,
  type PointErrors,
  pointErrors,
  rmse,
  rmsse,
  smape,
  wape,
} from './metrics/point-errors.ts'
export { coverage, pinball, quantileCoverage, weightedQuantileLoss } from './metrics/quantile-errors.ts'
export {
  fitScaler,
  outOfRange,
  type Scaler,
  type ScalerKind,
  type Scaling,
  scale,
  scalingOf,
  unscale,
} from './scaling/scaler.ts'
export {
  type BoostedAutoregressionOptions,
  boostedAutoregression,
  boostedAutoregressionDefaults,
} from './regression/boosted-autoregression.ts'
export type { BoostingLoss } from './regression/boosting-loss.ts'
export {
  type BoostedTrees,
  type BoostingOptions,
  type BoostingShape,
  boostingDefaults,
  gradientBoosting,
  gradientBoostingAsync,
  gradientBoostingSteps,
  predictTrees,
} from './regression/gradient-boosting.ts'
export {
  type DescendedModel,
  type GradientDescentOptions,
  gradientDescentDefaults,
  linearRegressionByGradientDescent,
  linearRegressionByGradientDescentAsync,
  linearRegressionByGradientDescentSteps,
} from './regression/gradient-descent.ts'
export { type LagSamples, type LagSamplesOptions, lagSamples } from './regression/lag-samples.ts'
export {
  type LinearModel,
  linearRegression,
  predictLinear,
  type RidgeOptions,
  ridgeDefaults,
  ridgeRegression,
} from './regression/linear-regression.ts'
export {
  type ClassWeights,
  type LogisticModel,
  type LogisticOptions,
  logisticDefaults,
  logisticRegression,
  predictLogistic,
} from './regression/logistic-regression.ts'
export type { RegressionTree } from './regression/regression-tree.ts'
export {
  type RidgeAutoregressionOptions,
  ridgeAutoregression,
  ridgeAutoregressionDefaults,
} from './regression/ridge-autoregression.ts'
export { createSamples, inputsOf, pickColumns, pickRows, type Samples } from './regression/samples.ts'
export type { LearningOptions, LearningStatus } from './regression/learning-run.ts'
export {
  type CleanedSeries,
  type CleanSeriesOptions,
  cleanSeries,
  type UncleanReason,
  type UncleanValue,
} from './preparation/clean-series.ts'
export {
  type ColumnScore,
  correlationScores,
  type MutualInformationOptions,
  mutualInformationScores,
  type SelectColumnsOptions,
  type SelectedColumns,
  selectColumns,
} from './preparation/column-scores.ts'
export {
  dropMissing,
  type Gap,
  type MissingValues,
  type SeriesPieces,
  type TreatedSeries,
  type TreatMissingOptions,
  treatMissing,
  treatMissingDefaults,
} from './preparation/missing-values.ts'
export {
  type ClippedSeries,
  clipOutliers,
  fitOutlierLimits,
  type OutlierLimits,
  type OutlierOptions,
} from './preparation/outliers.ts'
export { type PermutationOptions, permutationImportance } from './preparation/permutation-importance.ts'
export {
  type Aggregate,
  type ResampledSeries,
  type ResampleOptions,
  resampleMeasurements,
} from './preparation/resample.ts'
export {
  type CrossValidation,
  crossValidate,
  type ForecastLossOptions,
  forecastLoss,
} from './selection/cross-validate.ts'
export {
  type BlockedFoldOptions,
  blockedFoldRows,
  type FoldRows,
  type KFoldOptions,
  kFoldRows,
  type RollingFoldOptions,
  rollingFoldRows,
} from './selection/fold-rows.ts'
export { blockedFolds, type Fold, type Folds, kFolds, rollingFolds } from './selection/folds.ts'
export {
  type DividedData,
  type FinishedSearch,
  type HeldOutSteps,
  type HoldOut,
  type Searchable,
  type SetAside,
  setAside,
} from './selection/hold-out.ts'
export {
  type Evaluate,
  type EvaluateAsync,
  type GridSearchOptions,
  gridSearch,
  gridSearchAsync,
  gridSearchSteps,
  type RandomSearchOptions,
  randomSearch,
  randomSearchAsync,
  randomSearchDefaults,
  randomSearchSteps,
} from './selection/search.ts'
export type { Grid, NumberRange, ParametersOf, RandomSpace } from './selection/search-space.ts'
export type { SearchResult, Trial } from './selection/study.ts'
