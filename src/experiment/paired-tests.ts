import { errorFunction, mean, sampleStandardDeviation } from 'simple-statistics'
import { requireFinite } from './sample.ts'
import { studentTwoSided } from './student-t.ts'

/** Paired t-test: do the differences have mean 0? Assumes differences that are about normal. */
export interface PairedTTest {
  readonly t: number
  readonly degreesOfFreedom: number
  /** Two-sided. */
  readonly p: number
}

/** Wilcoxon's signed-rank test: are the differences symmetric about 0? Assumes no distribution. */
export interface SignedRankTest {
  /** Sum of the ranks of the positive differences. */
  readonly rankSum: number
  /** Number of differences that are not 0; the others say nothing and are left out. */
  readonly count: number
  /** Two-sided. */
  readonly p: number
  /** 'exact': over all 2^count signs, ties of ranks included; 'normal': approximated, for more than 100 differences. */
  readonly method: 'exact' | 'normal'
}

/**
 * Paired t-test (Student 1908) on the differences of the pairs.
 *
 * @returns `null` where t is not defined: fewer than two pairs, or all differences the same
 * @throws CloudschedError `invalid-input` for differences that are not finite
 */
export function pairedTTest(differences: readonly number[]): PairedTTest | null {
  requireFinite(differences, 'differences')
  if (differences.length < 2) return null
  const deviation = sampleStandardDeviation([...differences])
  if (deviation === 0) return null
  const degreesOfFreedom = differences.length - 1
  const t = (mean([...differences]) * Math.sqrt(differences.length)) / deviation
  return { t, degreesOfFreedom, p: studentTwoSided(t, degreesOfFreedom) }
}

const exactLimit = 100

/**
 * Wilcoxon's signed-rank test (Biometrics Bulletin 1, 1945) on the differences of the pairs: differences of 0 are
 * dropped, equal sizes share the mean of their ranks.
 *
 * @throws CloudschedError `invalid-input` for differences that are not finite
 */
export function signedRankTest(differences: readonly number[]): SignedRankTest {
  requireFinite(differences, 'differences')
  const nonZero = differences.filter((difference) => difference !== 0)
  const count = nonZero.length
  const doubledRanks = doubledMidranks(nonZero.map(Math.abs))
  const doubledSum = nonZero.reduce((sum, difference, i) => (difference > 0 ? sum + doubledRanks[i]! : sum), 0)
  const isExact = count <= exactLimit
  const p = isExact ? exactP(doubledRanks, doubledSum) : normalP(doubledRanks, doubledSum)
  return { rankSum: doubledSum / 2, count, p, method: isExact ? 'exact' : 'normal' }
}

/** Twice the ranks 1..n; ties share the mean of theirs, so that twice is a whole number. */
function doubledMidranks(sizes: readonly number[]): number[] {
  const order = Array.from(sizes.keys()).sort((a, b) => sizes[a]! - sizes[b]!)
  const ranks = new Array<number>(sizes.length)
  for (let first = 0; first < order.length; ) {
    let last = first
    while (last + 1 < order.length && sizes[order[last + 1]!] === sizes[order[first]!]) last++
    // Positions first..last have ranks first + 1 .. last + 1.
    for (let k = first; k <= last; k++) ranks[order[k]!] = first + last + 2
    first = last + 1
  }
  return ranks
}

/** Probability of a sum at least as far out as the one seen, when each rank counts with probability 1/2. */
function exactP(ranks: readonly number[], seen: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0)
  const probability = new Float64Array(total + 1)
  probability[0] = 1
  let reached = 0
  for (const rank of ranks) {
    reached += rank
    for (let sum = reached; sum >= 0; sum--) {
      probability[sum] = (probability[sum]! + (sum >= rank ? probability[sum - rank]! : 0)) / 2
    }
  }
  const below = probability.subarray(0, seen + 1).reduce((sum, p) => sum + p, 0)
  const above = probability.subarray(seen).reduce((sum, p) => sum + p, 0)
  return Math.min(1, 2 * Math.min(below, above))
}

/** Normal approximation: mean sum(r) / 2, variance sum(r^2) / 4, half a rank of continuity correction; p within 1e-6. */
function normalP(doubledRanks: readonly number[], doubledSeen: number): number {
  const expected = doubledRanks.reduce((sum, rank) => sum + rank, 0) / 2
  const variance = doubledRanks.reduce((sum, rank) => sum + rank * rank, 0) / 4
  const distance = Math.max(0, Math.abs(doubledSeen - expected) - 1)
  return Math.max(0, 1 - errorFunction(distance / Math.sqrt(2 * variance)))
}

/**
 * Holm's step-down correction (Scandinavian Journal of Statistics 6, 1979): p-values that stay below the level by
 * chance with no more than that probability in *any* of the tests.
 */
export function holm(pValues: readonly number[]): number[] {
  requireFinite(pValues, 'pValues')
  const order = Array.from(pValues.keys()).sort((a, b) => pValues[a]! - pValues[b]!)
  const adjusted = new Array<number>(pValues.length)
  let least = 0
  order.forEach((index, k) => {
    least = Math.max(least, Math.min(1, (pValues.length - k) * pValues[index]!))
    adjusted[index] = least
  })
  return adjusted
}
