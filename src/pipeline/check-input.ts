import type { Finding } from '../errors/cloudsched-error.ts'
import { isRecord } from '../errors/is-record.ts'
import type { PipelineTask, Pool } from './pipeline-task.ts'

const isAmount = (x: unknown): boolean => typeof x === 'number' && x >= 0 && x < Infinity
const isTime = (x: unknown): boolean => typeof x === 'number' && Number.isFinite(x)
const isDeadline = (x: unknown): boolean => typeof x === 'number' && x > -Infinity

const amount = 'a finite number >= 0'

/** Every broken rule of the tasks; each finding names the field and the id. */
export function taskFindings(tasks: readonly PipelineTask[]): Finding[] {
  return listFindings(tasks, 'tasks', (task, check) => {
    check('lengthMi', isAmount(task.lengthMi), amount)
    checkRecord(task.demand, 'demand', check)
    if (task.affinity !== undefined) checkRecord(task.affinity, 'affinity', check)
    for (const field of ['inputMegabytes', 'outputMegabytes', 'memoryMegabytes', 'arrivalSeconds'] as const) {
      check(field, task[field] === undefined || isAmount(task[field]), amount)
    }
    check(
      'deadlineSeconds',
      task.deadlineSeconds === undefined || isDeadline(task.deadlineSeconds),
      'a finite number or Infinity',
    )
    check('movedAtSeconds', task.movedAtSeconds === undefined || isTime(task.movedAtSeconds), 'a finite number')
    check('pool', task.pool === undefined || typeof task.pool === 'string', 'the id of a pool')
    for (const field of ['together', 'apart'] as const) {
      const ids = task[field]
      const isList = ids === undefined || (Array.isArray(ids) && ids.every((id) => typeof id === 'string'))
      check(field, isList, 'a list of ids')
    }
  })
}

/** Every broken rule of the pools. */
export function poolFindings(pools: readonly Pool[]): Finding[] {
  return listFindings(pools, 'pools', (pool, check) => {
    checkRecord(pool.capacity, 'capacity', check)
    check('speedMips', isAmount(pool.speedMips), amount)
    check('bandwidthMbps', isAmount(pool.bandwidthMbps), amount)
  })
}

type Check = (field: string, holds: boolean, rule: string, received?: unknown) => void

function listFindings<T extends { readonly id: string }>(
  list: readonly T[],
  name: string,
  checkOne: (item: T, check: Check) => void,
): Finding[] {
  if (!Array.isArray(list)) return [{ path: name, received: list, expected: 'a list' }]
  const findings: Finding[] = []
  const firstWith = new Map<string, number>()
  list.forEach((item: T, index) => {
    const path = `${name}[${index}]`
    if (typeof item !== 'object' || item === null) {
      findings.push({ path, received: item, expected: 'an object' })
      return
    }
    if (typeof item.id !== 'string') {
      findings.push({ path: `${path}.id`, received: item.id, expected: 'a string' })
    } else if (firstWith.has(item.id)) {
      const hint = `${name}[${firstWith.get(item.id)!}] has the same.`
      findings.push({ path: `${path}.id`, received: item.id, expected: 'an id of its own', hint })
    } else {
      firstWith.set(item.id, index)
    }
    checkOne(item, (field, holds, rule, received = (item as Record<string, unknown>)[field]) => {
      if (!holds) findings.push({ path: `${path}.${field}`, received, expected: rule, hint: `Its id is '${item.id}'.` })
    })
  })
  return findings
}

function checkRecord(record: unknown, field: string, check: Check): void {
  check(field, isRecord(record), 'an object of finite numbers >= 0')
  if (!isRecord(record)) return
  for (const [key, value] of Object.entries(record)) check(`${field}.${key}`, isAmount(value), amount, value)
}
