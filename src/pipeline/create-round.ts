import { throwFindings } from '../errors/cloudsched-error.ts'
import { poolFindings, taskFindings } from './check-input.ts'
import type { ClusterSortMapSettings } from './cluster-sort-map-options.ts'
import type { PipelineWarning } from './cluster-sort-map-result.ts'
import { type ForecastReader, horizonOf, inRange, writePath } from './forecast-table.ts'
import type { PipelineRound, PoolTable, TaskTable } from './pipeline-round.ts'
import type { PipelineTask, Pool } from './pipeline-task.ts'
import { readRelations } from './relations.ts'

/**
 * Checks tasks, pools and forecast, and lays them out as columns: the input of the single steps of the pipeline.
 *
 * @returns the same for any order of tasks, pools and record keys
 * @throws CloudschedError `invalid-input` with every broken rule at once
 */
export function createRound(
  tasks: readonly PipelineTask[],
  pools: readonly Pool[],
  settings: Pick<ClusterSortMapSettings, 'forecast' | 'outOfRange'>,
): PipelineRound {
  const findings = [...taskFindings(tasks), ...poolFindings(pools)]
  throwFindings('invalid-input', findings)
  const { forecast, outOfRange } = settings
  const sortedTasks = tasks.toSorted(byId)
  const sortedPools = pools.toSorted(byId)
  const steps = horizonOf(forecast, findings)
  throwFindings('invalid-input', findings)

  const reader: ForecastReader = { steps, outOfRange, findings, clamped: 0 }
  const resources = resourcesOf(tasks, pools, settings)
  const unknown = new Set<string>()
  const taskIndex = indexById(sortedTasks)
  const poolIndex = indexById(sortedPools)
  for (const id of Object.keys(forecast.tasks ?? {})) if (!taskIndex.has(id)) unknown.add(id)
  for (const id of Object.keys(forecast.pools ?? {})) if (!poolIndex.has(id)) unknown.add(id)
  for (const { pool } of tasks) if (pool !== undefined && !poolIndex.has(pool)) unknown.add(pool)

  const poolTable = readPools(sortedPools, resources, settings, reader)
  const taskTable = readTasks(sortedTasks, resources, poolTable, poolIndex, settings, reader)
  const inputIndex = new Map(tasks.map(({ id }, index) => [id, index]))
  const pathOf = (task: number): string => `tasks[${inputIndex.get(sortedTasks[task]!.id)!}]`
  const relations = readRelations(sortedTasks, taskIndex, pathOf, unknown, findings)
  throwFindings('invalid-input', findings)

  const warnings: PipelineWarning[] = [
    {
      kind: 'no-forecast',
      ids: [...withoutForecast(tasks, forecast.tasks), ...withoutForecast(pools, forecast.pools)],
    },
    { kind: 'no-compute', ids: poolTable.ids.filter((_, pool) => poolTable.computes[pool] === 0) },
    { kind: 'unknown-id', ids: [...unknown] },
  ]
  return {
    resources,
    steps,
    tasks: taskTable,
    pools: poolTable,
    relations,
    clampedForecasts: reader.clamped,
    warnings: warnings.filter(({ ids }) => ids.length > 0).map(({ kind, ids }) => ({ kind, ids: ids.toSorted() })),
  }
}

function readPools(
  pools: readonly Pool[],
  resources: readonly string[],
  { forecast }: Pick<ClusterSortMapSettings, 'forecast'>,
  reader: ForecastReader,
): PoolTable {
  const cells = resources.length * reader.steps
  const table = {
    ids: pools.map(({ id }) => id),
    capacity: new Float64Array(pools.length * resources.length),
    expectedCapacity: new Float64Array(pools.length * cells),
    speedMips: Float64Array.from(pools, ({ speedMips }) => speedMips),
    bandwidthMbps: Float64Array.from(pools, ({ bandwidthMbps }) => bandwidthMbps),
    expectedSpeedMips: new Float64Array(pools.length),
    expectedBandwidthMbps: new Float64Array(pools.length),
    computes: new Uint8Array(pools.length),
  }
  pools.forEach((pool, j) => {
    const expected = own(forecast.pools, pool.id)
    const path = `forecast.pools['${pool.id}']`
    let hasProcessors = true
    resources.forEach((resource, r) => {
      const present = own(pool.capacity, resource) ?? 0
      const offset = j * cells + r * reader.steps
      table.capacity[j * resources.length + r] = present
      writePath(
        reader,
        table.expectedCapacity,
        offset,
        own(expected?.capacity, resource),
        present,
        present,
        () => `${path}.capacity.${resource}`,
      )
      if (resource !== 'cpu' || own(pool.capacity, 'cpu') === undefined) return
      hasProcessors = table.expectedCapacity.subarray(offset, offset + reader.steps).some((cpus) => cpus > 0)
    })
    table.expectedSpeedMips[j] = inRange(
      reader,
      expected?.speedMips ?? pool.speedMips,
      Infinity,
      () => `${path}.speedMips`,
    )
    table.expectedBandwidthMbps[j] = inRange(
      reader,
      expected?.bandwidthMbps ?? pool.bandwidthMbps,
      Infinity,
      () => `${path}.bandwidthMbps`,
    )
    table.computes[j] = hasProcessors && table.expectedSpeedMips[j]! > 0 ? 1 : 0
  })
  return table
}

function readTasks(
  tasks: readonly PipelineTask[],
  resources: readonly string[],
  pools: PoolTable,
  poolIndex: ReadonlyMap<string, number>,
  { forecast }: Pick<ClusterSortMapSettings, 'forecast'>,
  reader: ForecastReader,
): TaskTable {
  const cells = resources.length * reader.steps
  const largest = resources.map((_, r) =>
    pools.ids.reduce((most, __, j) => Math.max(most, pools.capacity[j * resources.length + r]!), 0),
  )
  const table = {
    ids: tasks.map(({ id }) => id),
    demand: new Float64Array(tasks.length * resources.length),
    expectedDemand: new Float64Array(tasks.length * cells),
    lengthMi: new Float64Array(tasks.length),
    megabytes: Float64Array.from(tasks, (task) => (task.inputMegabytes ?? 0) + (task.outputMegabytes ?? 0)),
    arrivalSeconds: Float64Array.from(tasks, ({ arrivalSeconds = 0 }) => arrivalSeconds),
    deadlineSeconds: Float64Array.from(tasks, ({ deadlineSeconds = Infinity }) => deadlineSeconds),
    movedAtSeconds: Float64Array.from(tasks, ({ movedAtSeconds = -Infinity }) => movedAtSeconds),
    home: Int32Array.from(tasks, ({ pool }) => (pool === undefined ? -1 : (poolIndex.get(pool) ?? -1))),
  }
  tasks.forEach((task, i) => {
    const expected = own(forecast.tasks, task.id)
    const path = `forecast.tasks['${task.id}']`
    resources.forEach((resource, r) => {
      const present = own(task.demand, resource) ?? 0
      table.demand[i * resources.length + r] = present
      writePath(
        reader,
        table.expectedDemand,
        i * cells + r * reader.steps,
        own(expected?.demand, resource),
        present,
        // What is more than any pool has cannot be used; a task that asks for it now stays too large.
        Math.max(present, largest[r]!),
        () => `${path}.demand.${resource}`,
      )
    })
    table.lengthMi[i] = inRange(reader, expected?.lengthMi ?? task.lengthMi, Infinity, () => `${path}.lengthMi`)
  })
  return table
}

/** Every resource that is had, wanted or expected, by name. */
function resourcesOf(
  tasks: readonly PipelineTask[],
  pools: readonly Pool[],
  { forecast }: Pick<ClusterSortMapSettings, 'forecast'>,
): string[] {
  const names = new Set<string>()
  const collect = (record: object | undefined): void => {
    for (const name in record) names.add(name)
  }
  for (const { demand } of tasks) collect(demand)
  for (const { capacity } of pools) collect(capacity)
  for (const { demand } of Object.values(forecast.tasks ?? {})) collect(demand)
  for (const { capacity } of Object.values(forecast.pools ?? {})) collect(capacity)
  return [...names].sort()
}

/** Ids that a given record of forecasts leaves out. */
function withoutForecast(items: readonly { readonly id: string }[], given: object | undefined): string[] {
  return given === undefined ? [] : items.map(({ id }) => id).filter((id) => !Object.hasOwn(given, id))
}

function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
}

/** By code units: the same order in every locale. */
function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

function indexById(items: readonly { readonly id: string }[]): Map<string, number> {
  return new Map(items.map(({ id }, index) => [id, index]))
}
