import { hasNumber } from '../fitted/point-rule.ts'
import { median } from '../series/median.ts'
import { windowsOf } from '../series/windows.ts'

/** What the rows of a regression look like. */
export interface LagShape {
  readonly lags: number
  readonly horizon: number
  /** Steps of a season whose values around the target's step are inputs, too; 0 for none. */
  readonly season: number
  /** What is taken off every value of a window: the median of its lags, or nothing. */
  readonly centre: 'median' | 'none'
}

/** Values around the target's step a season ago: one before, itself, one after. */
const seasonalColumns = 3

/** Whether data of unknown origin are the shape of the rows for this context and horizon. */
export function isLagShape(parameters: unknown, contextSteps: number, horizon: number): parameters is LagShape {
  const shape = parameters as LagShape
  return (
    hasNumber(parameters, 'lags', 1) &&
    hasNumber(parameters, 'season', 0) &&
    (shape.centre === 'median' || shape.centre === 'none') &&
    shape.horizon === horizon &&
    contextStepsOf(shape) === contextSteps
  )
}

/** Past steps that a row is made of. */
export function contextStepsOf({ lags, season }: LagShape): number {
  // The season's first value stands at t + 1 - season - 1 for the first step ahead.
  return Math.max(lags, season + 1)
}

/** Lags, seasonal values, and a constant. */
export function columnCount({ lags, season }: LagShape): number {
  return lags + (season > 0 ? seasonalColumns : 0) + 1
}

/** The middle of a window. */
export function centreOf(context: Float64Array, { lags, centre }: LagShape): number {
  return centre === 'median' ? median(context.subarray(context.length - lags)) : 0
}

/**
 * Writes the inputs of one window for `ahead` steps: its lags, newest first, the seasonal values, 1; each value less the
 * middle, over the spread.
 */
export function writeRow(
  row: Float64Array,
  context: Float64Array,
  middle: number,
  spread: number,
  ahead: number,
  { lags, season }: LagShape,
): void {
  const present = context.length - 1
  let column = 0
  for (let k = 0; k < lags; k++) row[column++] = (context[present - k]! - middle) / spread
  if (season > 0)
    for (let k = -1; k <= 1; k++) row[column++] = (context[present + ahead - season + k]! - middle) / spread
  row[column] = 1
}

/** The windows of all training series. */
export interface TrainingRows {
  readonly count: number
  /** Middle of each window. */
  readonly middles: Float64Array
  readonly contexts: readonly Float64Array[]
  /** count x horizon. */
  readonly targets: Float64Array
}

/** Windows of the training series without missing values, with their middles. */
export function trainingRows(training: readonly Float64Array[], shape: LagShape): TrainingRows {
  const contextSteps = contextStepsOf(shape)
  const { horizon } = shape
  const parts = training.map((values) => windowsOf(values, { start: 0, end: values.length }, { contextSteps, horizon }))
  const contexts = parts.flatMap(({ count, inputs }) =>
    Array.from({ length: count }, (_, row) => inputs.subarray(row * contextSteps, (row + 1) * contextSteps)),
  )
  const targets = new Float64Array(contexts.length * horizon)
  let at = 0
  for (const part of parts) {
    targets.set(part.targets, at)
    at += part.targets.length
  }
  return {
    count: contexts.length,
    contexts,
    middles: Float64Array.from(contexts, (context) => centreOf(context, shape)),
    targets,
  }
}
