import { CholeskyDecomposition, Matrix } from 'ml-matrix'
import { observedCorrections, type TimeCorrections } from './corrections.ts'
import type { SupportSet } from './support.ts'

/** The penalties that leave-one-out chooses from. */
const penalties = [0.01, 0.03, 0.1, 0.3, 1, 3, 10]

/**
 * Baseline (d): ridge regression of the corrections on the same K records, ln correction = intercept of the phase + effect
 * of (class, kind) when computing + effect of the resource. The penalty on the effects is the one with the least error
 * when each observation is left out in turn, by the closed form of the hat matrix.
 *
 * @param classCount - number of workload classes
 */
export function ridgeCorrections(support: SupportSet, classCount: number): TimeCorrections {
  const { resources } = support
  const kindCount = 1 + resources.reduce((most, { kind }) => Math.max(most, kind), 0)
  const observed = observedCorrections(support)
  const effects = 2 + classCount * kindCount
  const columns = effects + resources.length
  const row = (phase: 'compute' | 'network', workloadClass: number, resource: number): number[] => {
    const kind = resources[resource]!.kind
    return phase === 'compute' ? [0, 2 + workloadClass * kindCount + kind, effects + resource] : [1, effects + resource]
  }
  const x = Matrix.zeros(Math.max(1, observed.length), columns)
  const y = Matrix.zeros(Math.max(1, observed.length), 1)
  observed.forEach(({ phase, workloadClass, resource, value }, k) => {
    for (const column of row(phase, workloadClass, resource)) x.set(k, column, 1)
    y.set(k, 0, value)
  })
  const weights = fitRidge(x, y).to1DArray()
  const predict = (phase: 'compute' | 'network', workloadClass: number, resource: number): number =>
    row(phase, workloadClass, resource).reduce((sum, column) => sum + weights[column]!, 0)
  const count = resources.length
  return {
    classCount,
    resourceCount: count,
    compute: Float64Array.from({ length: classCount * count }, (_, k) =>
      predict('compute', Math.floor(k / count), k % count),
    ),
    network: Float64Array.from(resources, (_, j) => predict('network', 0, j)),
  }
}

/** The two intercepts carry next to no penalty: only enough to be defined without an observation of their phase. */
const interceptPenalty = 1e-3

function fitRidge(x: Matrix, y: Matrix): Matrix {
  const transposed = x.transpose()
  const gram = transposed.mmul(x)
  const moment = transposed.mmul(y)
  let best: Matrix | null = null
  let leastError = Infinity
  for (const penalty of penalties) {
    const regular = gram.clone()
    for (let k = 0; k < regular.rows; k++) regular.set(k, k, regular.get(k, k) + (k < 2 ? interceptPenalty : penalty))
    const cholesky = new CholeskyDecomposition(regular)
    const weights = cholesky.solve(moment)
    // Leave-one-out residual: (y_k - fit_k) / (1 - h_kk), with h = x (x'x + penalty)^-1 x'.
    const inverse = cholesky.solve(transposed)
    const fit = x.mmul(weights)
    let error = 0
    for (let k = 0; k < x.rows; k++) {
      let leverage = 0
      for (let column = 0; column < x.columns; column++) leverage += x.get(k, column) * inverse.get(column, k)
      const residual = (y.get(k, 0) - fit.get(k, 0)) / (1 - leverage)
      error += residual * residual
    }
    if (error >= leastError) continue
    leastError = error
    best = weights
  }
  return best!
}
