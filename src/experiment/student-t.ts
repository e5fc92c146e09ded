import { gammaln } from 'simple-statistics'

/**
 * Two-sided p-value of Student's t: P(|T| >= |t|) = I_x(df/2, 1/2) with x = df / (df + t^2).
 *
 * @remarks Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.1 and 26.5.27.
 * @param t - the statistic; its sign does not matter
 * @param degreesOfFreedom - > 0
 */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  return regularizedBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5)
}

/**
 * The t that a share `confidence` of all |T| stays below: 2.262 for 0.95 and 9 degrees of freedom. Found by bisection
 * of the p-value, to the last digits of a double.
 *
 * @param confidence - in (0, 1)
 */
export function studentCritical(confidence: number, degreesOfFreedom: number): number {
  const tail = 1 - confidence
  let low = 0
  let high = 1
  while (studentTwoSided(high, degreesOfFreedom) > tail) high *= 2
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (studentTwoSided(middle, degreesOfFreedom) > tail) low = middle
    else high = middle
  }
}

/** I_x(a, b), the share of the beta integral that lies below x. */
function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const factor = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x))
  // The fraction converges fast on one side of the mean only; I_x(a, b) = 1 - I_(1-x)(b, a) brings x there.
  return x < (a + 1) / (a + b + 2) ? (factor * betaFraction(x, a, b)) / a : 1 - (factor * betaFraction(1 - x, b, a)) / b
}

const smallest = 1e-300
const precision = 1e-15
const maxTerms = 100_000

/** 1 / (1 + d1 / (1 + d2 / ...)) of Abramowitz and Stegun 26.5.8, from front to back (Lentz's method). */
function betaFraction(x: number, a: number, b: number): number {
  let numerator = 1
  let denominator = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let value = denominator
  for (let m = 1; m <= maxTerms; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let change = 1
    for (const term of [even, odd]) {
      denominator = 1 / nonZero(1 + term * denominator)
      numerator = nonZero(1 + term / numerator)
      change = numerator * denominator
      value *= change
    }
    if (Math.abs(change - 1) < precision) break
  }
  return value
}

function nonZero(x: number): number {
  return Math.abs(x) < smallest ? smallest : x
}
