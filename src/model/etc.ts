import type { Finding } from '../errors/cloudsched-error.ts'

/** Expected time to compute in seconds: a list of rows, one per task; or all rows one after another. */
export type EtcInput = readonly ArrayLike<number>[] | { readonly values: ArrayLike<number>; readonly vmCount: number }

export interface EtcMatrix {
  /** Row-major: task i on VM j at `i * vmCount + j`. */
  readonly values: Float64Array
  readonly taskCount: number
  readonly vmCount: number
}

/** Reads an ETC matrix and holds its size against the number of tasks and VMs, where these are given. */
export function readEtc(input: EtcInput, taskCount: number | undefined, vmCount: number | undefined, findings: Finding[]): EtcMatrix | null {
  const before = findings.length
  const matrix = isRows(input) ? fromRows(input, vmCount, findings) : fromValues(input, findings)
  if (!matrix) return null
  if (taskCount !== undefined && matrix.taskCount !== taskCount) findings.push({ path: 'etc', received: `${matrix.taskCount} rows`, expected: `a matrix of ${taskCount} rows, one per task` })
  if (vmCount !== undefined && matrix.vmCount !== vmCount) findings.push({ path: 'etc', received: `${matrix.vmCount} columns`, expected: `a matrix of ${vmCount} columns, one per VM` })
  for (let k = 0; k < matrix.values.length; k++) {
    const value = matrix.values[k]!
    if (!(value >= 0)) findings.push({ path: `etc[${Math.floor(k / matrix.vmCount)}][${k % matrix.vmCount}]`, received: value, expected: 'a number >= 0 (seconds), or Infinity where the VM cannot run the task' })
  }
  return findings.length === before ? matrix : null
}

function isRows(input: EtcInput): input is readonly ArrayLike<number>[] {
  return Array.isArray(input)
}

function fromValues(input: Exclude<EtcInput, readonly unknown[]>, findings: Finding[]): EtcMatrix | null {
  if (typeof input !== 'object' || input === null || typeof input.values?.length !== 'number') {
    findings.push({ path: 'etc', received: input, expected: 'a list of rows, or an object of values and vmCount' })
    return null
  }
  const { values, vmCount } = input
  if (!Number.isInteger(vmCount) || vmCount < 1) findings.push({ path: 'etc.vmCount', received: vmCount, expected: 'a whole number >= 1' })
  else if (values.length % vmCount !== 0) findings.push({ path: 'etc.values', received: `${values.length} values`, expected: `a multiple of vmCount (${vmCount}) long` })
  else return { values: Float64Array.from(values), taskCount: values.length / vmCount, vmCount }
  return null
}

function fromRows(rows: readonly ArrayLike<number>[], givenVmCount: number | undefined, findings: Finding[]): EtcMatrix | null {
  const vmCount = rows[0]?.length ?? givenVmCount ?? 0
  const ragged = rows.flatMap((row, i) =>
    row?.length === vmCount ? [] : [{ path: `etc[${i}]`, received: row?.length, expected: `as long as the first row (${vmCount} entries)` }],
  )
  findings.push(...ragged)
  if (ragged.length > 0) return null
  const values = new Float64Array(rows.length * vmCount)
  rows.forEach((row, i) => {
    for (let j = 0; j < vmCount; j++) values[i * vmCount + j] = typeof row[j] === 'number' ? row[j]! : Number.NaN
  })
  return { values, taskCount: rows.length, vmCount }
}
