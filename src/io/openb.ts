import { readOptions } from '../errors/read-options.ts'
import type { TaskInput } from '../model/task.ts'
import type { VmInput } from '../model/vm.ts'
import { amount, type Cell, count, orEmpty, text } from './cells.ts'
import { type ReferenceSpeedOptions, referenceSpeedDefaults, referenceSpeedEntries } from './reference-speed.ts'
import { column, type Layout, readTable } from './table.ts'
import type { TextSource } from './text.ts'

/** A node of the openb GPU cluster. */
export interface OpenbNode {
  readonly id: string
  /** 1000 = one core. */
  readonly cpuMilli: number
  readonly memoryMib: number
  readonly gpuCount: number
  /** `null` on a node without GPUs. */
  readonly gpuModel: string | null
}

/** A pod of the openb GPU cluster. Times are in seconds. */
export interface OpenbPod {
  readonly id: string
  readonly cpuMilli: number
  readonly memoryMib: number
  readonly gpuCount: number
  /** Share of one GPU, 1000 = whole; says something only where gpuCount is 1. */
  readonly gpuMilli: number
  /** The GPU models the pod accepts; `null` = any. */
  readonly gpuModels: readonly string[] | null
  readonly qos: string
  readonly phase: string
  readonly creationSeconds: number
  /** `null` where the pod was not deleted. */
  readonly deletionSeconds: number | null
  /** `null` where the pod was never scheduled. */
  readonly scheduledSeconds: number | null
}

const models: Cell<readonly string[]> = {
  rule: 'GPU models with | between them',
  parse: (cell) => [...new Set(cell.split('|'))],
}

const nodeLayout: Layout<OpenbNode> = {
  id: column('sn', text),
  cpuMilli: column('cpu_milli', amount),
  memoryMib: column('memory_mib', amount),
  gpuCount: column('gpu', count),
  gpuModel: column('model', orEmpty(text, null)),
}

const podLayout: Layout<OpenbPod> = {
  id: column('name', text),
  cpuMilli: column('cpu_milli', amount),
  memoryMib: column('memory_mib', amount),
  gpuCount: column('num_gpu', count),
  gpuMilli: column('gpu_milli', amount),
  gpuModels: column('gpu_spec', orEmpty(models, null)),
  qos: column('qos', text),
  phase: column('pod_phase', text),
  creationSeconds: column('creation_time', amount),
  deletionSeconds: column('deletion_time', orEmpty(amount, null)),
  scheduledSeconds: column('scheduled_time', orEmpty(amount, null)),
}

/**
 * Reads the nodes of the openb cluster from CSV: sn, cpu_milli, memory_mib, gpu, model.
 *
 * @throws CloudschedError `format` with every finding at once
 */
export function readOpenbNodes(source: TextSource): OpenbNode[] {
  return readTable(source, nodeLayout)
}

/**
 * Reads the pods of the openb cluster from CSV: name, cpu_milli, memory_mib, num_gpu, gpu_milli, gpu_spec, qos,
 * pod_phase, creation_time, deletion_time, scheduled_time.
 *
 * @throws CloudschedError `format` with every finding at once
 */
export function readOpenbPods(source: TextSource): OpenbPod[] {
  return readTable(source, podLayout)
}

/**
 * Turns nodes into VMs: capacity `cpu` in cores, `memoryMib`, `gpu` in GPUs; label `gpuModel` where there is one. The
 * trace states no speeds: all nodes get speedMips.
 *
 * @throws CloudschedError `invalid-option`
 */
export function openbNodesToVms(nodes: readonly OpenbNode[], options: ReferenceSpeedOptions = {}): VmInput[] {
  const { speedMips } = readOptions(referenceSpeedEntries, referenceSpeedDefaults, options)
  return nodes.map(({ id, cpuMilli, memoryMib, gpuCount, gpuModel }) => ({
    id,
    speedMips,
    capacity: { cpu: cpuMilli / 1000, memoryMib, gpu: gpuCount },
    ...(gpuModel === null ? {} : { labels: { gpuModel } }),
  }))
}

/** GPUs that a pod asks for: a part of one, or whole ones. */
export function openbGpuDemand({ gpuCount, gpuMilli }: OpenbPod): number {
  return gpuCount === 1 ? gpuMilli / 1000 : gpuCount
}

/**
 * Turns pods into tasks: demand `cpu` in cores, `memoryMib`, `gpu` in GPUs (a part of one, or whole ones); required label
 * `gpuModel` where the pod states models; arrivalSeconds = creation time; lengthMi = (deletion - scheduled, or creation
 * where it never was scheduled) x speedMips.
 *
 * @returns the tasks, and the pods that gave none because they have no end or no length
 * @throws CloudschedError `invalid-option`
 */
export function openbPodsToTasks(
  pods: readonly OpenbPod[],
  options: ReferenceSpeedOptions = {},
): { readonly tasks: TaskInput[]; readonly skipped: OpenbPod[] } {
  const { speedMips } = readOptions(referenceSpeedEntries, referenceSpeedDefaults, options)
  const tasks: TaskInput[] = []
  const skipped: OpenbPod[] = []
  for (const pod of pods) {
    const { id, cpuMilli, memoryMib, gpuModels, creationSeconds, deletionSeconds, scheduledSeconds } = pod
    const seconds = (deletionSeconds ?? Number.NaN) - (scheduledSeconds ?? creationSeconds)
    if (!(seconds > 0)) {
      skipped.push(pod)
      continue
    }
    tasks.push({
      id,
      lengthMi: seconds * speedMips,
      demand: { cpu: cpuMilli / 1000, memoryMib, gpu: openbGpuDemand(pod) },
      arrivalSeconds: creationSeconds,
      ...(gpuModels === null ? {} : { requiredLabels: { gpuModel: gpuModels } }),
    })
  }
  return { tasks, skipped }
}
