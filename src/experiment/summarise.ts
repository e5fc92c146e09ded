import { numberIn, oneOf, type OptionEntries, readOptions, satisfying } from '../errors/read-options.ts'
import type { ComparisonRow } from './comparison-row.ts'
import { type MeanInterval, meanInterval } from './mean-interval.ts'
import { holm, type PairedTTest, pairedTTest, type SignedRankTest, signedRankTest } from './paired-tests.ts'

/** A figure of a row that may be averaged and compared. */
export type Metric = 'est' | 'gap' | 'timeSeconds' | 'cost' | 'load' | 'milliseconds' | 'evaluations'

const metrics: readonly Metric[] = ['est', 'gap', 'timeSeconds', 'cost', 'load', 'milliseconds', 'evaluations']

/** One solver over all its runs; a figure that no run has is `null`. */
export type SolverSummary = Readonly<Record<Metric, MeanInterval | null>> & {
  readonly solver: string
  readonly runs: number
  /** Runs that threw or left tasks unplaced; the figures are those of the others. */
  readonly failures: number
  /** Runs that ended with a proven optimum. */
  readonly optimal: number
}

/** Two solvers on the units that both have solved. */
export interface PairSummary {
  readonly a: string
  readonly b: string
  /** Units on which `a` is better, as good, worse. */
  readonly wins: number
  readonly ties: number
  readonly losses: number
  /** Mean of a - b. For est this is the logarithm of the ratio of the objectives. */
  readonly difference: MeanInterval | null
  /** `null` where it is not defined: fewer than two units, or the same difference on all. */
  readonly tTest: PairedTTest | null
  readonly signedRank: SignedRankTest
  /** p of the signed-rank test, corrected for the number of pairs by Holm's method. */
  readonly adjustedP: number
}

/** What the rows of a comparison say. */
export interface ComparisonSummary {
  readonly metric: Metric
  readonly confidence: number
  /**
   * What counts as one observation. With several problems it is the problem (its seeds are averaged first: runs on one
   * problem are not independent of each other); with one problem it is the seed, and what is found holds for that
   * problem alone.
   */
  readonly unit: 'problem' | 'seed'
  /** In the order of the rows. */
  readonly solvers: readonly SolverSummary[]
  /** Every two solvers once. */
  readonly pairs: readonly PairSummary[]
  /** `wins[a][b]`: units on which solver a is better than solver b, by the order of `solvers`. */
  readonly wins: readonly (readonly number[])[]
  readonly ties: readonly (readonly number[])[]
}

/** Options of `summarise`. */
export interface SummariseOptions {
  /** What the pairs are compared by: 'load' counts as better when larger, all others when smaller. @defaultValue 'est' */
  readonly metric?: Metric
  /** Of all intervals. @defaultValue 0.95 */
  readonly confidence?: number
  /** Differences up to this size, relative to values above 1, are ties: rounding must not win. @defaultValue 1e-9 */
  readonly tolerance?: number
}

/** Defaults of `summarise`. */
export const summariseDefaults: Readonly<Required<SummariseOptions>> = Object.freeze({
  metric: 'est',
  confidence: 0.95,
  tolerance: 1e-9,
})

/** A confidence of intervals. */
export const confidenceEntry: OptionEntries[string] = satisfying<number>(
  (x) => typeof x === 'number' && x > 0 && x < 1,
  'a number in (0, 1)',
)

const summariseEntries: OptionEntries = {
  metric: oneOf(...metrics),
  confidence: confidenceEntry,
  tolerance: numberIn(0),
}

/**
 * Means with confidence intervals (Student's t), paired tests (paired t, Wilcoxon's signed ranks with exact p, Holm's
 * correction over all pairs) and win counts from the rows of `compare`.
 *
 * Two solvers are compared on the units that both have solved, by their differences: what makes a problem hard for
 * both cancels out. Trust the signed ranks where differences are few or skewed, the t-test where they are about normal.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * summarise(compare({ whaql, lpt }, problems, { seeds: 20 })).pairs[0].adjustedP
 */
export function summarise(rows: readonly ComparisonRow[], options: SummariseOptions = {}): ComparisonSummary {
  const { metric, confidence, tolerance } = readOptions(summariseEntries, summariseDefaults, options)
  const unit = new Set(rows.map(({ problem }) => problem)).size > 1 ? 'problem' : 'seed'
  const bySolver = grouped(rows, ({ solver }) => solver)
  const names = [...bySolver.keys()]
  const duels = names.flatMap((a, i) =>
    names.slice(i + 1).map((b) => ({
      a,
      b,
      differences: pairedDifferences(bySolver.get(a)!, bySolver.get(b)!, metric, unit, tolerance),
    })),
  )
  const tests = duels.map(({ differences }) => signedRankTest(differences))
  const adjusted = holm(tests.map(({ p }) => p))
  const sign = metric === 'load' ? -1 : 1
  const pairs = duels.map(({ a, b, differences }, k) => ({
    a,
    b,
    wins: differences.filter((difference) => sign * difference < 0).length,
    ties: differences.filter((difference) => difference === 0).length,
    losses: differences.filter((difference) => sign * difference > 0).length,
    difference: meanInterval(differences, confidence),
    tTest: pairedTTest(differences),
    signedRank: tests[k]!,
    adjustedP: adjusted[k]!,
  }))
  return {
    metric,
    confidence,
    unit,
    solvers: names.map((solver) => solverSummary(solver, bySolver.get(solver)!, unit, confidence)),
    pairs,
    wins: matrix(
      names,
      pairs,
      ({ wins }) => wins,
      ({ losses }) => losses,
    ),
    ties: matrix(
      names,
      pairs,
      ({ ties }) => ties,
      ({ ties }) => ties,
    ),
  }
}

function solverSummary(
  solver: string,
  rows: readonly ComparisonRow[],
  unit: 'problem' | 'seed',
  confidence: number,
): SolverSummary {
  const valid = rows.filter(({ status }) => status !== 'failed')
  const interval = (metric: Metric) =>
    meanInterval(
      unitMeans(valid, (row) => row[metric], unit),
      confidence,
    )
  const figures = Object.fromEntries(metrics.map((metric) => [metric, interval(metric)])) as Record<
    Metric,
    MeanInterval | null
  >
  return {
    solver,
    runs: rows.length,
    failures: rows.length - valid.length,
    optimal: rows.filter(({ status }) => status === 'optimal').length,
    ...figures,
  }
}

/** a - b for each unit that both have; differences within the tolerance are 0. */
function pairedDifferences(
  a: readonly ComparisonRow[],
  b: readonly ComparisonRow[],
  metric: Metric,
  unit: 'problem' | 'seed',
  tolerance: number,
): number[] {
  const runOf = ({ problem, seed }: ComparisonRow) => JSON.stringify([problem, seed])
  const valueOfB = new Map(b.map((row) => [runOf(row), row[metric]]))
  return unitMeans(
    a,
    (row) => {
      const x = row[metric]
      const y = valueOfB.get(runOf(row)) ?? null
      if (x === null || y === null) return null
      return Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(x), Math.abs(y)) ? 0 : x - y
    },
    unit,
  )
}

/** One value per unit: the mean over its seeds, or the value of the seed; units without a value are left out. */
function unitMeans(
  rows: readonly ComparisonRow[],
  value: (row: ComparisonRow) => number | null,
  unit: 'problem' | 'seed',
): number[] {
  const units = grouped(rows, (row) => (unit === 'problem' ? row.problem : String(row.seed)))
  return [...units.values()].flatMap((members) => {
    const values = members.flatMap((row) => value(row) ?? [])
    return values.length === 0 ? [] : [values.reduce((sum, x) => sum + x, 0) / values.length]
  })
}

function grouped(rows: readonly ComparisonRow[], key: (row: ComparisonRow) => string): Map<string, ComparisonRow[]> {
  const groups = new Map<string, ComparisonRow[]>()
  for (const row of rows) {
    const group = groups.get(key(row))
    if (group) group.push(row)
    else groups.set(key(row), [row])
  }
  return groups
}

function matrix(
  names: readonly string[],
  pairs: readonly PairSummary[],
  forward: (pair: PairSummary) => number,
  backward: (pair: PairSummary) => number,
): number[][] {
  return names.map((row) =>
    names.map((column) => {
      const ahead = pairs.find(({ a, b }) => a === row && b === column)
      if (ahead) return forward(ahead)
      const behind = pairs.find(({ a, b }) => a === column && b === row)
      return behind ? backward(behind) : 0
    }),
  )
}
