// One step of an optimiser over a block of parameters.

import { bytes, put } from './vector-math'

// Adam (Kingma and Ba 2015, algorithm 1). The corrections are 1 / (1 - beta^t) of the two moments.
export function adam(
  n: i32,
  parameters: i32,
  gradients: i32,
  first: i32,
  second: i32,
  rate: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  correction1: f32,
  correction2: f32,
): void {
  const size = bytes(n)
  const keep1 = f32x4.splat(beta1)
  const keep2 = f32x4.splat(beta2)
  const take1 = f32x4.splat(1 - beta1)
  const take2 = f32x4.splat(1 - beta2)
  for (let o: usize = 0; o < size; o += 16) {
    const g = v128.load(bytes(gradients) + o)
    const m = f32x4.add(f32x4.mul(keep1, v128.load(bytes(first) + o)), f32x4.mul(take1, g))
    const v = f32x4.add(f32x4.mul(keep2, v128.load(bytes(second) + o)), f32x4.mul(take2, f32x4.mul(g, g)))
    put(bytes(first) + o, m, size - o)
    put(bytes(second) + o, v, size - o)
    const length = f32x4.add(f32x4.sqrt(f32x4.mul(f32x4.splat(correction2), v)), f32x4.splat(epsilon))
    const move = f32x4.div(f32x4.mul(f32x4.splat(rate), f32x4.mul(f32x4.splat(correction1), m)), length)
    put(bytes(parameters) + o, f32x4.sub(v128.load(bytes(parameters) + o), move), size - o)
  }
}

// velocity = momentum velocity + gradient; parameters -= rate velocity
export function sgd(n: i32, parameters: i32, gradients: i32, velocity: i32, rate: f32, momentum: f32): void {
  const size = bytes(n)
  for (let o: usize = 0; o < size; o += 16) {
    const kept = f32x4.mul(f32x4.splat(momentum), v128.load(bytes(velocity) + o))
    const v = f32x4.add(kept, v128.load(bytes(gradients) + o))
    put(bytes(velocity) + o, v, size - o)
    put(bytes(parameters) + o, f32x4.sub(v128.load(bytes(parameters) + o), f32x4.mul(f32x4.splat(rate), v)), size - o)
  }
}
