import { ln } from '../../random/portable-math.ts'
import { latencyBound, type Cloud, type CloudTask, type Resource } from '../clouds/cloud.ts'
import { effectiveTimes } from '../clouds/effective-times.ts'
import { exactAllocation } from '../clouds/exact-allocation.ts'
import type { SupportRecord, SupportSet } from '../clouds/support.ts'
import type { Rows } from '../episodes/episode.ts'
import { fitScaler, type Scaler, standardise } from './scaler.ts'

/**
 * Features of the fixed-slot form, the one of the seed: a row per task, an output per resource. A row is: one-hot of the
 * class | ln compute, ln storage, ln network, ln latency bound, standardised. What the resources are like is not in it: a
 * slot means the same resource from one decision to the next, and only within one cloud.
 */
export interface TaskFeatures {
  readonly form: 'slots'
  readonly classCount: number
  readonly task: Scaler
}

/** What each column stands for; part of every model. */
export function taskFeatureNames({ classCount }: TaskFeatures): string[] {
  return [
    ...Array.from({ length: classCount }, (_, c) => `class ${c}`),
    'ln computeGflop',
    'ln storageGb',
    'ln networkMbit',
    'ln latency bound',
  ]
}

function taskNumbers(task: CloudTask): number[] {
  return [ln(task.computeGflop), ln(task.storageGb), ln(task.networkMbit), ln(latencyBound(task))]
}

/** Fits the features to the past tasks of training clouds. */
export function fitTaskFeatures(clouds: readonly Cloud[]): TaskFeatures {
  return {
    form: 'slots',
    classCount: clouds.reduce((most, { hidden }) => Math.max(most, hidden.efficiency.length), 1),
    task: fitScaler(clouds.flatMap(({ history }) => history.map(taskNumbers))),
  }
}

/** Columns of a row. */
export function taskInputCount({ classCount }: TaskFeatures): number {
  return classCount + 4
}

/** One row per task. */
export function taskInputs(features: TaskFeatures, tasks: readonly CloudTask[]): Float32Array {
  const width = taskInputCount(features)
  const x = new Float32Array(tasks.length * width)
  tasks.forEach((task, row) => {
    x[row * width + task.workloadClass] = 1
    standardise(features.task, taskNumbers(task), x, row * width + features.classCount)
  })
  return x
}

/**
 * A support set as rows. The target of a record is the exact allocation over the resources whose times it revealed; of the
 * others it says nothing.
 *
 * @param slots - length of a target; slots beyond the resources stay empty
 */
export function taskSupport(features: TaskFeatures, { resources, records }: SupportSet, slots: number): Rows {
  const y = new Float32Array(records.length * slots)
  records.forEach((record, row) => {
    revealedAllocation(record, resources).forEach((ratio, k) => {
      y[row * slots + record.resources[k]!] = ratio
    })
  })
  return {
    count: records.length,
    x: taskInputs(
      features,
      records.map(({ task }) => task),
    ),
    y,
  }
}

function revealedAllocation(
  { task, resources: used, seconds }: SupportRecord,
  resources: readonly Resource[],
): Float64Array {
  const times = { taskCount: 1, resourceCount: used.length, seconds: Float64Array.from(seconds) }
  return exactAllocation(
    [task],
    used.map((j) => resources[j]!),
    times,
  ).ratios
}

/** The true targets of a cloud's tasks of the past: known in training alone. */
export function taskTargets(cloud: Cloud, tasks: readonly CloudTask[], slots: number): Float32Array {
  const { resources, hidden } = cloud
  const { ratios } = exactAllocation(tasks, resources, effectiveTimes(tasks, resources, hidden))
  const y = new Float32Array(tasks.length * slots)
  for (let i = 0; i < tasks.length; i++) {
    for (let j = 0; j < resources.length; j++) y[i * slots + j] = ratios[i * resources.length + j]!
  }
  return y
}
