/** Processor time of one decision against the number of machines, on a fleet with about four tasks a machine. */
import { bestFit, createFleet, createTaskMix, firstFit, leastFragmentation, scarcityAware } from 'cloudsched/packing'
import type { MachineInput, PackingTask, PlacementRule } from 'cloudsched/packing'
import { markdownTable } from 'cloudsched/report'

const machineCounts = [100, 316, 1000, 3162, 10_000]
const decisions = 400
const models = ['T4', 'P100', 'V100', 'A10']

function machineAt(index: number): MachineInput {
  return {
    capacity: { cpu: 96, memoryMib: 393_216, gpu: index % 4 === 0 ? 0 : 8 },
    labels: { gpuModel: models[index % models.length]! },
  }
}

function taskAt(index: number): PackingTask {
  const gpu = [0, 0.25, 0.5, 0.5, 0.81, 1, 1, 1, 2, 4][(7919 * index) % 10]!
  return {
    demand: { cpu: 1 + ((104_729 * index) % 12), memoryMib: 1024 * (1 + ((31 * index) % 40)), gpu },
    ...(index % 3 === 0 && gpu > 0 ? { requiredLabels: { gpuModel: models[1 + (index % 3)]! } } : {}),
  }
}

/** Measures and returns a section of the page. */
export function measureSpeed(): string {
  const rows = machineCounts.map((machineCount) => {
    const fleet = createFleet(Array.from({ length: machineCount }, (_, index) => machineAt(index)))
    const mix = createTaskMix(Array.from({ length: 1000 }, (_, index) => fleet.request(taskAt(index))))
    let placed = 0
    for (let index = 0; index < 7 * machineCount; index++) {
      const request = fleet.request(taskAt(index))
      // Spread without a search: what does not fit where its number says is left out.
      if (fleet.fits(request, index % machineCount)) {
        fleet.place(String(index), request, index % machineCount)
        placed++
      }
    }
    const time = (rule: PlacementRule): number => {
      const requests = Array.from({ length: decisions }, (_, index) => fleet.request(taskAt(index)))
      const step = (index: number): void => {
        const request = requests[index]!
        const chosen = fleet.choose(request, rule)
        if (!chosen) return
        fleet.place('new', request, chosen.machine, chosen.device)
        fleet.release('new')
      }
      requests.forEach((_, index) => step(index))
      const start = process.cpuUsage()
      requests.forEach((_, index) => step(index))
      const { user, system } = process.cpuUsage(start)
      return (user + system) / 1000 / decisions
    }
    const row = {
      machineCount,
      placed,
      first: time(firstFit),
      best: time(bestFit),
      fragments: time(leastFragmentation(mix)),
      scarcity: time(scarcityAware(mix)),
      explain: timeExplain(),
    }
    function timeExplain(): number {
      const request = fleet.request({ demand: { cpu: 1000 } })
      const start = process.cpuUsage()
      for (let index = 0; index < 20; index++) fleet.explain(request)
      const { user, system } = process.cpuUsage(start)
      return (user + system) / 1000 / 20
    }
    console.error(row)
    return row
  })
  return `## Time of a decision

Processor time in milliseconds to choose a machine, place a task and release it again, mean over ${decisions} tasks after a round that compiles;
machines with 8 GPUs (every fourth without), ${models.length} models, tasks with shares and whole GPUs on them. \`explain\` lists the reasons of all machines.

${markdownTable(rows, [
  { title: 'machines', value: ({ machineCount }) => machineCount.toLocaleString('en') },
  { title: 'tasks on them', value: ({ placed }) => placed.toLocaleString('en') },
  { title: 'first fit', value: ({ first }) => first.toFixed(4) },
  { title: 'best fit', value: ({ best }) => best.toFixed(4) },
  { title: 'least fragmentation', value: ({ fragments }) => fragments.toFixed(3) },
  { title: 'scarcity', value: ({ scarcity }) => scarcity.toFixed(3) },
  { title: 'explain', value: ({ explain }) => explain.toFixed(3) },
])}`
}
