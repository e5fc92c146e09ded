/** Two tasks, two VMs: a placement, what it is worth, and how far from optimal it can be at most. */
import { createProblem, explain, whaql } from 'cloudsched'

const problem = createProblem({
  tasks: [
    { id: 'encode', lengthMi: 90_000 },
    { id: 'index', lengthMi: 60_000 },
  ],
  vms: [
    { id: 'fast', speedMips: 800, pricePerSecond: 0.02 },
    { id: 'cheap', speedMips: 400, pricePerSecond: 0.007 },
  ],
})
const result = whaql(problem, { timeWeight: 0.5, seed: 1 })
const { criticalVm, vms } = explain(problem, result.assignment)

console.log(
  `assignment ${result.assignment.join(', ')}: ${result.evaluation.timeSeconds} s for ${result.evaluation.cost!.toFixed(2)}`,
)
console.log(`at most ${(100 * result.gap!).toFixed(1)} % from the optimum`)
console.log(`VM '${vms[criticalVm]!.id}' decides the makespan`)
