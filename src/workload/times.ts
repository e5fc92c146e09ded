import { type OptionRule, satisfying } from '../errors/read-options.ts'
import { exponential } from '../random/distributions.ts'
import type { TaskInput } from '../model/task.ts'
import { type Rng, type Seed, substream } from '../random/rng.ts'
import { type Distribution, isDistribution, sample } from './distribution.ts'

/** How tasks come in over time, as plain data. */
export type Arrivals =
  /** One by one, with independent exponential gaps. */
  | { readonly kind: 'poisson'; readonly perSecond: number }
  /** Many at one instant: batches of a drawn size (rounded, at least 1) with independent exponential gaps. */
  | { readonly kind: 'batched'; readonly batchesPerSecond: number; readonly batchSize: Distribution }

/** Arrival of each task in seconds, ascending, in whole milliseconds. */
export function arrivalTimes(rng: Rng, count: number, arrivals: Arrivals): number[] {
  const perSecond = arrivals.kind === 'poisson' ? arrivals.perSecond : arrivals.batchesPerSecond
  const times: number[] = []
  let now = 0
  while (times.length < count) {
    now += exponential(rng, 1 / perSecond)
    const size = arrivals.kind === 'poisson' ? 1 : Math.max(1, Math.round(sample(arrivals.batchSize, rng)))
    const time = Math.round(now * 1000) / 1000
    for (let i = 0; i < size && times.length < count; i++) times.push(time)
  }
  return times
}

/**
 * Adds arrivals, and deadlines by slack: deadline = arrival + slack * running time, rounded to milliseconds.
 *
 * @param runningSeconds - the time of a task for which slack 1 leaves no room
 */
export function withTimes(
  tasks: readonly TaskInput[],
  runningSeconds: (task: number) => number,
  seed: Seed,
  arrivals: Arrivals | undefined,
  slack: Distribution | undefined,
): readonly TaskInput[] {
  if (!arrivals && !slack) return tasks
  const times = arrivals ? arrivalTimes(substream(seed, 'workload/arrivals'), tasks.length, arrivals) : null
  const slackRng = substream(seed, 'workload/deadlineSlack')
  return tasks.map((task, index) => {
    const arrival = times?.[index] ?? 0
    return {
      ...task,
      ...(times ? { arrivalSeconds: arrival } : {}),
      ...(slack
        ? { deadlineSeconds: Math.round((arrival + sample(slack, slackRng) * runningSeconds(index)) * 1000) / 1000 }
        : {}),
    }
  })
}

export const arrivalsEntry: OptionRule<Arrivals> = satisfying<Arrivals>(
  isArrivals,
  `{ kind: 'poisson', perSecond } or { kind: 'batched', batchesPerSecond, batchSize } with rates > 0`,
)

function isArrivals(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const given = value as Record<string, unknown>
  const isRate = (x: unknown): boolean => typeof x === 'number' && Number.isFinite(x) && x > 0
  if (given['kind'] === 'poisson') return isRate(given['perSecond'])
  return given['kind'] === 'batched' && isRate(given['batchesPerSecond']) && isDistribution(given['batchSize'], 0)
}
