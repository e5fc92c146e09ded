/** The published instances of unrelated machines, where the data is there (CLOUDSCHED_DATA names its folder). */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createProblem, type Problem } from 'cloudsched'
import { readBraunEtc, readRcmaxEtc } from 'cloudsched/io'

const data = process.env['CLOUDSCHED_DATA'] ?? join(import.meta.dirname, '../../shared/data')
if (!existsSync(join(data, 'braun-etc'))) {
  console.log(`No data in ${data}: nothing measured.`)
  process.exit(0)
}

/** What the README beside the data knows of an instance. */
export interface Reference {
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

/** One instance with what is known of it. */
export interface UnrelatedInstance extends Reference {
  readonly problem: Problem
}

function instances(
  name: string,
  relaxationColumn: number,
  bestColumn: number,
  readEtc: typeof readBraunEtc,
): UnrelatedInstance[] {
  const folder = join(data, name)
  return references(folder, relaxationColumn, bestColumn).map((reference) => ({
    ...reference,
    problem: createProblem({ etc: readEtc(read(fileOf(folder, reference.name)!)) }),
  }))
}

/** Braun et al. and larger ones of the same kind; `best` is the best schedule known. */
export const braunInstances: () => UnrelatedInstance[] = () => instances('braun-etc', 3, 5, readBraunEtc)

/** Fanjul-Peyro and Ruiz; `best` is the proven optimum. */
export const rcmaxInstances: () => UnrelatedInstance[] = () => instances('rcmax-unrelated', 5, 4, readRcmaxEtc)
