/**
 * The command on real input: every solver beside every other on two SWF logs and the Alibaba batch tasks, on a stated
 * set of VMs. Says so and stops where the data is not there (CLOUDSCHED_DATA names its folder).
 *
 *   npx tsx bench/real-logs.ts
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VmInput } from 'cloudsched'
import { writeVmsCsv } from 'cloudsched/io'
import { markdownTable } from 'cloudsched/report'
import { priceOfSpeed } from 'cloudsched/workload'
import { writePage } from './evidence-page.ts'

const data = process.env['CLOUDSCHED_DATA'] ?? join(import.meta.dirname, '../../shared/data')
if (!existsSync(data)) {
  console.log(`No data in ${data}: nothing measured.`)
  process.exit(0)
}

/** Eight VMs each of four speeds; every fourth kind has room for the widest and largest of the Alibaba tasks. */
const vms: VmInput[] = [600, 800, 1000, 1200].flatMap((speedMips) =>
  Array.from({ length: 8 }, (_, k) => ({
    id: `vm-${speedMips}-${k}`,
    speedMips,
    pricePerSecond: priceOfSpeed(speedMips, 1.5, 1),
    capacity: k < 4 ? { cpu: 1, memory: 0.02 } : { cpu: 4, memory: 0.1 },
  })),
)
const logs = [
  { title: 'NASA iPSC/860, 1993', file: 'swf/NASA-iPSC-1993-3.1-cln.swf.gz', from: 'swf' },
  { title: 'KTH SP2, 1996', file: 'swf/KTH-SP2-1996-2.1-cln.swf.gz', from: 'swf' },
  { title: 'Alibaba batch tasks', file: 'alibaba-batch-tasks/jobs.csv.gz', from: 'alibaba' },
]
const timeLimitMs = 5000

interface Row {
  readonly solver: string
  readonly status: string
  readonly timeSeconds: number | null
  readonly cost: number | null
  readonly est: number | null
  readonly bound: number | null
  readonly gap: number | null
  readonly milliseconds: number
  readonly error: string | null
}

const folder = mkdtempSync(join(tmpdir(), 'cloudsched-logs-'))
const vmsFile = join(folder, 'vms.csv')
writeFileSync(vmsFile, writeVmsCsv(vms))
const sections = logs.map(({ title, file, from }) => {
  const out = join(folder, 'rows.json')
  const command = [
    'compare',
    join(data, file),
    vmsFile,
    '--from',
    from,
    '--seeds',
    '1',
    '--time-limit-ms',
    String(timeLimitMs),
    '--out',
    out,
  ]
  execFileSync('npx', ['tsx', join(import.meta.dirname, '../src/cli/main.ts'), ...command], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const rows = (JSON.parse(readFileSync(out, 'utf8')) as Row[]).toSorted(
    (a, b) => (b.gap ?? Infinity) - (a.gap ?? Infinity),
  )
  const table = markdownTable(rows, [
    { title: 'solver', value: ({ solver }) => solver },
    { title: 'makespan, s', value: ({ timeSeconds }) => timeSeconds, digits: 8 },
    { title: 'cost', value: ({ cost }) => cost, digits: 8 },
    { title: 'est', value: ({ est }) => est, digits: 8 },
    { title: 'bound', value: ({ bound }) => bound, digits: 8 },
    { title: 'gap, %', value: ({ gap }) => (gap === null ? null : (100 * gap).toPrecision(3)) },
    { title: 'ms', value: ({ milliseconds }) => Math.round(milliseconds), digits: 8 },
    { title: 'status', value: ({ status, error }) => (error ? `${status}: ${error.slice(0, 60)}` : status) },
  ])
  return `## ${title}\n\n\`cloudsched compare ${file.split('/').at(-1)} vms.csv --from ${from} --seeds 1 --time-limit-ms ${timeLimitMs}\`\n\n${table}`
})
rmSync(folder, { recursive: true })

writePage({
  name: 'real-logs',
  title: 'Real logs, every solver',
  command: 'npx tsx bench/real-logs.ts',
  seeds: '1',
  body: `All tasks are placed as if they were there at the start; weight 0.5. VMs: eight each of 600, 800, 1000 and 1200 MIPS, price (speed / 1000)^1.5, half of them with room for 1 cpu and 0.02 memory, half for 4 and 0.1. A second on the logged machine is 1000 MI; a job of several processors is as many times as long. Logs: Parallel Workloads Archive (D. Feitelson; given by Bill Nitzberg, NASA Ames, and Lars Malinowsky, KTH), Alibaba cluster trace as shipped with CloudSimPy.\n\nRules of one pass and the MILP solver pay no attention to the ${timeLimitMs / 1000} s; the others end at their next look at the clock.\n\n${sections.join('\n\n')}`,
})
