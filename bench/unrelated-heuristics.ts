/**
 * Every constructive heuristic and the lower bound on the Braun and the R||Cmax instances, beside the reference values
 * that stand with the data; written to docs/results/unrelated-heuristics.md. Says so and stops where the data is not
 * there (CLOUDSCHED_DATA names its folder).
 *
 *   npx tsx bench/unrelated-heuristics.ts
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import {
  createProblem,
  kCheapestLpt,
  lowerBound,
  lpt,
  maxMin,
  mct,
  met,
  minMin,
  olb,
  type Problem,
  sufferage,
} from 'cloudsched'
import { readBraunEtc, readRcmaxEtc } from 'cloudsched/io'
import { markdownTable } from 'cloudsched/report'
import { mean, writePage } from './evidence-page.ts'

const data = process.env['CLOUDSCHED_DATA'] ?? join(import.meta.dirname, '../../shared/data')
if (!existsSync(join(data, 'braun-etc'))) {
  console.log(`No data in ${data}: nothing measured.`)
  process.exit(0)
}

const solvers = [minMin, sufferage, lpt, kCheapestLpt, mct, maxMin, met, olb]

/** What the README beside the data knows of an instance. */
interface Reference {
  readonly name: string
  /** Value of the linear relaxation. */
  readonly relaxation: number
  /** Makespan of the best known schedule, or the proven optimum. */
  readonly best: number
}

/** The rows of the tables in a README whose first cell names a file that is there. */
function references(folder: string, relaxationColumn: number, bestColumn: number): Reference[] {
  return readFileSync(join(folder, 'README.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => fileOf(folder, cells[1] ?? '') !== null && Number(cells[bestColumn]) > 0)
    .map((cells) => ({ name: cells[1]!, relaxation: Number(cells[relaxationColumn]), best: Number(cells[bestColumn]) }))
}

function fileOf(folder: string, name: string): string | null {
  if (!name.includes('/')) return null
  const [group, file] = name.split('/') as [string, string]
  const found =
    existsSync(join(folder, group)) && readdirSync(join(folder, group)).find((entry) => entry.split('.txt')[0] === file)
  return found ? join(folder, group, found) : null
}

function read(path: string): Uint8Array {
  const bytes = readFileSync(path)
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes
}

function measure(folder: string, reference: Reference, readEtc: typeof readBraunEtc) {
  const problem: Problem = createProblem({ etc: readEtc(read(fileOf(folder, reference.name)!)) })
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

const braun = join(data, 'braun-etc')
const rcmax = join(data, 'rcmax-unrelated')
const braunRows = references(braun, 3, 5).map((reference) => measure(braun, reference, readBraunEtc))
const rcmaxRows = references(rcmax, 5, 4).map((reference) => measure(rcmax, reference, readRcmaxEtc))
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
