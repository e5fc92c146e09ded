import { createProblem, evaluate, type Problem, type SolveResult } from 'cloudsched'

const problem: Problem = createProblem({ tasks: [{ lengthMi: 90_000 }], vms: [{ speedMips: 800 }] })
export const seconds: number = evaluate(problem, [0]).timeSeconds
export const gapOf = (result: SolveResult): number | null => result.gap

// Fails when a declaration did not resolve and all became `any`.
// @ts-expect-error
evaluate('no problem', [0])
// @ts-expect-error
createProblem({ tasks: [{ length: 90_000 }], vms: [] })
