import { createProblem, evaluate, type Problem } from 'cloudsched'

const problem: Problem = createProblem({ tasks: [{ lengthMi: 90_000 }], vms: [{ speedMips: 800 }] })
export const seconds: number = evaluate(problem, [0]).timeSeconds

// @ts-expect-error
evaluate('no problem', [0])
