export type { Forecast, Forecaster, ForecastMethod, ForecastRequest, TimeSeries } from '../model/forecaster.ts'
export { checkSeries } from './series/check-series.ts'
export {
  type MissingValues,
  type TreatedSeries,
  type TreatMissingOptions,
  treatMissing,
} from './series/missing-values.ts'
export { type RegularGridOptions, seriesFromMeasurements } from './series/regular-grid.ts'
export { rowsOf, type StepRange } from './series/rows.ts'
export { chronologicalSplit, defaultShares, type Split, type SplitShares } from './series/split.ts'
export { forecastOrigins, type Windows, type WindowShape, windowsOf } from './series/windows.ts'
export { type HorizonOptions, naive, naiveDefaults } from './baselines/naive.ts'
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
