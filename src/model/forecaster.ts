/** One or more measurements on a regular grid of steps; NaN marks a missing value. */
export interface TimeSeries {
  /** Which machine, task or metric it describes. */
  readonly id?: string
  /** The target, oldest first. */
  readonly values: ArrayLike<number>
  /** Further inputs by name, each as long as `values` (the demands of a task, the capacities of a pool). */
  readonly features?: Readonly<Record<string, ArrayLike<number>>>
  /** Length of a step in seconds, > 0. */
  readonly stepSeconds: number
}

/** What a forecaster is asked: the past it may look at, how far to look ahead, and which quantiles. */
export interface ForecastRequest {
  /** The past, oldest first; the last entry is the present. */
  readonly history: TimeSeries
  /** Index in the whole series of the first entry of `history`, for seasonal methods. @defaultValue 0 */
  readonly firstStep?: number
  /** Number of steps to forecast, >= 1. */
  readonly horizon: number
  /** Levels of the quantiles wanted, each in (0, 1), ascending. @defaultValue none */
  readonly levels?: readonly number[]
}

/** A path of the next steps. */
export interface Forecast {
  /** One value for each step ahead; the median where the method knows one. */
  readonly values: Float64Array
  /** For each level asked for, one value for each step ahead; never crossing. */
  readonly quantiles: readonly Float64Array[]
  /** Where another method had to answer instead of the one asked, and why; empty when none had to. */
  readonly fallbacks: readonly string[]
}

/** A method that is ready to forecast: any function of the past will do. */
export interface Forecaster {
  /** e.g. 'lad-autoregression'. */
  readonly name: string
  /** How many past steps it looks at, >= 1; a shorter history is answered by a named fallback. */
  readonly contextSteps: number
  /** Names of the features that it reads beside the values: who asks must give them. @defaultValue none */
  readonly features?: readonly string[]
  readonly forecast: (request: ForecastRequest) => Forecast
  /** Answers many requests at once, for methods that are faster so; the answers in the order of the requests. */
  readonly forecastMany?: (requests: readonly ForecastRequest[]) => Forecast[]
}

/** A method before it has seen data: training rows in, a forecaster out. */
export interface ForecastMethod {
  readonly name: string
  readonly fit: (training: readonly TimeSeries[]) => Forecaster
}
