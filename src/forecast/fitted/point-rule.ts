/** The part of a forecaster that its method alone decides: parameters and a context without gaps in, a path out. */
export interface PointRule<P> {
  /** Name of the method, also in saved models. */
  readonly method: string
  /** Whether data of unknown origin are parameters for this context and horizon. */
  accepts(parameters: unknown, contextSteps: number, horizon: number): boolean
  /**
   * @param context - exactly `contextSteps` known values, oldest first
   * @returns one value for each of the next `horizon` steps
   */
  path(parameters: P, context: Float64Array, horizon: number): Float64Array
}

/** True for an object whose entry `key` is a finite number in [low, high]. */
export function hasNumber(parameters: unknown, key: string, low: number = -Infinity, high: number = Infinity): boolean {
  const value = (parameters as Record<string, unknown> | null)?.[key]
  return typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high
}

/** True for a list of finite numbers of the given length. */
export function isNumberList(list: unknown, length: number): list is number[] {
  return Array.isArray(list) && list.length === length && list.every((x) => typeof x === 'number' && Number.isFinite(x))
}
