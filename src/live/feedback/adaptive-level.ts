/**
 * The level to ask a forecaster for next, so that in the long run a share `target` of what comes stays below: adaptive
 * conformal inference (Gibbs and Candes 2021, equation (2)), level + rate (target - 1[value <= forecast]). It holds whatever
 * the forecaster does wrong, and however the series drifts.
 *
 * @param level - the level that was asked for, in (0, 1)
 * @param wasCovered - whether the value stayed at or below its forecast
 * @param target - the share wanted, in (0, 1)
 * @param rate - how fast it follows, in (0, 1), e.g. 0.01
 * @returns a level in [0.01, 0.999]
 */
export function adaptLevel(level: number, wasCovered: boolean, target: number, rate: number): number {
  return Math.min(0.999, Math.max(0.01, level + rate * (target - (wasCovered ? 1 : 0))))
}
