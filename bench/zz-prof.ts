import { createProblem } from 'cloudsched'
import { simulate } from 'cloudsched/simulate'
const n = Number(process.argv[2]),
  sharing = process.argv[3] as 'space' | 'time'
const problem = createProblem({
  tasks: { lengthMi: Float64Array.from({ length: n }, (_, i) => 1000 + ((7919 * i) % 9000)) },
  vms: Array.from({ length: 100 }, (_, j) => ({ speedMips: [500, 1000, 1500, 2000][j % 4]! })),
})
const a = Int32Array.from({ length: n }, (_, i) => i % 100)
const c1 = process.cpuUsage()
const t = performance.now()
const s = simulate(problem, a, { sharing })
const c2 = process.cpuUsage()
console.log(
  n,
  sharing,
  s.makespanSeconds,
  'cpu',
  (c2.user + c2.system - c1.user - c1.system) / 1e6,
  'wall',
  (performance.now() - t) / 1e3,
  'rss',
  process.resourceUsage().maxRSS / 1024,
)
