import { describe, expect, test } from 'vitest'
import { CloudschedError, type Finding, isCloudschedError, throwFindings } from '../../src/errors/cloudsched-error.ts'

const finding: Finding = {
  path: 'tasks[3].lengthMi',
  received: -5,
  expected: 'a finite number > 0',
  hint: 'Maybe the unit is wrong: lengths are in million instructions (MI).',
}

test('the message is path, rule, value and hint', () => {
  expect(new CloudschedError('invalid-input', [finding]).message).toBe(
    'tasks[3].lengthMi must be a finite number > 0, received -5. Maybe the unit is wrong: lengths are in million instructions (MI).',
  )
})

test('path, received, expected and hint are those of the first finding; all findings are kept', () => {
  const second: Finding = { path: 'vms', received: 0, expected: 'at least one VM' }
  const error = new CloudschedError('invalid-input', [finding, second])
  expect(error).toMatchObject({
    name: 'CloudschedError',
    code: 'invalid-input',
    ...finding,
    findings: [finding, second],
  })
  expect(error.message.split('\n')).toEqual([
    expect.stringContaining('tasks[3]'),
    'vms must be at least one VM, received 0.',
  ])
  expect(new CloudschedError('solver', [second]).hint).toBeUndefined()
})

test('the message shows 20 findings and counts the others', () => {
  const findings = Array.from({ length: 23 }, (_, i) => ({ ...finding, path: `tasks[${i}]` }))
  const error = new CloudschedError('invalid-input', [findings[0]!, ...findings.slice(1)])
  const lines = error.message.split('\n')
  expect(lines).toHaveLength(21)
  expect(lines[19]).toContain('tasks[19]')
  expect(lines[20]).toBe('... and 3 more.')
  expect(error.findings).toHaveLength(23)
})

test('one finding more than 20 is counted, too', () => {
  const findings = Array.from({ length: 21 }, () => finding)
  expect(new CloudschedError('invalid-input', [findings[0]!, ...findings.slice(1)]).message).toMatch(
    /\.\.\. and 1 more\.$/,
  )
})

describe('the received value is shown', () => {
  const circular: { self?: unknown } = {}
  circular.self = circular
  test.each<[unknown, string]>([
    [Number.NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [undefined, 'undefined'],
    [null, 'null'],
    ['7', '"7"'],
    [7n, '7'],
    [{ a: [Number.NaN, 1] }, '{"a":["NaN",1]}'],
    [() => 1, 'a function'],
    [Symbol('s'), 'Symbol(s)'],
    [circular, '[object Object]'],
    [Array.from({ length: 1000 }, () => 1), 'a list of 1000 values'],
    [new Float64Array(1000), 'Float64Array of 8000 bytes'],
    ['x'.repeat(78), `"${'x'.repeat(78)}"`],
    ['x'.repeat(79), `"${'x'.repeat(76)}...`],
    ['x'.repeat(200), `"${'x'.repeat(76)}...`],
  ])('%s', (received, shown) => {
    expect(new CloudschedError('invalid-input', [{ path: 'p', received, expected: 'q' }]).message).toBe(
      `p must be q, received ${shown}.`,
    )
  })
})

test('the cause is kept', () => {
  const cause = new TypeError('why')
  expect(new CloudschedError('missing-peer', [finding], { cause }).cause).toBe(cause)
})

test('an error of another copy of the class is known by its brand, others are not', () => {
  const fromOtherCopy = Object.assign(new Error('x'), { [Symbol.for('cloudsched.error')]: true })
  expect(isCloudschedError(new CloudschedError('format', [finding]))).toBe(true)
  expect(isCloudschedError(fromOtherCopy)).toBe(true)
  expect([new Error('x'), null, undefined, 'CloudschedError', { code: 'format' }].some(isCloudschedError)).toBe(false)
})

test('throwFindings throws for findings only', () => {
  expect(() => throwFindings('invalid-input', [])).not.toThrow()
  expect(() => throwFindings('infeasible', [finding])).toThrow(CloudschedError)
})
