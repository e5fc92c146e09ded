/** Instances of the Alibaba 2025 services on as few nodes as possible, under the limit of each app on a node. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type DlrmInstance, readAlibabaDlrm } from 'cloudsched/io'
import { pack, type PackingTask, packOnline, type Packing } from 'cloudsched/packing'
import { markdownTable } from 'cloudsched/report'

const node = { cpu: 192, memoryMib: 1024 * 1024, gpu: 8 }
/** Nodes by first-fit decreasing, and the bound, as published with the data. */
const reference = { CN: { nodes: 3312, bound: 3260 }, HN: { nodes: 558, bound: 558 } }

/** Measures on the file in a folder and returns a section of the page. */
export function measureDlrm(folder: string): string {
  const text = gunzipSync(readFileSync(join(folder, 'disaggregated_DLRM_trace.csv.gz'))).toString()
  const instances = readAlibabaDlrm(text)
  const rows = (['CN', 'HN'] as const).flatMap((role) => {
    const list = instances.filter((instance) => instance.role === role)
    const tasks = list.map(taskOf)
    const machines = Array.from({ length: Math.ceil(1.1 * reference[role].nodes) }, () => ({ capacity: node }))
    const measure = (title: string, run: () => Packing) => {
      const start = process.cpuUsage()
      const packing = run()
      const { user, system } = process.cpuUsage(start)
      const row = {
        role,
        title,
        count: list.length,
        placed: packing.placedCount,
        nodes: packing.usedMachineCount,
        published: reference[role].nodes,
        bound: reference[role].bound,
        violations: countViolations(text, role, packing),
        milliseconds: (user + system) / 1000 / list.length,
      }
      console.error(row)
      return row
    }
    return [
      measure('first fit, as they come', () => packOnline(machines, tasks, { rule: 'firstFit' })),
      measure('best fit, as they come', () => packOnline(machines, tasks, { rule: 'bestFit' })),
      measure('first-fit decreasing', () =>
        pack(machines, tasks, { rule: 'firstFit', order: 'decreasing', improve: false }),
      ),
      measure('best-fit decreasing', () =>
        pack(machines, tasks, { rule: 'bestFit', order: 'decreasing', improve: false }),
      ),
    ]
  })
  return `## Alibaba 2025 services: a limit per node

All instances at once; CPU nodes (CN) and GPU nodes (HN) are two pools of nodes of 192 vCPU, 1024 GiB and 8 GPUs. Where an app has
instances with and without a limit, all of them count, and the tightest limit on a node holds; decreasing orders take the tighter limit first where sizes are equal. Violations are counted from the raw lines by a checker that shares no code with the library.

${markdownTable(rows, [
  { title: 'pool', value: ({ role }) => role },
  { title: 'rule', value: ({ title }) => title },
  { title: 'instances', value: ({ count }) => count, digits: 8 },
  { title: 'placed', value: ({ placed }) => placed, digits: 8 },
  { title: 'nodes', value: ({ nodes }) => nodes, digits: 8 },
  { title: 'first-fit decreasing, published', value: ({ published }) => published, digits: 8 },
  { title: 'bound, published', value: ({ bound }) => bound, digits: 8 },
  { title: 'violations', value: ({ violations }) => violations },
  { title: 'ms an instance', value: ({ milliseconds }) => milliseconds.toFixed(3) },
])}`
}

function taskOf({ demand, app, maxPerNode }: DlrmInstance): PackingTask {
  const { cpu, memoryMib, gpu } = demand
  return {
    demand: { cpu, memoryMib, gpu },
    group: app,
    maxPerMachine: maxPerNode ?? Infinity,
  }
}

/** Broken rules of a packing, from the raw lines by the names in their header. */
function countViolations(text: string, role: string, { machineOf, devicesOf }: Packing): number {
  const [header, ...lines] = text.trim().split('\n')
  const names = header!.trim().split(',')
  const rows = lines
    .map((line) => line.trim().split(','))
    .map((cells) => (name: string) => cells[names.indexOf(name)]!)
    .filter((cell) => cell('role') === role)
  const used = new Map<number, { cpu: number; gib: number; gpus: Set<number>; apps: Map<string, number> }>()
  let violations = rows.length === machineOf.length ? 0 : 1
  rows.forEach((cell, index) => {
    const machine = machineOf[index]!
    if (machine < 0) return
    const here = used.get(machine) ?? { cpu: 0, gib: 0, gpus: new Set(), apps: new Map() }
    used.set(machine, here)
    here.cpu += Number(cell('cpu_request'))
    here.gib += Number(cell('memory_request'))
    if (devicesOf[index]!.length !== Number(cell('gpu_request'))) violations++
    for (const device of devicesOf[index]!) {
      if (device >= 8 || here.gpus.has(device)) violations++
      here.gpus.add(device)
    }
    here.apps.set(cell('app_name'), (here.apps.get(cell('app_name')) ?? 0) + 1)
  })
  for (const { cpu, gib } of used.values()) if (cpu > 192 || gib > 1024) violations++
  rows.forEach((cell, index) => {
    const limit = Number(cell('max_instance_per_node'))
    const machine = machineOf[index]!
    if (machine >= 0 && limit >= 0 && used.get(machine)!.apps.get(cell('app_name'))! > limit) violations++
  })
  return violations
}
