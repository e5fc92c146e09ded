import { oneOf, type OptionEntries, readOptions } from '../errors/read-options.ts'
import type { TaskInput } from '../model/task.ts'
import { amount, positive, positiveCount, text } from './cells.ts'
import { type ReferenceSpeedOptions, referenceSpeedDefaults, referenceSpeedEntries } from './reference-speed.ts'
import { column, type Layout, readTable } from './table.ts'
import type { TextSource } from './text.ts'

/** A batch task: a number of equal instances that come in together. */
export interface AlibabaBatchTask {
  readonly submitSeconds: number
  /** Mean over the instances. */
  readonly durationSeconds: number
  /** Per instance. */
  readonly cpuCores: number
  /** Per instance, as a share of the memory of a machine. */
  readonly memoryShare: number
  readonly jobId: string
  readonly taskId: string
  readonly instanceCount: number
  readonly disk: number
}

const layout: Layout<AlibabaBatchTask> = {
  submitSeconds: column('submit_time', amount),
  durationSeconds: column('duration', positive),
  cpuCores: column('cpu', amount),
  memoryShare: column('memory', amount),
  jobId: column('job_id', text),
  taskId: column('task_id', text),
  instanceCount: column('instances_num', positiveCount),
  disk: column('disk', amount),
}

/**
 * Reads batch tasks of an Alibaba cluster from CSV with the columns submit_time, duration, cpu, memory, job_id, task_id,
 * instances_num and disk. Rows stay in the order of the file, which is not that of time.
 *
 * @throws CloudschedError `format` with every finding at once
 */
export function readAlibabaBatchTasks(source: TextSource): AlibabaBatchTask[] {
  return readTable(source, layout)
}

/** Options of `alibabaBatchToTasks`. */
export interface AlibabaBatchToTasksOptions extends ReferenceSpeedOptions {
  /** 'task': one task for all instances, whose lengths add up. 'instance': a task for each. @defaultValue 'task' */
  readonly granularity?: 'task' | 'instance'
}

const entries: OptionEntries = { ...referenceSpeedEntries, granularity: oneOf('task', 'instance') }
const defaults = { ...referenceSpeedDefaults, granularity: 'task' as 'task' | 'instance' }

/**
 * Turns batch tasks into tasks: lengthMi = duration x speedMips, times the number of instances with granularity 'task';
 * demand of one instance, `cpu` in cores and `memory` as a share of a machine, so that a VM of a whole machine states
 * `capacity: { memory: 1 }`; arrivalSeconds = submit_time; id = `job_id.task_id`, with `.0`, `.1`, ... for instances.
 *
 * @throws CloudschedError `invalid-option`
 */
export function alibabaBatchToTasks(
  batch: readonly AlibabaBatchTask[],
  options: AlibabaBatchToTasksOptions = {},
): TaskInput[] {
  const { speedMips, granularity } = readOptions(entries, defaults, options)
  return batch.flatMap(({ submitSeconds, durationSeconds, cpuCores, memoryShare, jobId, taskId, instanceCount }) => {
    const id = `${jobId}.${taskId}`
    const lengthMi = durationSeconds * speedMips
    const shared = { demand: { cpu: cpuCores, memory: memoryShare }, arrivalSeconds: submitSeconds }
    if (granularity === 'task') return [{ id, lengthMi: lengthMi * instanceCount, ...shared }]
    return Array.from({ length: instanceCount }, (_, instance) => ({ id: `${id}.${instance}`, lengthMi, ...shared }))
  })
}
