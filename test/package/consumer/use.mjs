import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { createProblem, evaluate, isCloudschedError } from 'cloudsched'

const commonJs = createRequire(import.meta.url)('./use.cjs')

const problem = createProblem({
  tasks: [{ lengthMi: 90_000 }, { lengthMi: 60_000 }],
  vms: [
    { speedMips: 800, pricePerSecond: 0.02 },
    { speedMips: 400, pricePerSecond: 0.007 },
  ],
})
// 90 000 / 800 = 112.5 s for 2.25; 60 000 / 400 = 150 s for 1.05.
assert.equal(evaluate(problem, [0, 1]).timeSeconds, 150)
assert(Math.abs(evaluate(problem, [0, 1]).cost - 3.3) < 1e-12)

// A problem is plain data: one made by the other copy of the library is as good.
assert.deepEqual(evaluate(commonJs.problem, [0, 1]), evaluate(problem, [0, 1]))

// So are its errors.
assert(isCloudschedError(commonJs.error))
assert.equal(commonJs.error.code, 'invalid-input')
assert.equal(commonJs.error.path, 'tasks[0].lengthMi')
