import type { ProblemInput } from '../../src/model/problem.ts'
import { createRng } from '../../src/random/rng.ts'
import { uniform } from '../../src/random/sample.ts'

/** Unrelated machines with prices: times U[1, 10), prices U[0.1, 1). */
export function etcInstance(taskCount: number, vmCount: number, seed: number): ProblemInput {
  const rng = createRng(seed)
  return {
    etc: Array.from({ length: taskCount }, () => Array.from({ length: vmCount }, () => uniform(rng, 1, 10))),
    vms: Array.from({ length: vmCount }, () => ({ pricePerSecond: uniform(rng, 0.1, 1) })),
  }
}
