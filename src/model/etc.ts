import type { Finding } from '../errors/cloudsched-error.ts'
import { isList } from './columns.ts'

/** Expected time to compute in seconds: a list of rows, one per task; or all rows one after another. */
export type EtcInput = readonly ArrayLike<number>[] | { readonly values: ArrayLike<number>; readonly vmCount: number }

/** An ETC matrix in one piece. */
export interface EtcMatrix {
  /** Row-major: task i on VM j at `i * vmCount + j`. */
  readonly values: Float64Array
  readonly taskCount: number
  readonly vmCount: number
}

/** Reads an ETC matrix and holds its size against the number of tasks and VMs, where these are given. */
export function readEtc(
  input: EtcInput,
  taskCount: number | undefined,
  vmCount: number | undefined,
  findings: Finding[],
): EtcMatrix | null {
  const matrix = Array.isArray(input) ? fromRows(input, vmCount, findings) : fromValues(input, findings)
  if (matrix && taskCount !== undefined && matrix.taskCount !== taskCount) {
    findings.push({ path: 'etc', received: matrix.taskCount, expected: `a matrix of ${taskCount} rows, one per task` })
  }
  if (matrix && vmCount !== undefined && matrix.vmCount !== vmCount) {
    findings.push({ path: 'etc', received: matrix.vmCount, expected: `a matrix of ${vmCount} columns, one per VM` })
  }
  return matrix
}

function fromRows(rows: readonly unknown[], givenVmCount: number | undefined, findings: Finding[]): EtcMatrix {
  const first = rows[0]
  const vmCount = isList(first) ? first.length : (givenVmCount ?? 0)
  const values = new Float64Array(rows.length * vmCount)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (!isList(row)) {
      findings.push({ path: `etc[${i}]`, received: row, expected: 'a row of numbers' })
    } else if (row.length !== vmCount) {
      const expected = `as long as the first row (${vmCount} entries)`
      findings.push({ path: `etc[${i}]`, received: row.length, expected })
    } else copySeconds(row, values, i * vmCount, `etc[${i}]`, findings)
  }
  return { values, taskCount: rows.length, vmCount }
}

function fromValues(input: EtcInput, findings: Finding[]): EtcMatrix | null {
  if (typeof input !== 'object' || input === null || !('vmCount' in input) || !isList(input.values)) {
    findings.push({ path: 'etc', received: input, expected: 'a list of rows, or an object of values and vmCount' })
    return null
  }
  const { values, vmCount } = input
  const { length } = values
  if (!Number.isInteger(vmCount) || vmCount < 1) {
    findings.push({ path: 'etc.vmCount', received: vmCount, expected: 'a whole number >= 1' })
    return null
  }
  if (length % vmCount !== 0) {
    findings.push({ path: 'etc.values', received: length, expected: `a multiple of vmCount (${vmCount}) long` })
    return null
  }
  const copy = new Float64Array(length)
  copySeconds(values, copy, 0, 'etc.values', findings)
  return { values: copy, taskCount: length / vmCount, vmCount }
}

const secondsRule = 'a number >= 0 (seconds), or Infinity where the VM cannot run the task'

function copySeconds(
  from: ArrayLike<unknown>,
  to: Float64Array,
  start: number,
  path: string,
  findings: Finding[],
): void {
  for (let k = 0; k < from.length; k++) {
    const seconds = from[k]
    if (typeof seconds === 'number' && seconds >= 0) to[start + k] = seconds
    else findings.push({ path: `${path}[${k}]`, received: seconds, expected: secondsRule })
  }
}
