/**
 * Local search, the genetic algorithm and WHAQL on the Braun and the R||Cmax instances, the same time each, beside the
 * best known makespans.
 *
 *   npx tsx bench/local-search-unrelated.ts [--seconds 10]
 */
import { parseArgs } from 'node:util'
import { geneticAlgorithm, iteratedLocalSearch, minMin, type Solver, simulatedAnnealing, whaql } from 'cloudsched'
import { markdownTable } from 'cloudsched/report'
import { mean, writePage } from './evidence-page.ts'
import { braunInstances, rcmaxInstances, type UnrelatedInstance } from './unrelated-instances.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } })
const timeLimitMs = 1000 * Number(values.seconds)
const all: Record<string, Solver> = { minMin, simulatedAnnealing, iteratedLocalSearch, geneticAlgorithm, whaql }
const few: Record<string, Solver> = { minMin, simulatedAnnealing }

function section(title: string, instances: readonly UnrelatedInstance[], solvers: Record<string, Solver>): string {
  const names = Object.keys(solvers)
  const rows = instances.map(({ name, best, problem }) => {
    const found = names.map((solver) => {
      const { evaluation, gap } = solvers[solver]!(problem, { timeLimitMs, seed: 1 })
      return { makespan: evaluation.timeSeconds, toBest: 100 * (evaluation.timeSeconds / best - 1), proven: 100 * gap! }
    })
    console.error(name, found.map(({ toBest }) => toBest.toFixed(3)).join('  '))
    return { name, best, found }
  })
  const columns = names.flatMap((solver, k) => [
    { title: `${solver}, makespan`, value: ({ found }: (typeof rows)[number]) => found[k]!.makespan, digits: 8 },
    { title: 'to best, %', value: ({ found }: (typeof rows)[number]) => found[k]!.toBest.toFixed(2) },
    ...(solver === 'simulatedAnnealing'
      ? [{ title: 'proven gap, %', value: ({ found }: (typeof rows)[number]) => found[k]!.proven.toFixed(2) }]
      : []),
  ])
  const table = markdownTable(rows, [
    { title: 'instance', value: ({ name }) => name },
    { title: 'best known', value: ({ best }) => best, digits: 8 },
    ...columns,
  ])
  const means = names
    .map((solver, k) => `${solver} ${mean(rows.map(({ found }) => found[k]!.toBest)).toFixed(2)} %`)
    .join(', ')
  return `## ${title}\n\n${table}\n\nMean distance to the best known: ${means}.`
}

const sections = [
  section('Braun et al., 512 x 16 and 1024 x 32', braunInstances(), all),
  section('Fanjul-Peyro and Ruiz: to the proven optima', rcmaxInstances(), few),
]
writePage({
  name: 'local-search-unrelated',
  title: 'Search on unrelated machines',
  command: `npx tsx bench/local-search-unrelated.ts --seconds ${values.seconds}`,
  seeds: '1',
  body: `${values.seconds} s a run on one core. "To best" is the distance to the best known makespan (for Fanjul-Peyro and Ruiz the proven optimum), "proven gap" the one that the library itself proves. Instances: see the README beside the data.\n\n${sections.join('\n\n')}`,
})
