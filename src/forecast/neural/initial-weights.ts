import { normal } from '../../random/distributions.ts'
import { type Seed, substream } from '../../random/rng.ts'
import { type Architecture, gateCount, type Parameter, parameterLayout } from './architecture.ts'

/**
 * Weights before training, as Keras draws them: kernels uniform with variance 2 / (rows + columns) (Glorot and Bengio
 * 2010), recurrent kernels orthogonal gate by gate (Saxe et al. 2014), biases 0, the LSTM's forget gate 1
 * (Jozefowicz et al. 2015). A linear skip starts at 0.
 */
export function initialWeights(architecture: Architecture, seed: Seed): Float32Array {
  const layout = parameterLayout(architecture)
  const weights = new Float32Array(layout.size)
  const gates = gateCount[architecture.cell]
  for (const parameter of layout.all) {
    const { name, start, columns } = parameter
    if (name.endsWith('.recurrent')) fillOrthogonal(weights, parameter, gates, seed)
    else if (name.endsWith('.kernel') && name !== 'skip.kernel') {
      fillGlorot(weights, parameter, parameter.binary ? gates : 1, seed)
    }
    if (architecture.cell === 'lstm' && name.startsWith('layer') && name.endsWith('.bias')) {
      weights.fill(1, start + columns / 4, start + columns / 2)
    }
  }
  return weights
}

function fillGlorot(weights: Float32Array, { name, rows, columns, start }: Parameter, gates: number, seed: Seed): void {
  const rng = substream(seed, `weights/${name}`)
  const limit = Math.sqrt(6 / (rows + columns / gates))
  for (let i = start; i < start + rows * columns; i++) weights[i] = limit * (2 * rng() - 1)
}

/** One random orthogonal block per gate: Gram-Schmidt on normal rows. */
function fillOrthogonal(
  weights: Float32Array,
  { name, rows, columns, start }: Parameter,
  gates: number,
  seed: Seed,
): void {
  const rng = substream(seed, `weights/${name}`)
  for (let gate = 0; gate < gates; gate++) {
    const basis: Float64Array[] = []
    while (basis.length < rows) {
      const row = Float64Array.from({ length: rows }, () => normal(rng, 0, 1))
      for (const other of basis) {
        const share = dot(row, other)
        for (let j = 0; j < rows; j++) row[j] = row[j]! - share * other[j]!
      }
      const length = Math.sqrt(dot(row, row))
      // Nearly dependent on the others: what is left is rounding, draw again.
      if (length > 1e-6) basis.push(row.map((value) => value / length))
    }
    basis.forEach((row, i) => weights.set(row, start + i * columns + gate * rows))
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}
