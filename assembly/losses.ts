// The two heads of a network: a linear one with squared error, a softmax with cross-entropy.

import { bytes, exp } from './vector-math'

// Mean of (output - target)^2 over all n numbers; gradient = 2 (output - target) / n.
export function squaredError(n: i32, output: i32, target: i32, gradient: i32): f32 {
  const scale: f32 = 2 / <f32>n
  let sum: f32 = 0
  for (let o: usize = 0; o < bytes(n); o += 4) {
    const error = load<f32>(bytes(output) + o) - load<f32>(bytes(target) + o)
    sum += error * error
    store<f32>(bytes(gradient) + o, scale * error)
  }
  return sum / <f32>n
}

// Mean over the rows of -sum target ln softmax(logits). Writes the probabilities, and the gradient
// (probabilities sum(target) - target) / rows.
export function softmaxCrossEntropy(rows: i32, columns: i32, logits: i32, target: i32, probabilities: i32, gradient: i32): f32 {
  let loss: f32 = 0
  for (let i = 0; i < rows; i++) {
    const row = bytes(i * columns)
    let top: f32 = -Infinity
    for (let o: usize = 0; o < bytes(columns); o += 4) top = max(top, load<f32>(bytes(logits) + row + o))
    let total: f32 = 0
    for (let o: usize = 0; o < bytes(columns); o += 4) {
      const power = f32x4.extract_lane(exp(f32x4.splat(load<f32>(bytes(logits) + row + o) - top)), 0)
      store<f32>(bytes(probabilities) + row + o, power)
      total += power
    }
    const logTotal = Mathf.log(total)
    let weight: f32 = 0
    for (let o: usize = 0; o < bytes(columns); o += 4) {
      const share = load<f32>(bytes(target) + row + o)
      weight += share
      loss -= share * (load<f32>(bytes(logits) + row + o) - top - logTotal)
    }
    for (let o: usize = 0; o < bytes(columns); o += 4) {
      const p = load<f32>(bytes(probabilities) + row + o) / total
      store<f32>(bytes(probabilities) + row + o, p)
      store<f32>(bytes(gradient) + row + o, (p * weight - load<f32>(bytes(target) + row + o)) / <f32>rows)
    }
  }
  return loss / <f32>rows
}

// The Hessian of the softmax head times r, for targets that sum to 1: (p r - p (p . r)) / rows.
export function softmaxHessian(rows: i32, columns: i32, probabilities: i32, r: i32, q: i32): void {
  for (let i = 0; i < rows; i++) {
    const row = bytes(i * columns)
    let dot: f32 = 0
    for (let o: usize = 0; o < bytes(columns); o += 4) dot += load<f32>(bytes(probabilities) + row + o) * load<f32>(bytes(r) + row + o)
    for (let o: usize = 0; o < bytes(columns); o += 4) {
      const value = load<f32>(bytes(probabilities) + row + o) * (load<f32>(bytes(r) + row + o) - dot)
      store<f32>(bytes(q) + row + o, value / <f32>rows)
    }
  }
}
