import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { checkLength, eachPair, meanOverPairs } from './pairs.ts'

/**
 * Pinball loss of one quantile, in the unit of the values: `level` x the shortfall where the actual value is above it,
 * (1 - level) x the excess where it is below; `null` without a known pair.
 *
 * @param level - in (0, 1)
 * @throws CloudschedError `invalid-input` for another level
 * @example
 * pinball([10, 4], [8, 6], 0.9) // 1
 */
export function pinball(actual: ArrayLike<number>, quantile: ArrayLike<number>, level: number): number | null {
  checkLevel('level', level)
  return meanOverPairs(actual, quantile, (a, q) => Math.max(level * (a - q), (level - 1) * (a - q)))
}

/**
 * Weighted quantile loss: twice the summed pinball loss over the summed absolute actual values, mean over the levels.
 * With levels that fill (0, 1) it tends to the continuous ranked probability score. `null` where the actual values are
 * all 0 or missing.
 *
 * @param quantiles - one list per level, each as long as `actual`
 * @throws CloudschedError `invalid-input` for another number of lists than levels, and for levels outside (0, 1)
 * @example
 * weightedQuantileLoss([10, 4], [[8, 6], [10, 10]], [0.5, 0.9]) // 0.19
 */
export function weightedQuantileLoss(
  actual: ArrayLike<number>,
  quantiles: readonly ArrayLike<number>[],
  levels: readonly number[],
): number | null {
  if (quantiles.length !== levels.length || levels.length === 0)
    throw new CloudschedError('invalid-input', [
      {
        path: 'quantiles',
        received: `${quantiles.length} lists`,
        expected: `one list for each of ${levels.length} levels, at least one`,
      },
    ])
  levels.forEach((level, k) => checkLevel(`levels[${k}]`, level))
  let losses = 0
  let total = 0
  quantiles.forEach((quantile, k) => {
    const level = levels[k]!
    eachPair(actual, quantile, (a, q) => {
      losses += 2 * Math.max(level * (a - q), (level - 1) * (a - q))
      total += Math.abs(a)
    })
  })
  return total === 0 ? null : losses / total
}

/**
 * Share of actual values at or below a quantile: of a calibrated forecast its level. `null` without a known pair.
 *
 * @example
 * quantileCoverage([1, 2, 3, 4], [2, 2, 4, 4]) // 1
 */
export function quantileCoverage(actual: ArrayLike<number>, quantile: ArrayLike<number>): number | null {
  return meanOverPairs(actual, quantile, (a, q) => (a <= q ? 1 : 0))
}

/**
 * Share of actual values inside [low, high], ends included; `null` without a known triple.
 *
 * @example
 * coverage([1, 2, 3], [1, 3, 1], [1, 4, 3]) // 0.67
 */
export function coverage(actual: ArrayLike<number>, low: ArrayLike<number>, high: ArrayLike<number>): number | null {
  checkLength('low', low, actual.length)
  checkLength('high', high, actual.length)
  let inside = 0
  let count = 0
  for (let i = 0; i < actual.length; i++) {
    if (Number.isNaN(actual[i]! + low[i]! + high[i]!)) continue
    count++
    if (actual[i]! >= low[i]! && actual[i]! <= high[i]!) inside++
  }
  return count === 0 ? null : inside / count
}

function checkLevel(path: string, level: number): void {
  if (level > 0 && level < 1) return
  throw new CloudschedError('invalid-input', [
    { path, received: level, expected: 'a number in (0, 1)', hint: 'A quantile of 85 % has the level 0.85.' },
  ])
}
