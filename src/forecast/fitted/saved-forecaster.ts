/** The version that is read and written; another one is refused. */
export const savedVersion: SavedForecaster['version'] = 1

/** A fitted forecaster as plain data: what `JSON.stringify(forecaster)` writes and `forecasterFromJSON` reads. */
export interface SavedForecaster {
  readonly format: 'cloudsched-forecaster'
  readonly version: 1
  /** e.g. 'lad-autoregression' */
  readonly method: string
  /** Past steps that the method looks at. */
  readonly contextSteps: number
  /** Largest horizon that it can be asked for. */
  readonly horizon: number
  /** Length of a step of the training series in seconds: that of every history it can be asked about. */
  readonly stepSeconds: number
  /** The method's own numbers; `null` when it could not be fitted, `unfitted` then says why. */
  readonly parameters: unknown
  readonly unfitted: string | null
  /**
   * For each step ahead the quantiles of the errors (actual - forecast) on training rows at the levels 0, 0.01, ..., 1;
   * an empty list where no training row reaches so far.
   */
  readonly errorQuantiles: readonly (readonly number[])[]
  /** Who answers, in this order, when the method itself cannot. */
  readonly fallbacks: readonly SavedForecaster[]
}
