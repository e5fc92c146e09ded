import { type Finding, throwFindings } from '../errors/cloudsched-error.ts'

/** Refuses a sample that holds no numbers: a mean or a rank of NaN would look like a result. */
export function requireFinite(values: readonly number[], path: string): void {
  throwFindings(
    'invalid-input',
    values.flatMap((value, k): Finding[] =>
      Number.isFinite(value) ? [] : [{ path: `${path}[${k}]`, received: value, expected: 'a finite number' }],
    ),
  )
}
