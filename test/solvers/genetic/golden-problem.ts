import { createProblem, type Problem } from '../../../src/model/problem.ts'

/** Thirty tasks on four VMs, by a rule that no generator can change. */
export const goldenProblem: Problem = createProblem({
  tasks: { lengthMi: Array.from({ length: 30 }, (_, i) => 60_000 + ((i * 7919) % 60_001)) },
  vms: { speedMips: [430, 770, 940, 1150], pricePerSecond: [0.28, 0.68, 0.91, 1.23] },
})
