import type { Prediction } from './learner.ts'

/** Mean and standard deviation of the outputs over the samples of a posterior. */
export function meanAndSpread(samples: readonly Float32Array[]): Prediction {
  const size = samples[0]?.length ?? 0
  const mean = new Float32Array(size)
  const spread = new Float32Array(size)
  for (let k = 0; k < size; k++) {
    let sum = 0
    for (const sample of samples) sum += sample[k]!
    mean[k] = sum / samples.length
    let squares = 0
    for (const sample of samples) squares += (sample[k]! - mean[k]!) * (sample[k]! - mean[k]!)
    spread[k] = samples.length > 1 ? Math.sqrt(squares / (samples.length - 1)) : 0
  }
  return { mean, spread, samples }
}
