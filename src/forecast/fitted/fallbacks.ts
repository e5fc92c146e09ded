import { naiveParts } from '../baselines/naive.ts'
import { seasonalNaiveParts } from '../baselines/seasonal-naive.ts'
import { integerIn, type OptionEntries } from '../../errors/read-options.ts'
import type { MethodParts } from './method.ts'

/** Options of the methods that look at a window and may have to be stood in for. */
export interface FallbackOptions {
  /** Largest number of steps that the forecaster will be asked for, >= 1. @defaultValue 12 */
  readonly horizon?: number
  /** Season of the seasonal naive forecast that stands in first, in steps, >= 1. @defaultValue 12 */
  readonly fallbackSeason?: number
}

/** Defaults of `FallbackOptions`: an hour of 5-minute steps. */
export const fallbackDefaults: Required<FallbackOptions> = Object.freeze({ horizon: 12, fallbackSeason: 12 })

/** Their rules. */
export const fallbackEntries: OptionEntries = {
  horizon: integerIn(1, 100_000),
  fallbackSeason: integerIn(1, 100_000),
}

/** Who stands in: seasonal naive, then naive. After them the last known value answers. */
export function standIns({ horizon, fallbackSeason }: Required<FallbackOptions>): MethodParts<unknown>[] {
  return [seasonalNaiveParts(fallbackSeason, horizon), naiveParts(horizon)] as MethodParts<unknown>[]
}
