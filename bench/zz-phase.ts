import { createProblem } from 'cloudsched'
import { createState } from '../src/simulate/simulation-state.ts'
import { placeTask } from '../src/simulate/placement.ts'
import { step } from '../src/simulate/engine.ts'
import { scheduleOf } from '../src/simulate/simulated-schedule.ts'
import { flowTime } from '../src/simulate/metrics.ts'
const n = Number(process.argv[2]),
  sharing = process.argv[3] as 'space' | 'time'
const cpu = () => {
  const c = process.cpuUsage()
  return (c.user + c.system) / 1e6
}
const problem = createProblem({
  tasks: { lengthMi: Float64Array.from({ length: n }, (_, i) => 1000 + ((7919 * i) % 9000)) },
  vms: Array.from({ length: 100 }, (_, j) => ({ speedMips: [500, 1000, 1500, 2000][j % 4]! })),
})
const t0 = cpu()
const state = createState(problem, { sharing, checkpointSeconds: null, failures: [], migrations: [] })
for (let i = 0; i < n; i++) placeTask(state, i, i % 100)
const t1 = cpu()
for (let i = 0; i < n; i++) step(state, Infinity)
const t2 = cpu()
while (state.openCount > 0) step(state, Infinity)
const t3 = cpu()
const s = scheduleOf(state)
const t4 = cpu()
flowTime(problem, s)
const t5 = cpu()
console.log(
  'place',
  t1 - t0,
  'arrive',
  t2 - t1,
  'rest',
  t3 - t2,
  'schedule+metrics',
  t4 - t3,
  'one metric',
  t5 - t4,
  'rss',
  process.resourceUsage().maxRSS / 1024,
)
