/** VMs of the Azure 2017 trace come and go on identical servers; none moves. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type AzureVmTrace, readAzureVmTrace } from 'cloudsched/io'
import { bestFit, createFleet, firstFit, type PlacementRule, worstFit } from 'cloudsched/packing'
import { markdownTable } from 'cloudsched/report'

const server = { cpu: 64, memoryGb: 448 }
/** More than any rule has in use at once. */
const serverCount = 760
const published: Readonly<Record<string, number>> = { 'first fit': 589.04, 'best fit': 588.76, 'worst fit': 610.74 }
const publishedBound = 538.25
/** A VM of this age has outlived most. */
const oldSeconds = 7200

/** What a rule of this file may know at a moment. */
interface Moment {
  nowSeconds: number
  /** The VM that is to be placed. */
  vm: number
  /** VMs on each server that are older than two hours. */
  readonly oldVms: Int32Array
  /** When the last VM of each server leaves: knowledge of the future. */
  readonly lastEnd: Float64Array
}

interface Row {
  readonly title: string
  readonly knows: string
  readonly mean: number
  readonly peak: number
  readonly violations: number
  readonly milliseconds: number
}

/** Measures on the files in a folder and returns a section of the page. */
export function measureAzure(folder: string): string {
  const unpacked = (name: string): string => gunzipSync(readFileSync(join(folder, name))).toString()
  const trace = readAzureVmTrace({
    arrivals: unpacked('v1.dev.txt.gz'),
    flavours: readFileSync(join(folder, 'flav_map.txt'), 'utf8'),
    lifetimes: {
      bins: unpacked('v1.dev.c2100000.txt.gz'),
      intervals: readFileSync(join(folder, 'v1.interval_map.txt'), 'utf8'),
    },
  })
  const { seconds, isRunning } = trace.lifetimes!
  const ends = seconds.map((life, vm) => (isRunning[vm] === 1 ? Infinity : trace.arrivalSeconds[vm]! + life))
  const horizon = trace.stepSeconds.at(-1)!
  const rows = [
    run(trace, ends, 'first fit', 'nothing', () => firstFit),
    run(trace, ends, 'best fit', 'nothing', () => bestFit),
    run(trace, ends, 'worst fit', 'nothing', () => worstFit),
    run(trace, ends, 'most VMs over 2 h of age, then best fit', 'ages', ({ oldVms }) => (state, request) => {
      const { score } = bestFit(state, request)
      return { score: (machine) => score(machine) - 1000 * oldVms[machine]! }
    }),
    run(trace, ends, 'least longer use of a server, then best fit', 'lifetimes', (moment) => (state, request) => {
      const { score } = bestFit(state, request)
      const end = Math.min(ends[moment.vm]!, horizon)
      return {
        score(machine) {
          const inUseUntil = state.taskCount[machine] === 0 ? moment.nowSeconds : moment.lastEnd[machine]!
          return 10 * Math.max(0, end - Math.min(inUseUntil, horizon)) + score(machine)
        },
      }
    }),
  ]
  const room = published['best fit']! - publishedBound
  return `## Azure 2017: VMs that come and go

${trace.vmCount} VMs over ${trace.stepSeconds.length} steps of 5 minutes on servers of 64 cores and 448 GB, from an empty fleet; a VM stays where it was put,
and a server that is not in use is taken only where no other fits (the published first fit takes the lowest number, in use or not). Servers in use at the end of each step: mean over the second half, and peak. Gap closed: how much of the way from the published best fit
(${published['best fit']}) to the bound (${publishedBound}: the sum of all demand) is gone. Violations: steps x servers over capacity, summed anew at each step.

${markdownTable(rows, [
  { title: 'rule', value: ({ title }) => title },
  { title: 'knows beside the free capacity', value: ({ knows }) => knows },
  { title: 'mean servers', value: ({ mean }) => mean.toFixed(2) },
  { title: 'published', value: ({ title }) => published[title]?.toFixed(2) ?? null },
  { title: 'peak', value: ({ peak }) => peak },
  { title: 'gap closed, %', value: ({ mean }) => ((100 * (published['best fit']! - mean)) / room).toFixed(1) },
  { title: 'violations', value: ({ violations }) => violations },
  { title: 'ms a VM', value: ({ milliseconds }) => milliseconds.toFixed(4) },
])}`
}

function run(
  trace: AzureVmTrace,
  ends: Float64Array,
  title: string,
  knows: string,
  makeRule: (moment: Moment) => PlacementRule,
): Row {
  const { vmCount, arrivalSeconds, flavour, flavours, stepSeconds } = trace
  const fleet = createFleet(Array.from({ length: serverCount }, () => ({ capacity: server })))
  const requests = flavours.map(({ cores, memoryGb }) => fleet.request({ demand: { cpu: cores, memoryGb } }))
  const moment: Moment = {
    nowSeconds: 0,
    vm: 0,
    oldVms: new Int32Array(serverCount),
    lastEnd: new Float64Array(serverCount),
  }
  const rule = makeRule(moment)
  const isInUse = (machine: number): boolean => fleet.state.taskCount[machine]! > 0
  const leaving = Array.from(ends.keys())
    .filter((vm) => ends[vm]! < Infinity)
    .sort((a, b) => ends[a]! - ends[b]!)
  /** Server of each VM that is there; -1 before and after. */
  const serverOf = new Int32Array(vmCount).fill(-1)
  const inUse: number[] = []
  let [left, arrived, aged, violations, microseconds] = [0, 0, 0, 0, 0]
  for (const now of stepSeconds) {
    moment.nowSeconds = now
    const start = process.cpuUsage()
    for (; left < leaving.length && ends[leaving[left]!]! <= now; left++) {
      const vm = leaving[left]!
      if (vm < aged) moment.oldVms[serverOf[vm]!]!--
      fleet.release(String(vm))
      serverOf[vm] = -1
    }
    for (; aged < arrived && arrivalSeconds[aged]! <= now - oldSeconds; aged++) {
      if (serverOf[aged]! >= 0) moment.oldVms[serverOf[aged]!]!++
    }
    for (; arrived < vmCount && arrivalSeconds[arrived]! <= now; arrived++) {
      moment.vm = arrived
      const request = requests[flavour[arrived]!]!
      const { machine } = (fleet.choose(request, rule, isInUse) ?? fleet.choose(request, rule))!
      const isFirst = fleet.state.taskCount[machine] === 0
      fleet.place(String(arrived), request, machine)
      serverOf[arrived] = machine
      moment.lastEnd[machine] = isFirst ? ends[arrived]! : Math.max(moment.lastEnd[machine]!, ends[arrived]!)
    }
    const { user, system } = process.cpuUsage(start)
    microseconds += user + system
    const cores = new Float64Array(serverCount)
    const gigabytes = new Float64Array(serverCount)
    for (let vm = 0; vm < arrived; vm++) {
      if (serverOf[vm]! < 0) continue
      cores[serverOf[vm]!]! += flavours[flavour[vm]!]!.cores
      gigabytes[serverOf[vm]!]! += flavours[flavour[vm]!]!.memoryGb
    }
    cores.forEach((sum, machine) => {
      if (sum > server.cpu || gigabytes[machine]! > server.memoryGb) violations++
    })
    inUse.push(cores.filter((sum) => sum > 0).length)
  }
  const second = inUse.slice(Math.ceil(inUse.length / 2))
  const row: Row = {
    title,
    knows,
    mean: second.reduce((sum, count) => sum + count, 0) / second.length,
    peak: Math.max(...inUse),
    violations,
    milliseconds: microseconds / 1000 / vmCount,
  }
  console.error(row)
  return row
}
