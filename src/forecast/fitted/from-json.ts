import { autoregressionRule } from '../autoregression/autoregression.ts'
import { holtWintersRule } from '../baselines/holt-winters.ts'
import { naiveRule } from '../baselines/naive.ts'
import { rollingMedianRule } from '../baselines/rolling-median.ts'
import { seasonalNaiveRule } from '../baselines/seasonal-naive.ts'
import { smoothingRule } from '../baselines/simple-exponential-smoothing.ts'
import { boostedAutoregressionRule } from '../regression/boosted-autoregression.ts'
import { ridgeAutoregressionRule } from '../regression/ridge-autoregression.ts'
import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { createFitted, type FittedForecaster, type FittedRule } from './fitted-forecaster.ts'
import { isNumberList, type PointRule } from './point-rule.ts'
import { type SavedForecaster, savedVersion } from './saved-forecaster.ts'

const rules = new Map<string, PointRule<unknown>>(
  [
    naiveRule,
    seasonalNaiveRule,
    rollingMedianRule,
    smoothingRule,
    holtWintersRule,
    autoregressionRule('autoregression'),
    autoregressionRule('lad-autoregression'),
    ridgeAutoregressionRule,
    boostedAutoregressionRule,
  ].map((rule) => [rule.method, rule as PointRule<unknown>]),
)

/**
 * Makes a forecaster out of what `toJSON` of one gave, or `JSON.parse` of its text: it forecasts exactly as the one that
 * was saved.
 *
 * @throws CloudschedError `format` for data of another kind or version, an unknown method, or numbers that do not fit
 * @example
 * forecasterFromJSON(JSON.parse(JSON.stringify(ladAutoregression().fit([series]))))
 */
export function forecasterFromJSON(data: unknown): FittedForecaster {
  const own = fittedRule(data, 'forecaster')
  return createFitted(
    own,
    own.saved.fallbacks.map((saved, k) => fittedRule(saved, `forecaster.fallbacks[${k}]`)),
  )
}

function fittedRule(data: unknown, path: string): FittedRule {
  const saved = data as SavedForecaster
  if (typeof data !== 'object' || data === null || saved.format !== 'cloudsched-forecaster')
    throw formatError(
      path,
      data,
      'a saved forecaster, with format "cloudsched-forecaster"',
      typeof data === 'string' ? 'Parse the text first: JSON.parse(text).' : 'A saved network is read by readNetwork.',
    )
  if (saved.version !== savedVersion)
    throw formatError(
      `${path}.version`,
      saved.version,
      String(savedVersion),
      'It was saved by another version of the library: fit it again.',
    )
  const rule = rules.get(saved.method)
  if (!rule) throw formatError(`${path}.method`, saved.method, `one of ${[...rules.keys()].join(', ')}`)
  for (const key of ['contextSteps', 'horizon'] as const)
    if (!(Number.isInteger(saved[key]) && saved[key] >= 1))
      throw formatError(`${path}.${key}`, saved[key], 'a whole number >= 1')
  if (!(Number.isFinite(saved.stepSeconds) && saved.stepSeconds > 0))
    throw formatError(`${path}.stepSeconds`, saved.stepSeconds, 'a finite number > 0')
  if (saved.unfitted !== null && typeof saved.unfitted !== 'string')
    throw formatError(`${path}.unfitted`, saved.unfitted, 'null or a text')
  if (saved.unfitted === null && !rule.accepts(saved.parameters, saved.contextSteps, saved.horizon))
    throw formatError(`${path}.parameters`, saved.parameters, `the parameters of ${saved.method}`)
  if (!isErrorQuantiles(saved.errorQuantiles, saved.horizon))
    throw formatError(
      `${path}.errorQuantiles`,
      saved.errorQuantiles,
      `${saved.horizon} lists of 101 finite numbers, or empty`,
    )
  if (!Array.isArray(saved.fallbacks)) throw formatError(`${path}.fallbacks`, saved.fallbacks, 'a list')
  return { rule, saved }
}

function isErrorQuantiles(lists: unknown, horizon: number): boolean {
  return (
    Array.isArray(lists) &&
    lists.length === horizon &&
    lists.every((list) => isNumberList(list, 0) || isNumberList(list, 101))
  )
}

function formatError(path: string, received: unknown, expected: string, hint?: string): CloudschedError {
  return new CloudschedError('format', [{ path, received, expected, ...(hint !== undefined && { hint }) }])
}
