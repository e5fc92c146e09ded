/**
 * One measurement of the simulator in a process of its own, for `bench/simulate.ts`:
 *
 *   npx tsx bench/simulate-once.ts <number of tasks> <space | time>
 *
 * The instance is the one that the rivals were timed on: length 1000 + (7919 i mod 9000) MI, 100 VMs of one core with
 * 500, 1000, 1500 and 2000 MIPS by turns, round robin. Prints as JSON the processor time of
 * the first run, the median of the next five, when the code is compiled, and the memory after the first.
 */
import { createProblem } from 'cloudsched'
import { simulate } from 'cloudsched/simulate'

const taskCount = Number(process.argv[2])
const sharing = process.argv[3] === 'time' ? 'time' : 'space'

const problem = createProblem({
  tasks: { lengthMi: Float64Array.from({ length: taskCount }, (_, i) => 1000 + ((7919 * i) % 9000)) },
  vms: { speedMips: Float64Array.from({ length: 100 }, (_, j) => [500, 1000, 1500, 2000][j % 4]!) },
})
const assignment = Int32Array.from({ length: taskCount }, (_, i) => i % 100)

/** Of `simulate` alone, all threads counted. */
function processorSeconds(): number {
  const start = process.cpuUsage()
  const { tasks } = simulate(problem, assignment, { sharing })
  const { user, system } = process.cpuUsage(start)
  if (tasks.some(({ status }) => status !== 'finished')) throw new Error('a task did not finish')
  return (user + system) / 1e6
}

const first = processorSeconds()
const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6
const later = Array.from({ length: 5 }, processorSeconds).sort((a, b) => a - b)[2]
console.log(JSON.stringify({ first, later, peakMegabytes }))
