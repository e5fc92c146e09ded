import { basename, extname } from 'node:path'
import { CloudschedError, isCloudschedError } from '../errors/cloudsched-error.ts'
import { alibabaBatchToTasks, readAlibabaBatchTasks } from '../io/alibaba-batch.ts'
import { readBraunEtc } from '../io/braun-etc.ts'
import { readTasksCsv, readVmsCsv } from '../io/problem-csv.ts'
import { readProblemJson } from '../io/problem-json.ts'
import { readRcmaxEtc } from '../io/rcmax-etc.ts'
import { readSwf, swfToTasks } from '../io/swf.ts'
import { createProblem, type Problem, type ProblemInput } from '../model/problem.ts'
import type { TaskInput } from '../model/task.ts'
import { countOf, numberOf, wordOf } from './arguments.ts'
import { readInput } from './files.ts'
import { UsageError } from './io.ts'

/** Options that say how the input is to be read. */
export const inputArguments = {
  from: { type: 'string' },
  first: { type: 'string' },
  'reference-mips': { type: 'string' },
} as const

export interface InputValues {
  readonly from?: string | undefined
  readonly first?: string | undefined
  readonly 'reference-mips'?: string | undefined
}

/** Formats of one file that states a whole problem. */
const problemFormats = ['json', 'braun', 'rcmax'] as const
/** Formats of a file of tasks, beside which the VMs stand in a second one. */
const taskFormats = ['csv', 'swf', 'alibaba'] as const

type Format = (typeof problemFormats)[number] | (typeof taskFormats)[number]

/** A problem and the name of the file it came from. */
export interface NamedProblem {
  readonly name: string
  readonly problem: Problem
}

/**
 * Reads what the files state: tasks and VMs from two files, or a problem from each.
 *
 * @param note - is told what the input holds that the problem does not
 * @throws UsageError, CloudschedError `format`, `invalid-input` or `infeasible`, with the name of the file
 */
export async function readProblems(
  files: readonly string[],
  values: InputValues,
  note: (text: string) => void,
): Promise<NamedProblem[]> {
  const given = wordOf('--from', values.from, [...problemFormats, ...taskFormats])
  const [first, second, ...more] = files
  if (first === undefined) throw new UsageError('Name the input: a file of tasks and one of VMs, or a problem.')
  const format = given ?? formatOf(first)
  if (!isTaskFormat(format)) return readAll(files, given)
  if (second === undefined) throw new UsageError(`${first} holds tasks: name the file of the VMs after it.`)
  if (more.length > 0) throw new UsageError(`Two files state a problem, tasks and VMs: what is ${more[0]} for?`)
  const tasks = await named(first, async () => readTasks(await readInput(first), format, values, note))
  const vms = await named(second, async () => {
    const bytes = await readInput(second)
    return formatOf(second) === 'json' ? (readProblemJson(bytes).vms ?? []) : readVmsCsv(bytes)
  })
  return [
    { name: nameOf(first), problem: await named(`${first}, ${second}`, async () => createProblem({ tasks, vms })) },
  ]
}

async function readAll(files: readonly string[], given: Format | undefined): Promise<NamedProblem[]> {
  const problems: NamedProblem[] = []
  for (const file of files) {
    if (given === undefined && isTaskFormat(formatOf(file)))
      throw new UsageError(`${file} holds tasks or VMs: state a problem by a pair of them, or by a file of its own.`)
    const problem = await named(file, async () =>
      createProblem(readProblem(await readInput(file), given ?? formatOf(file))),
    )
    problems.push({ name: nameOf(file), problem })
  }
  return problems
}

/** What a name says: tables end in .csv, logs in .swf, problems in .json; ETC matrices are published under any name. */
function formatOf(file: string): Format {
  const ending = extname(file.replace(/\.gz$/i, '')).toLowerCase()
  return ending === '.json' ? 'json' : ending === '.csv' ? 'csv' : ending === '.swf' ? 'swf' : 'braun'
}

function isTaskFormat(format: Format): format is (typeof taskFormats)[number] {
  return (taskFormats as readonly Format[]).includes(format)
}

function nameOf(file: string): string {
  return basename(file).replace(/(\.(csv|json|swf))?(\.gz)?$/i, '')
}

function readProblem(bytes: Uint8Array, format: Format): ProblemInput {
  if (format === 'braun') return { etc: readBraunEtc(bytes) }
  return format === 'rcmax' ? { etc: readRcmaxEtc(bytes) } : readProblemJson(bytes)
}

function readTasks(
  bytes: Uint8Array,
  format: (typeof taskFormats)[number],
  values: InputValues,
  note: (text: string) => void,
): TaskInput[] {
  const count = countOf('--first', values.first) ?? Infinity
  const speedMips = numberOf('--reference-mips', values['reference-mips'])
  const speed = speedMips === undefined ? {} : { speedMips }
  if (format === 'csv') return readTasksCsv(bytes).slice(0, count)
  if (format === 'alibaba') return alibabaBatchToTasks(readAlibabaBatchTasks(bytes).slice(0, count), speed)
  const { tasks, skipped } = swfToTasks(readSwf(bytes).jobs, speed)
  if (skipped.length > 0)
    note(`${skipped.length} jobs of the log have no run time, processors or submit time and are left out.`)
  return tasks.slice(0, count)
}

/** Puts the name of the file into each path of an error. */
async function named<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isCloudschedError(error)) throw error
    const [first, ...rest] = error.findings.map((finding) => ({
      ...finding,
      path: finding.path === file ? file : `${file}: ${finding.path}`,
    }))
    throw new CloudschedError(error.code, [first!, ...rest], { cause: error })
  }
}
