import type { PipelineTask, Pool } from '../../src/pipeline/pipeline-task.ts'

/** Options that the reference understands. */
export interface ReferenceOptions {
  readonly nowSeconds: number
  readonly policy: 'deadline-fit' | 'best-first'
  readonly formula: 'consistent' | 'literal'
  readonly minGain: number
  readonly cooldownSeconds: number
  readonly overcommit: number
  readonly onMiss: 'place' | 'reject'
}

/** A task with its expected demand as a path for each resource. */
export type ReferenceTask = PipelineTask & { readonly path: Readonly<Record<string, readonly number[]>> }

const resources = ['cpu', 'memoryMib']

/**
 * The rules of the round written down a second time, for comparison: nothing is kept from one decision to the next,
 * every sum is taken anew, every pool is looked at. It knows no `together`, and pools stay as they are now.
 *
 * @param clusters - ids of the pools, best cluster first
 */
export function referenceRound(
  tasks: readonly ReferenceTask[],
  pools: readonly Pool[],
  clusters: readonly (readonly string[])[],
  options: ReferenceOptions,
): { assignment: Record<string, string>; finish: Record<string, number>; refused: string[]; order: string[] } {
  const { nowSeconds, policy, formula, minGain, cooldownSeconds, overcommit, onMiss } = options
  const where = new Map(tasks.flatMap(({ id, pool }) => (pool === undefined ? [] : [[id, pool] as const])))
  const queue = new Map(pools.map(({ id }) => [id, 0]))
  const finishOf: Record<string, number> = {}
  const refused: string[] = []
  const order: string[] = []
  const steps = tasks[0]?.path['cpu']!.length ?? 1

  const loads = (pool: Pool, resource: string, also: readonly ReferenceTask[]): number[] =>
    Array.from({ length: steps }, (_, h) =>
      [...tasks.filter(({ id }) => where.get(id) === pool.id), ...also].reduce(
        (sum, task) => sum + task.path[resource]![h]!,
        0,
      ),
    )
  const loadOf = (pool: Pool, task: ReferenceTask): number =>
    Math.max(...resources.flatMap((r) => loads(pool, r, [task]).map((used) => used / pool.capacity[r]!)))
  const fits = (pool: Pool, task: ReferenceTask): boolean =>
    resources.every((r) => loads(pool, r, [task]).every((used) => used <= pool.capacity[r]! * overcommit))
  const calls = (a: ReferenceTask, b: ReferenceTask): number =>
    Math.max(a.affinity?.[b.id] ?? 0, b.affinity?.[a.id] ?? 0)
  const areApart = (a: ReferenceTask, b: ReferenceTask): boolean =>
    a.id !== b.id && ((a.apart ?? []).includes(b.id) || (b.apart ?? []).includes(a.id))
  const isForbidden = (pool: Pool, task: ReferenceTask): boolean =>
    tasks.some((other) => where.get(other.id) === pool.id && areApart(task, other))
  const times = (pool: Pool, task: ReferenceTask, also: readonly ReferenceTask[]) => {
    const away = tasks.filter(({ id }) => id !== task.id && where.get(id) !== undefined && where.get(id) !== pool.id)
    const ratio = Math.max(...loads(pool, 'cpu', also).map((used) => used / pool.capacity['cpu']!))
    const computing = task.lengthMi / pool.speedMips
    const execution = formula === 'literal' ? ratio + computing : computing * Math.max(1, ratio)
    const wait = queue.get(pool.id)! + away.reduce((sum, other) => sum + calls(task, other), 0) / 1024
    const transfer = (8 * (task.inputMegabytes ?? 0)) / pool.bandwidthMbps
    const start = Math.max(nowSeconds, task.arrivalSeconds ?? 0) + wait
    return { finish: start + transfer + execution, occupied: formula === 'literal' ? computing : execution }
  }
  const put = (pool: Pool, task: ReferenceTask): void => {
    const { finish, occupied } = times(pool, task, [task])
    finishOf[task.id] = finish
    queue.set(pool.id, queue.get(pool.id)! + occupied)
    where.set(task.id, pool.id)
    order.push(task.id)
  }
  const poolById = (id: string | undefined): Pool | undefined => pools.find((pool) => pool.id === id)
  const total = (r: string): number => pools.reduce((sum, pool) => sum + pool.capacity[r]!, 0)
  const shareOf = (task: ReferenceTask): number[] => [
    Math.max(...resources.flatMap((r) => task.path[r]!.map((need) => need / total(r)))),
    Math.max(...resources.map((r) => (task.demand[r] ?? 0) / total(r))),
  ]
  const before = (a: ReferenceTask, b: ReferenceTask, slack: (task: ReferenceTask) => number): number => {
    const key = (task: ReferenceTask): number[] => [
      slack(task),
      task.deadlineSeconds ?? Infinity,
      ...shareOf(task).map((share) => -share),
    ]
    const [x, y] = [key(a), key(b)]
    const at = x.findIndex((value, i) => value !== y[i])
    return at < 0 ? (a.id < b.id ? -1 : 1) : x[at]! < y[at]! ? -1 : 1
  }

  const cooling = tasks.filter((task) => nowSeconds - (task.movedAtSeconds ?? -Infinity) < cooldownSeconds)
  for (const task of cooling.toSorted((a, b) => before(a, b, () => 0))) {
    const home = poolById(task.pool)
    if (home === undefined || isForbidden(home, task)) continue
    where.delete(task.id)
    put(home, task)
  }
  const open = tasks.filter(({ id }) => !order.includes(id))
  const slackOf = new Map(
    open.map((task) => [
      task.id,
      (task.deadlineSeconds ?? Infinity) -
        Math.min(...pools.map((pool) => times(pool, task, where.get(task.id) === pool.id ? [] : [task]).finish)),
    ]),
  )
  const sequence = policy === 'best-first' ? clusters : clusters.toReversed()
  for (const task of open.toSorted((a, b) => before(a, b, ({ id }) => slackOf.get(id)!))) {
    where.delete(task.id)
    const deadline = task.deadlineSeconds ?? Infinity
    const able = pools
      .filter((pool) => fits(pool, task) && !isForbidden(pool, task))
      .map((pool) => ({ pool, load: loadOf(pool, task), finish: times(pool, task, [task]).finish }))
    const home = able.find(({ pool }) => pool.id === task.pool)
    const inTime = able.filter(({ finish }) => finish <= deadline)
    const cluster = sequence.find((ids) => inTime.some(({ pool }) => ids.includes(pool.id)))
    const best = inTime
      .filter(({ pool }) => cluster?.includes(pool.id))
      .sort((a, b) => a.load - b.load || a.finish - b.finish || (a.pool.id < b.pool.id ? -1 : 1))[0]
    const earliest = able.sort((a, b) => a.finish - b.finish || a.load - b.load || (a.pool.id < b.pool.id ? -1 : 1))[0]
    if (best !== undefined) {
      const stays = home !== undefined && home.finish <= deadline && home.load - best.load < minGain
      put((stays ? home : best).pool, task)
    } else if (earliest === undefined || onMiss === 'reject') {
      refused.push(task.id)
      order.push(task.id)
    } else {
      const gain = home ? (home.finish - earliest.finish) / (home.finish - nowSeconds) : 0
      put(home && !(gain > 0 && gain >= minGain) ? home.pool : earliest.pool, task)
    }
  }
  return { assignment: Object.fromEntries(where), finish: finishOf, refused: refused.sort(), order }
}
