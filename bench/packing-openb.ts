/** The openb GPU cluster filled with its pods, none leaving; the results are checked against the raw lines of the files. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OpenbPod, openbGpuDemand, openbNodesToVms, readOpenbNodes, readOpenbPods } from 'cloudsched/io'
import {
  type MachineInput,
  pack,
  type PackingTask,
  packOnline,
  type Packing,
  type RuleChoice,
} from 'cloudsched/packing'
import { markdownTable } from 'cloudsched/report'

/** Placed and GPUs allocated, in per cent, of the baselines that come with the data; figures of another programme. */
const baselines = [
  { title: 'first fit, as published with the data', placed: 3831, gpus: 90.32 },
  { title: 'best fit, as published with the data', placed: 3330, gpus: 77.08 },
  { title: 'worst fit, as published with the data', placed: 3711, gpus: 82.21 },
  { title: 'list known: away from GPUs that others need, as published with the data', placed: 3844, gpus: 91.25 },
]

interface Row {
  readonly title: string
  readonly placed: number
  readonly gpus: number
  readonly violations: number | null
  readonly milliseconds: number | null
}

/** Measures on the files in a folder and returns a section of the page. */
export function measureOpenb(folder: string): string {
  const nodesText = readFileSync(join(folder, 'nodes.csv'), 'utf8')
  const podsText = readFileSync(join(folder, 'pods_gpuspec33.csv'), 'utf8')
  const machines = openbNodesToVms(readOpenbNodes(nodesText)) as MachineInput[]
  const pods = readOpenbPods(podsText).toSorted(
    (a, b) => a.creationSeconds - b.creationSeconds || (a.id < b.id ? -1 : 1),
  )
  const tasks = pods.map(taskOf)

  const measure = (title: string, run: () => Packing): { row: Row; packing: Packing } => {
    const start = process.cpuUsage()
    const packing = run()
    const { user, system } = process.cpuUsage(start)
    const row: Row = {
      title,
      placed: packing.placedCount,
      gpus: 100 * packing.allocated['gpu']!,
      violations: countViolations(nodesText, podsText, packing, pods, machines),
      milliseconds: (user + system) / 1000 / tasks.length,
    }
    console.error(row)
    return { row, packing }
  }
  const online = (title: string, rule: RuleChoice) => measure(title, () => packOnline(machines, tasks, { rule }))
  const onlineRuns = [
    online('first fit', 'firstFit'),
    online('best fit', 'bestFit'),
    online('worst fit', 'worstFit'),
    online('dot product', 'dotProduct'),
    online('least fragmentation, mix learned', 'leastFragmentation'),
    online('scarcity, mix learned', 'scarcity'),
  ]
  const knownRuns = [
    measure('first-fit decreasing', () =>
      pack(machines, tasks, { rule: 'firstFit', order: 'decreasing', improve: false }),
    ),
    measure('least fragmentation, mix known', () =>
      pack(machines, tasks, { rule: 'leastFragmentation', improve: false }),
    ),
    measure('scarcity, mix known', () => pack(machines, tasks, { improve: false })),
    measure('first fit, then local search', () => pack(machines, tasks, { rule: 'firstFit' })),
    measure('scarcity, mix known, then local search', () => pack(machines, tasks)),
  ]
  const onlineRows = onlineRuns.map(({ row }) => row)
  const knownRows = knownRuns.map(({ row }) => row)
  const published = baselines.map((row) => ({ ...row, violations: null, milliseconds: null }))
  const best = knownRuns.at(-1)!.packing
  const scarcity = onlineRuns.at(-1)!.packing

  return `## openb GPU cluster

${machines.length} nodes and ${tasks.length} pods in order of (creation time, name), none leaves, a pod that fits nowhere is refused. A pod asks for part
of one GPU or for whole ones, and a third of them for certain GPU models. Violations: counted by a checker that reads the raw
lines of the files and shares no code with the library. At most ${allocatable(nodesText, pods).toFixed(2)} % of the GPUs can be given out: more is asked of some models
than there are of them (largest shortage over all sets of models; CPU, memory and fragments aside).

Each pod placed before the next is seen:

${table([...onlineRows, ...published.slice(0, 3)])}

List known beforehand:

${table([...knownRows, ...published.slice(3)])}

Why pods were refused, by the reason that most nodes had: scarcity online ${mainReasons(scarcity)}; list known, with local search, ${mainReasons(best)}.
All reasons of one of the latter, the first: ${allReasons(best, pods)}.

${shuffled(machines, tasks)}`
}

function taskOf(pod: OpenbPod): PackingTask {
  const { id, cpuMilli, memoryMib, gpuModels } = pod
  return {
    id,
    demand: { cpu: cpuMilli / 1000, memoryMib, gpu: openbGpuDemand(pod) },
    ...(gpuModels === null ? {} : { requiredLabels: { gpuModel: gpuModels } }),
  }
}

function table(rows: readonly Row[]): string {
  return markdownTable(rows, [
    { title: 'rule', value: ({ title }) => title },
    { title: 'placed', value: ({ placed }) => placed, digits: 8 },
    { title: 'GPUs allocated, %', value: ({ gpus }) => gpus.toFixed(2) },
    { title: 'violations', value: ({ violations }) => violations },
    { title: 'ms a pod', value: ({ milliseconds }) => milliseconds?.toFixed(3) ?? null },
  ])
}

function mainReasons({ refused }: Packing): string {
  const counts = new Map<string, number>()
  for (const { reasons } of refused) {
    const { kind, name } = reasons[0]!
    const reason = `${kind} ${name}`
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return [...counts].map(([reason, count]) => `${count} x ${reason}`).join(', ')
}

function allReasons({ refused }: Packing, pods: readonly OpenbPod[]): string {
  const { task, reasons } = refused[0]!
  const pod = pods[task]!
  const list = reasons.map(({ kind, name, machines }) => `${kind} ${name} on ${machines} nodes`).join(', ')
  return `${pod.id} (${pod.cpuMilli / 1000} cpu, ${openbGpuDemand(pod)} gpu of ${pod.gpuModels?.join(' or ') ?? 'any model'}): ${list}`
}

/** The same pods in other orders: whether the rule is good, or the order lucky. */
function shuffled(machines: readonly MachineInput[], tasks: readonly PackingTask[]): string {
  const rows = [1, 2, 3, 4, 5].map((seed) => {
    // A linear congruence of full period as a source of numbers: this file shares no random source with the library.
    let number = seed
    const next = (): number => (number = (1664525 * number + 1013904223) % 4294967296) / 4294967296
    const list = [...tasks]
    for (let k = list.length - 1; k > 0; k--) {
      const other = Math.floor(next() * (k + 1))
      ;[list[k], list[other]] = [list[other]!, list[k]!]
    }
    const show = ({ placedCount, allocated }: Packing): string =>
      `${placedCount}, ${(100 * allocated['gpu']!).toFixed(2)} %`
    return {
      seed,
      first: show(packOnline(machines, list, { rule: 'firstFit' })),
      fragments: show(packOnline(machines, list, { rule: 'leastFragmentation' })),
      scarcity: show(packOnline(machines, list)),
      known: show(pack(machines, list)),
    }
  })
  return `In five random orders (placed, GPUs allocated):

${markdownTable(rows, [
  { title: 'seed', value: ({ seed }) => seed },
  { title: 'first fit', value: ({ first }) => first },
  { title: 'least fragmentation, mix learned', value: ({ fragments }) => fragments },
  { title: 'scarcity, mix learned', value: ({ scarcity }) => scarcity },
  { title: 'list known, local search', value: ({ known }) => known },
])}`
}

/** Per cent of the GPUs that can be given out: by Hall's theorem, for each set of models, what only they may serve beyond what they are is lost. */
function allocatable(nodesText: string, pods: readonly OpenbPod[]): number {
  const has = new Map<string, number>()
  for (const line of nodesText.trim().split('\n').slice(1)) {
    const [, , , count, model] = line.split(',')
    if (model) has.set(model, (has.get(model) ?? 0) + Number(count))
  }
  const names = [...has.keys()]
  let lost = 0
  for (let set = 1; set < 1 << names.length; set++) {
    const isIn = (model: string): boolean => (set & (1 << names.indexOf(model))) !== 0
    const supply = names.filter(isIn).reduce((sum, model) => sum + has.get(model)!, 0)
    const confined = pods.filter(({ gpuModels }) =>
      (gpuModels ?? names).every((model) => !has.has(model) || isIn(model)),
    )
    lost = Math.max(lost, confined.reduce((sum, pod) => sum + openbGpuDemand(pod), 0) - supply)
  }
  const asked = pods.reduce((sum, pod) => sum + openbGpuDemand(pod), 0)
  const all = [...has.values()].reduce((sum, count) => sum + count, 0)
  return (100 * (asked - lost)) / all
}

/** Broken rules of a packing, from the raw lines: CPU, memory, each GPU, models, and nobody placed twice. */
function countViolations(
  nodesText: string,
  podsText: string,
  { machineOf, devicesOf }: Packing,
  order: readonly OpenbPod[],
  machines: readonly MachineInput[],
): number {
  const cells = (text: string): string[][] =>
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(','))
  const nodes = new Map(
    cells(nodesText).map(([sn, cpu, memory, gpu, model]) => [
      sn!,
      { cpu: Number(cpu), memory: Number(memory), gpus: Array.from({ length: Number(gpu) }, () => 1000), model },
    ]),
  )
  const pods = new Map(cells(podsText).map((row) => [row[0]!, row]))
  let violations = order.length === pods.size ? 0 : 1
  order.forEach(({ id }, index) => {
    const row = pods.get(id)
    pods.delete(id)
    if (machineOf[index] === -1) return
    const node = nodes.get(machines[machineOf[index]!]!.id!)
    if (!row || !node) {
      violations++
      return
    }
    const [, cpu, memory, count, milli, spec] = row
    node.cpu -= Number(cpu)
    node.memory -= Number(memory)
    const each = Number(count) === 1 ? Number(milli) : 1000
    if (devicesOf[index]!.length !== Number(count)) violations++
    for (const device of devicesOf[index]!) {
      node.gpus[device]! -= each
      if (!(node.gpus[device]! >= 0)) violations++
    }
    if (node.cpu < 0 || node.memory < 0) violations++
    if (spec && !spec.split('|').includes(node.model!)) violations++
  })
  return violations
}
