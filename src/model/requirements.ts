import type { Finding } from '../errors/cloudsched-error.ts'
import { isRecord } from '../errors/is-record.ts'
import { isAmount } from './columns.ts'
import { noRequirements, type Offer, type Requirements } from './eligibility.ts'
import type { TaskColumns, TaskInput } from './task.ts'
import type { VmColumns, VmInput } from './vm.ts'

/** What each task asks for; null when no task asks for anything. */
export function readRequirements(
  tasks: readonly TaskInput[] | TaskColumns | undefined,
  cores: Float64Array | undefined,
  findings: Finding[],
): Requirements[] | null {
  const rows = rowsOf<TaskInput>(tasks)
  const asks = (row: TaskInput): boolean => row.demand !== undefined || row.requiredLabels !== undefined
  if (!rows.some(asks)) return cores ? Array.from(cores, (count) => ({ ...noRequirements, cores: count })) : null
  return rows.map(({ demand = {}, requiredLabels = {} }, i) => {
    checkAmounts(demand, `tasks[${i}].demand`, findings)
    checkRecord(
      requiredLabels,
      `tasks[${i}].requiredLabels`,
      'a string or a list of strings',
      (x) => isText(x) || (Array.isArray(x) && x.every(isText)),
      findings,
    )
    return { demand: { ...demand }, requiredLabels: { ...requiredLabels }, cores: cores?.[i] ?? 1 }
  })
}

/** What each VM has to offer. */
export function readOffers(
  vms: readonly VmInput[] | VmColumns | undefined,
  vmCount: number,
  cores: Float64Array | undefined,
  findings: Finding[],
): Offer[] {
  const rows = rowsOf<VmInput>(vms)
  return Array.from({ length: vmCount }, (_, j) => {
    const { capacity = {}, labels = {} } = rows[j] ?? {}
    checkAmounts(capacity, `vms[${j}].capacity`, findings)
    checkRecord(labels, `vms[${j}].labels`, 'a string', isText, findings)
    return { capacity: { ...capacity }, labels: { ...labels }, cores: cores?.[j] ?? 1 }
  })
}

/** The objects of a list; what is no object is a finding of `readColumns`, and asks for nothing here. */
function rowsOf<T extends object>(input: unknown): readonly Partial<T>[] {
  return Array.isArray(input) ? Array.from(input, (row: Partial<T> | null | undefined) => row ?? {}) : []
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function checkAmounts(record: unknown, path: string, findings: Finding[]): void {
  checkRecord(record, path, 'a finite number >= 0', (x) => typeof x === 'number' && isAmount(x), findings)
}

function checkRecord(
  record: unknown,
  path: string,
  rule: string,
  holds: (value: unknown) => boolean,
  findings: Finding[],
): void {
  if (!isRecord(record)) {
    findings.push({ path, received: record, expected: 'an object' })
    return
  }
  for (const [key, value] of Object.entries(record)) {
    if (!holds(value)) findings.push({ path: `${path}.${key}`, received: value, expected: rule })
  }
}
