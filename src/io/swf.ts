import { oneOf, type OptionEntries, readOptions } from '../errors/read-options.ts'
import type { TaskInput } from '../model/task.ts'
import { amount, anyNumber, orMinusOne } from './cells.ts'
import { type ReferenceSpeedOptions, referenceSpeedDefaults, referenceSpeedEntries } from './reference-speed.ts'
import { type Column, column, type Layout, readTable } from './table.ts'
import type { TextSource } from './text.ts'

const known = orMinusOne(amount)

/** A job of a log; `null` where the log has -1, unknown. */
export interface SwfJob {
  readonly jobNumber: number
  readonly submitSeconds: number | null
  readonly waitSeconds: number | null
  readonly runSeconds: number | null
  readonly allocatedProcessors: number | null
  /** Mean over the processors. */
  readonly meanCpuSeconds: number | null
  /** Per processor. */
  readonly usedMemoryKb: number | null
  readonly requestedProcessors: number | null
  /** The user's estimate of the run time. */
  readonly requestedSeconds: number | null
  /** Per processor. */
  readonly requestedMemoryKb: number | null
  /** 0 failed, 1 completed, 5 cancelled; 2 to 4 are parts of a job that was checkpointed. */
  readonly status: number | null
  readonly user: number | null
  readonly group: number | null
  readonly application: number | null
  readonly queue: number | null
  readonly partition: number | null
  readonly precedingJob: number | null
  /** Seconds between the end of the preceding job and the submission of this one. */
  readonly thinkSeconds: number | null
}

/** The 18 numbers of a line, in order. */
const layout: Layout<SwfJob> = {
  jobNumber: column('job number', anyNumber),
  submitSeconds: column('submit time', known),
  waitSeconds: column('wait time', known),
  runSeconds: column('run time', known),
  allocatedProcessors: column('allocated processors', known),
  meanCpuSeconds: column('mean CPU time', known),
  usedMemoryKb: column('used memory', known),
  requestedProcessors: column('requested processors', known),
  requestedSeconds: column('requested time', known),
  requestedMemoryKb: column('requested memory', known),
  status: column('status', known),
  user: column('user', known),
  group: column('group', known),
  application: column('application', known),
  queue: column('queue', known),
  partition: column('partition', known),
  precedingJob: column('preceding job', known),
  thinkSeconds: column('think time', known),
}

const header = Object.values<Column<unknown>>(layout).flatMap(({ titles }) => titles)

/** A log in the Standard Workload Format. */
export interface SwfLog {
  /** The header comments `; Key: value`; values of a repeated key and of its continuation lines joined by line breaks. */
  readonly header: Readonly<Record<string, string>>
  /** In the order of the file. */
  readonly jobs: readonly SwfJob[]
}

/**
 * Reads a log in the Standard Workload Format of the Parallel Workloads Archive: comments after `;`, then 18 numbers a
 * line.
 *
 * @throws CloudschedError `format` with every finding at once
 */
export function readSwf(source: TextSource): SwfLog {
  const comments: string[] = []
  const jobs = readTable(source, layout, {
    delimiter: 'blanks',
    header,
    comment: ';',
    onComment: (line) => comments.push(line),
  })
  return { header: readHeader(comments), jobs }
}

function readHeader(comments: readonly string[]): Record<string, string> {
  const entries = new Map<string, string[]>()
  let values: string[] = []
  for (const comment of comments) {
    const [, key, value = ''] = /^; ?(\w+):\s*(.*)$/.exec(comment) ?? []
    if (key !== undefined) {
      values = entries.get(key) ?? []
      entries.set(key, values)
    }
    const content = (key === undefined ? comment.slice(1) : value).trim()
    if (content !== '') values.push(content)
  }
  return Object.fromEntries(Array.from(entries, ([key, lines]) => [key, lines.join('\n')]))
}

/** Options of `swfToTasks`. */
export interface SwfToTasksOptions extends ReferenceSpeedOptions {
  /**
   * What the processors of a job become. 'length': lengthMi = run time x processors x speedMips, the work of the whole
   * job, on one core. 'cores': lengthMi = run time x speedMips on each of `cores` = processors, as the simulator runs
   * it. @defaultValue 'length'
   */
  readonly processors?: 'length' | 'cores'
}

const entries: OptionEntries = { ...referenceSpeedEntries, processors: oneOf('length', 'cores') }
const defaults = { ...referenceSpeedDefaults, processors: 'length' as 'length' | 'cores' }

/**
 * Turns jobs of a log into tasks: id = job number, arrivalSeconds = submit time, length by the stated rule. Processors
 * are the allocated ones, or the requested ones where these are unknown.
 *
 * @returns the tasks, and the jobs that gave none: run time, processors or submit time unknown, run time or processors 0
 * @throws CloudschedError `invalid-option`
 * @example
 * const { tasks, skipped } = swfToTasks(readSwf(text).jobs.slice(0, 256), { speedMips: 1000 })
 */
export function swfToTasks(
  jobs: readonly SwfJob[],
  options: SwfToTasksOptions = {},
): { readonly tasks: TaskInput[]; readonly skipped: SwfJob[] } {
  const { speedMips, processors } = readOptions(entries, defaults, options)
  const tasks: TaskInput[] = []
  const skipped: SwfJob[] = []
  for (const job of jobs) {
    const { jobNumber, submitSeconds, runSeconds } = job
    const count = job.allocatedProcessors ?? job.requestedProcessors
    if (!runSeconds || !count || submitSeconds === null) {
      skipped.push(job)
      continue
    }
    const shape =
      processors === 'length'
        ? { lengthMi: runSeconds * count * speedMips }
        : { lengthMi: runSeconds * speedMips, cores: count }
    tasks.push({ id: String(jobNumber), ...shape, arrivalSeconds: submitSeconds })
  }
  return { tasks, skipped }
}
