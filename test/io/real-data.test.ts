/**
 * The readers against the real files: they are not part of the project, so this runs only where they lie in
 * `../shared/data`. What is expected are the counts that the README beside each data set states.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readAlibabaBatchTasks } from '../../src/io/alibaba-batch.ts'
import { readAlibabaDlrm } from '../../src/io/alibaba-dlrm.ts'
import { readAzureVmNoise } from '../../src/io/azure-vm-noise.ts'
import { readAzureVmTrace } from '../../src/io/azure-vm-trace.ts'
import { readBitbrainsInventory, readBitbrainsVm } from '../../src/io/bitbrains.ts'
import { readBraunEtc } from '../../src/io/braun-etc.ts'
import { openbGpuDemand, readOpenbNodes, readOpenbPods } from '../../src/io/openb.ts'
import { readPlanetlabCsv } from '../../src/io/planetlab.ts'
import { readRcmaxEtc } from '../../src/io/rcmax-etc.ts'
import { readRoadefAssignment, readRoadefModel } from '../../src/io/roadef.ts'
import { readSwf, swfToTasks } from '../../src/io/swf.ts'

const folder = new URL('../../../shared/data/', import.meta.url)
const isHere = existsSync(folder)

function file(path: string): Uint8Array {
  const bytes = readFileSync(new URL(path, folder))
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

function files(pattern: string): string[] {
  return globSync(pattern, { cwd: folder.pathname }).sort()
}

/** How often each value occurs. */
function tally(values: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1
  return counts
}

const sum = (values: Iterable<number>): number => Array.from(values).reduce((total, x) => total + x, 0)
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

describe.runIf(isHere)(isHere ? 'the files of ../shared/data' : 'left out: ../shared/data is not here', () => {
  test.each([
    ['KTH-SP2-1996-2.1-cln', 27_992, 27_992, 100, 805, 216_000, 27_992],
    ['NASA-iPSC-1993-3.1-cln', 18_239, 18_066, 128, 88, 62_643, 0],
  ])('swf %s', (name, jobCount, usable, processors, medianRun, longestRun, requestedKnown) => {
    const { header, jobs } = readSwf(file(`swf/${name}.swf.gz`))
    expect(jobs).toHaveLength(jobCount)
    expect(header['MaxProcs']).toBe(String(processors))
    expect(swfToTasks(jobs).tasks).toHaveLength(usable)
    const runs = jobs.map((job) => job.runSeconds!).filter((run) => run > 0)
    expect([median(runs), Math.max(...runs)]).toEqual([medianRun, longestRun])
    expect(jobs.filter((job) => job.requestedSeconds !== null)).toHaveLength(requestedKnown)
  })

  test('alibaba-batch-tasks', () => {
    const tasks = readAlibabaBatchTasks(file('alibaba-batch-tasks/jobs.csv.gz'))
    expect(tasks).toHaveLength(16_123)
    expect(new Set(tasks.map(({ jobId }) => jobId)).size).toBe(2608)
    expect(sum(tasks.map(({ instanceCount }) => instanceCount))).toBe(771_278)
    expect(Math.max(...tasks.map(({ submitSeconds }) => submitSeconds))).toBe(39_953)
  })

  test('alibaba-dlrm-2025', () => {
    const rows = readAlibabaDlrm(file('alibaba-dlrm-2025/disaggregated_DLRM_trace.csv.gz'))
    expect(tally(rows.map(({ role }) => role))).toEqual({ HN: 4460, CN: 9164 })
    expect(new Set(rows.map(({ app }) => app)).size).toBe(78)
    expect(tally(rows.map(({ maxPerNode }) => maxPerNode))).toEqual({ null: 7054, 2: 3708, 4: 2053, 8: 663, 10: 146 })
    expect(rows.filter(({ creationSeconds }) => creationSeconds === null)).toHaveLength(4526)
    expect(rows.filter(({ deletionSeconds }) => deletionSeconds === null)).toHaveLength(5319)
  })

  test('openb-gpu-cluster', () => {
    const nodes = readOpenbNodes(file('openb-gpu-cluster/nodes.csv'))
    expect(tally(nodes.map(({ gpuModel }) => gpuModel ?? 'none'))).toEqual({
      none: 157,
      P100: 68,
      G3: 20,
      V100M32: 9,
      G2: 284,
      T4: 195,
      V100M16: 28,
      A10: 1,
    })
    expect(sum(nodes.map(({ cpuMilli }) => cpuMilli / 1000))).toBe(62_584)
    expect(sum(nodes.map(({ memoryMib }) => memoryMib / 1024))).toBe(296_280)
    expect(sum(nodes.map(({ gpuCount }) => gpuCount))).toBe(3123)
    const pods = readOpenbPods(file('openb-gpu-cluster/pods_gpuspec33.csv'))
    expect(tally(pods.map(({ qos }) => qos))).toEqual({ LS: 2311, BE: 1713, Burstable: 49, Guaranteed: 3 })
    expect(pods.filter(({ gpuModels }) => gpuModels !== null)).toHaveLength(1189)
    expect(pods.filter(({ scheduledSeconds }) => scheduledSeconds === null)).toHaveLength(465)
    expect(sum(pods.map(openbGpuDemand))).toBeCloseTo(3038.5, 1)
    expect(sum(pods.map(({ cpuMilli }) => cpuMilli / 1000))).toBeCloseTo(42_787.8, 1)
  })

  const azureMaps = { flavours: 'azure-vm-arrivals/flav_map.txt', intervals: 'azure-vm-arrivals/v1.interval_map.txt' }

  test('azure-vm-arrivals, with lifetimes', () => {
    const trace = readAzureVmTrace({
      arrivals: file('azure-vm-arrivals/v1.dev.txt.gz'),
      flavours: file(azureMaps.flavours),
      lifetimes: { bins: file('azure-vm-arrivals/v1.dev.c2100000.txt.gz'), intervals: file(azureMaps.intervals) },
    })
    expect(trace.vmCount).toBe(259_159)
    expect([trace.stepSeconds.length, trace.stepSeconds[0], trace.stepSeconds.at(-1)]).toEqual([
      1000, 1_800_000, 2_099_700,
    ])
    // The README lists the eight most frequent of sixteen.
    expect(tally(Array.from(trace.flavour, (index) => trace.flavours[index]!.letter))).toMatchObject({
      b: 156_437,
      g: 48_008,
      k: 25_700,
      m: 23_315,
      a: 4108,
      o: 1427,
      i: 49,
      e: 49,
    })
    expect(sum(trace.lifetimes!.isRunning)).toBe(14_317)
    const perStep = Object.values(tally(Array.from(trace.arrivalSeconds)))
    expect([Math.min(...perStep), Math.max(...perStep)]).toEqual([33, 916])
  })

  test('azure-vm-arrivals, without lifetimes', () => {
    const trace = readAzureVmTrace({
      arrivals: file('azure-vm-arrivals/v1.train.txt.gz'),
      flavours: file(azureMaps.flavours),
    })
    expect([trace.vmCount, trace.stepSeconds.length, trace.lifetimes]).toEqual([1_200_998, 5999, null])
  })

  test.each([
    ['Sysbench_B8ms_eastus_long', { 0: 1719, 1: 2128, 2: 3105 }, 8205.31],
    ['Sysbench_B8ms_westus2_long', { 0: 3821, 1: 3796, 2: 3815 }, 6821.65],
    ['Sysbench_D8s_v5_eastus_long', { 0: 2434, 1: 2629, 2: 5336 }, 12_509.5],
    ['Sysbench_D8s_v5_westus2_long', { 0: 7393, 1: 7778, 2: 5576 }, 12_509.7],
  ])('azure-vm-noise %s', (name, rowsPerVm, middle) => {
    const rows = readAzureVmNoise(file(`azure-vm-noise/${name}.csv.gz`))
    expect(tally(rows.map(({ vm }) => vm))).toEqual(rowsPerVm)
    expect(Math.abs(median(rows.map(({ eventsPerSecond }) => eventsPerSecond)) / middle - 1)).toBeLessThan(1e-5)
  })

  test('bitbrains-rnd', () => {
    const inventory = readBitbrainsInventory(file('bitbrains-rnd/vm_inventory_2013-7.csv'))
    expect([inventory.length, sum(inventory.map(({ cores }) => cores))]).toEqual([250, 753])
    expect(sum(inventory.map(({ cpuMhzP95 }) => cpuMhzP95))).toBeCloseTo(584_276, 0)
    const rowCounts = {
      1: 8260,
      237: 8262,
      275: 8260,
      303: 8262,
      333: 8262,
      383: 8262,
      407: 8630,
      411: 8630,
      413: 8630,
      417: 8630,
      81: 8251,
      89: 8259,
    }
    for (const [vm, rowCount] of Object.entries(rowCounts))
      expect(readBitbrainsVm(file(`bitbrains-rnd/2013-7/${vm}.csv.gz`))).toHaveLength(rowCount)
  })

  test.each([
    ['20110303', 1052, 12_954.8],
    ['20110409', 1358, 15_100.1],
  ])('planetlab-cpu %s', (day, vmCount, meanOfSums) => {
    const vms = readPlanetlabCsv(file(`planetlab-cpu/${day}.csv.gz`))
    expect(vms).toHaveLength(vmCount)
    expect(vms.every(({ cpuPercent }) => cpuPercent.length === 288)).toBe(true)
    expect(sum(vms.flatMap(({ cpuPercent }) => cpuPercent)) / 288).toBeCloseTo(meanOfSums, 1)
  })

  test('braun-etc: nine matrices of the size in their folder name', () => {
    const paths = files('braun-etc/*/*u_*')
    expect(paths).toHaveLength(9)
    for (const path of paths) {
      const { taskCount, vmCount, values } = readBraunEtc(file(path))
      expect(`${taskCount}x${vmCount}`).toBe(path.split('/')[1])
      expect(values).toHaveLength(taskCount * vmCount)
    }
  })

  test('rcmax-unrelated: 33 matrices of the size in optima.csv', () => {
    const optima = new TextDecoder().decode(file('rcmax-unrelated/optima.csv')).trim().split('\n').slice(1)
    expect(optima).toHaveLength(33)
    for (const line of optima) {
      const [group, instance, jobs, machines] = line.split(',')
      const [path] = files(`rcmax-unrelated/${group}/${instance}.txt*`)
      expect(readRcmaxEtc(file(path!))).toMatchObject({ taskCount: Number(jobs), vmCount: Number(machines) })
    }
  })

  test.each([
    ['a1_1', 4, 100, 2, 79, 4, 1, 0, 49_528_750],
    ['a1_2', 100, 1000, 4, 980, 4, 2, 40, 1_061_649_570],
    ['a1_4', 50, 1000, 3, 142, 50, 50, 297, 632_499_600],
    ['a2_1', 100, 1000, 3, 1000, 1, 1, 0, 391_189_190],
    ['a2_3', 100, 1000, 12, 129, 25, 5, 577, 2_272_487_840],
  ])(
    'roadef2012 %s',
    (name, machineCount, processCount, resourceCount, serviceCount, locationCount, neighbourhoodCount, dependencyCount, startCost) => {
      const model = readRoadefModel(file(`roadef2012-reassignment/model_${name}.txt`))
      const { machines, processes, resources, services, balances } = model
      expect([machines.length, processes.length, resources.length, services.length]).toEqual([
        machineCount,
        processCount,
        resourceCount,
        serviceCount,
      ])
      expect(new Set(machines.map(({ location }) => location)).size).toBe(locationCount)
      expect(new Set(machines.map(({ neighbourhood }) => neighbourhood)).size).toBe(neighbourhoodCount)
      expect(sum(services.map(({ dependsOn }) => dependsOn.length))).toBe(dependencyCount)
      // The published cost of the start assignment, from the numbers read: no process has moved, so overload and balance are all.
      const used = machines.map(() => resources.map(() => 0))
      readRoadefAssignment(file(`roadef2012-reassignment/assignment_${name}.txt`), model).forEach(
        (machine, process) => {
          processes[process]!.demand.forEach((amount, resource) => {
            used[machine]![resource]! += amount
          })
        },
      )
      const costs = machines.flatMap(({ capacity, safetyCapacity }, m) => [
        ...resources.map(({ weight }, r) => weight * Math.max(0, used[m]![r]! - safetyCapacity[r]!)),
        ...balances.map(({ resource, other, target, weight }) => {
          const left = (r: number): number => capacity[r]! - used[m]![r]!
          return weight * Math.max(0, target * left(resource) - left(other))
        }),
      ])
      expect(sum(costs)).toBe(startCost)
    },
  )
})
