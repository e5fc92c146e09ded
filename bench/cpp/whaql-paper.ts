/**
 * The TypeScript side of bench/whaql-cpp.ts, which bundles it as the package is built and runs it in a process of its own:
 * `whaql` as printed on one instance, again and again, with the milliseconds of processor time of each run.
 *
 * Arguments: tasks, VMs, episodes, seed, runs.
 */
import { createProblem, whaql } from 'cloudsched'
import { paperInstance } from 'cloudsched/workload'

const [taskCount = 0, vmCount = 0, episodes = 0, seed = 0, runs = 0] = process.argv.slice(2).map(Number)
const problem = createProblem(paperInstance({ taskCount, vmCount, seed }))
const milliseconds: number[] = []
let result = null
for (let k = 0; k < runs; k++) {
  const start = process.cpuUsage()
  result = whaql(problem, {
    preset: 'paper',
    seed,
    episodes,
    exploitation: 0.9,
    learningRate: 0.1,
    discount: 0.9,
    influence: 1,
    timeWeight: 0.5,
  })
  const { user, system } = process.cpuUsage(start)
  milliseconds.push((user + system) / 1000)
}
console.log(JSON.stringify({ milliseconds, states: result!.states, assignment: result!.assignment }))
