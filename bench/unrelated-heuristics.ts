/**
 * Every constructive heuristic and the lower bound on the Braun and the R||Cmax instances, beside the reference values
 * that stand with the data; written to docs/results/unrelated-heuristics.md. Says so and stops where the data is not
 * there (CLOUDSCHED_DATA names its folder).
 *
 *   npx tsx bench/unrelated-heuristics.ts
 */
import { kCheapestLpt, lowerBound, lpt, maxMin, mct, met, minMin, olb, sufferage } from 'cloudsched'
import { markdownTable } from 'cloudsched/report'
import { mean, writePage } from './evidence-page.ts'
import { braunInstances, rcmaxInstances, type UnrelatedInstance } from './unrelated-instances.ts'

const solvers = [minMin, sufferage, lpt, kCheapestLpt, mct, maxMin, met, olb]

function measure({ problem, ...reference }: UnrelatedInstance) {
  const start = performance.now()
  const bound = lowerBound(problem, { timeWeight: 1 }).timeSeconds
  const boundMs = performance.now() - start
  const makespans = solvers.map((solve) => solve(problem).evaluation.timeSeconds)
  return { ...reference, bound, boundMs, makespans }
}

function table(folder: string, rows: readonly ReturnType<typeof measure>[]): string {
  const names = solvers.map((solve) => solve.name)
  const instances = markdownTable(rows, [
    { title: 'instance', value: ({ name }) => name },
    { title: 'relaxation', value: ({ relaxation }) => relaxation, digits: 7 },
    { title: 'bound', value: ({ bound }) => bound, digits: 7 },
    { title: 'best', value: ({ best }) => best, digits: 7 },
    ...names.map((name, k) => ({
      title: name,
      value: ({ makespans }: (typeof rows)[number]) => makespans[k]!,
      digits: 7,
    })),
  ])
  const gaps = names.map((name, k) => ({
    solver: name,
    gap: 100 * mean(rows.map(({ makespans, best }) => makespans[k]! / best - 1)),
  }))
  const below = rows.map(({ bound, relaxation }) => 100 * (1 - bound / relaxation))
  return `### ${folder}

${instances}

The bound is at most ${Math.max(...below).toFixed(4)} % below the linear relaxation, and takes ${mean(rows.map(({ boundMs }) => boundMs)).toFixed(0)} ms in the mean.

${markdownTable(gaps, ['solver', { title: 'mean gap to best, %', value: ({ gap }) => gap, digits: 3 }])}`
}

const braunRows = braunInstances().map(measure)
const rcmaxRows = rcmaxInstances().map(measure)
const body = `Makespans in seconds; relaxation and best (for R||Cmax the proven optimum) as they stand with the data.

${table('Braun et al. (2001), Nesmachnow et al. (2012)', braunRows)}

${table('R||Cmax, Fanjul-Peyro and Ruiz (2010)', rcmaxRows)}`
console.log(body)
writePage({
  name: 'unrelated-heuristics',
  title: 'Constructive heuristics and the bound on unrelated machines',
  command: 'npx tsx bench/unrelated-heuristics.ts',
  seeds: 'none',
  body,
})
