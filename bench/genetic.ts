/**
 * Speed and quality of the genetic algorithm and of NSGA-II, written to docs/results/genetic.md.
 *
 *   npx tsx bench/genetic.ts
 */
import {
  createProblem,
  executionSeconds,
  type GeneticAlgorithmOptions,
  geneticAlgorithm,
  kCheapestLpt,
  lowerBound,
  lpt,
  nsga2,
  type ParetoPoint,
  type Problem,
  type Solver,
} from 'cloudsched'
import { markdownTable } from 'cloudsched/report'
import { paperInstance } from 'cloudsched/workload'
import { mean, median, writePage } from './evidence-page.ts'

const searchMs = 5000
const textbook: GeneticAlgorithmOptions = { reliefRate: 0, crossoverRate: 0.8, mutationsPerChild: 1 }
const kinds: Record<string, GeneticAlgorithmOptions> = {
  default: {},
  'textbook, seeded': textbook,
  'textbook, random start': { ...textbook, seeding: 'none' },
}

function instance(taskCount: number, vmCount: number, seed: number): Problem {
  return createProblem(paperInstance({ taskCount, vmCount, seed }))
}

/** Processor time of a call in microseconds, which other programs do not stretch: the median of nine batches. */
function microseconds(batch: number, call: () => void): number {
  const times = Array.from({ length: 9 }, () => {
    const start = process.cpuUsage()
    for (let k = 0; k < batch; k++) call()
    const { user, system } = process.cpuUsage(start)
    return (user + system) / batch
  })
  return median(times)
}

/** What an evaluation from scratch is: the loads of all VMs from the genes, then makespan and cost. */
function evaluationMicroseconds(problem: Problem): number {
  const { taskCount, vmCount, pricePerSecond } = problem
  const genes = Int32Array.from({ length: taskCount }, (_, task) => (task * 7919) % vmCount)
  const vmSeconds = new Float64Array(vmCount)
  let sink = 0
  const time = microseconds(Math.ceil(200_000 / taskCount), () => {
    vmSeconds.fill(0)
    for (let task = 0; task < taskCount; task++)
      vmSeconds[genes[task]!]! += executionSeconds(problem, task, genes[task]!)
    for (let vm = 0; vm < vmCount; vm++) sink += Math.max(sink, vmSeconds[vm]!) + pricePerSecond![vm]! * vmSeconds[vm]!
  })
  return sink < 0 ? Number.NaN : time
}

function speedTable(): string {
  const sizes = [
    { taskCount: 50, vmCount: 5, generations: 400 },
    { taskCount: 1000, vmCount: 50, generations: 400 },
  ]
  const rows = sizes.flatMap(({ taskCount, vmCount, generations }) => {
    const problem = instance(taskCount, vmCount, 1)
    const fromScratch = evaluationMicroseconds(problem)
    return Object.entries(kinds).map(([algorithm, options]) => {
      const run = microseconds(1, () => void geneticAlgorithm(problem, { ...options, generations }))
      return {
        'tasks x VMs': `${taskCount}x${vmCount}`,
        algorithm,
        'generations / s': Math.round((1e6 * generations) / run),
        'µs per child': run / generations / 98,
        'µs per evaluation from scratch': fromScratch,
      }
    })
  })
  return markdownTable(rows)
}

function qualityTable(): string {
  const sizes = [
    { taskCount: 50, vmCount: 5, seeds: [1, 2, 3] },
    { taskCount: 200, vmCount: 20, seeds: [1, 2, 3] },
    { taskCount: 1000, vmCount: 50, seeds: [1, 2, 3] },
    { taskCount: 10_000, vmCount: 500, seeds: [1] },
  ]
  const rows = sizes.flatMap(({ taskCount, vmCount, seeds }) =>
    [0.5, 1].map((timeWeight) => {
      const gap = (solve: Solver<GeneticAlgorithmOptions>, options: GeneticAlgorithmOptions = {}): number =>
        mean(seeds.map((seed) => 100 * solve(instance(taskCount, vmCount, seed), { ...options, timeWeight }).gap!))
      console.error(`quality of ${taskCount}x${vmCount} at weight ${timeWeight}`)
      const searched = Object.entries(kinds).map(([kind, options]) => [
        kind,
        gap(geneticAlgorithm, { ...options, timeLimitMs: searchMs }),
      ])
      return {
        'tasks x VMs': `${taskCount}x${vmCount}`,
        'time weight': timeWeight,
        LPT: gap((problem) => lpt(problem, { timeWeight })),
        'k-cheapest + LPT': gap((problem) => kCheapestLpt(problem, { timeWeight })),
        ...(Object.fromEntries(searched) as Record<string, number>),
      }
    }),
  )
  return markdownTable(rows)
}

/** The comparison that the preset 'paper' is for, beside what the prototype of that comparison got. */
function paperTable(): string {
  const prototype: Record<number, readonly string[]> = {
    0.5: ['1.37', '0.93', '0.78', '0.67'],
    1: ['2.64', '1.86', '1.47', '1.25'],
    0: ['0', '0.04', '0.21', '0.55'],
  }
  const rows = [0.5, 1, 0].map((timeWeight) => {
    const cells = [20, 30, 40, 50].map((taskCount, k) => {
      const gaps = Array.from({ length: 20 }, (_, index) => {
        const options = { preset: 'paper', timeWeight, seed: index + 1 } as const
        return 100 * geneticAlgorithm(instance(taskCount, 5, index + 1), options).gap!
      })
      const error = Math.sqrt(mean(gaps.map((gap) => (gap - mean(gaps)) ** 2)) / (gaps.length - 1))
      const cell = `${mean(gaps).toFixed(2)} ± ${error.toFixed(2)} (${prototype[timeWeight]![k]})`
      return [`${taskCount} tasks`, cell]
    })
    return { 'time weight': timeWeight, ...(Object.fromEntries(cells) as Record<string, string>) }
  })
  return markdownTable(rows)
}

/** How near the front comes to the bound: at each weight, the gap of the best schedule on it. */
function frontTable(): string {
  const sizes = [
    { taskCount: 20, vmCount: 5 },
    { taskCount: 50, vmCount: 5 },
    { taskCount: 200, vmCount: 20 },
    { taskCount: 1000, vmCount: 50 },
  ]
  const rows = sizes.map(({ taskCount, vmCount }) => {
    const problem = instance(taskCount, vmCount, 1)
    const start = performance.now()
    const { front, reference, ...end } = nsga2(problem, { seed: 1 })
    const seconds = (performance.now() - start) / 1000
    const first = nsga2(problem, { seed: 1, generations: 1, reference })
    const gaps = [0.1, 0.3, 0.5, 0.7, 0.9, 1].map((weight) => {
      const est = ({ timeSeconds, cost }: ParetoPoint): number =>
        weight * Math.log(timeSeconds) + (1 - weight) * Math.log(cost)
      const least = Math.min(...front.map(est))
      return [`gap at ${weight}`, 100 * Math.expm1(least - lowerBound(problem, { timeWeight: weight }).est!)]
    })
    return {
      'tasks x VMs': `${taskCount}x${vmCount}`,
      points: front.length,
      'slowest / fastest': front.at(-1)!.timeSeconds / front[0]!.timeSeconds,
      'dearest / cheapest': front[0]!.cost / front.at(-1)!.cost,
      'hypervolume / that of the first generation': end.hypervolume / first.hypervolume,
      ...(Object.fromEntries(gaps) as Record<string, number>),
      s: seconds,
    }
  })
  return markdownTable(rows)
}

const speed = speedTable()
const paper = paperTable()
const front = frontTable()
const quality = qualityTable()
writePage({
  name: 'genetic',
  title: 'Genetic algorithm and NSGA-II',
  command: 'npx tsx bench/genetic.ts',
  seeds: '1 to 3 (quality), 1 to 20 (comparison with the paper), 1 elsewhere',
  body: `## Speed, population 100, time weight 0.5

Processor time, medians of nine runs. For a child parents are drawn, and it is crossed, mutated, relieved and evaluated. The
last column is what its evaluation alone would take if the loads were summed over all tasks; they follow from the nearer
parent instead. Textbook: no relief, crossover rate 0.8, one mutation per child.

${speed}

## Gap to the bound in % after ${searchMs / 1000} s

Means; 3 instances a row, one of 10000x500.

${quality}

## Preset 'paper': gap to the bound in %

5 VMs, price exponent 1.5, mean of 20 instances ± standard error. In brackets: the plain genetic algorithm of the
prototype that the WHAQL comparison was designed with, on instances of its own.

${paper}

## NSGA-II, population 100, 500 generations

The gap at a weight is that of the best schedule on the front to the bound for that weight, in %.

${front}`,
})
