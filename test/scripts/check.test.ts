import { expect, test } from 'vitest'
import { countTests, type TestReport } from '../../scripts/check.ts'

const file = (status: string, ...tests: string[]): TestReport['testResults'][number] => ({
  status,
  assertionResults: tests.map((result) => ({ status: result })),
})
const report = (passed: number, failed: number, ...testResults: TestReport['testResults']): TestReport => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults,
})

test('counts what passed and failed', () => {
  const mixed = report(2, 1, file('passed', 'passed'), file('failed', 'passed', 'failed'))
  expect(countTests(mixed, 2, 1)).toEqual({ passed: 2, failed: 1, skipped: 0 })
})

test('counts skipped and todo tests apart', () => {
  const some = { ...report(1, 0, file('passed', 'passed')), numPendingTests: 2, numTodoTests: 1 }
  expect(countTests(some, 1, 0)).toEqual({ passed: 1, failed: 0, skipped: 3 })
})

test('a file that failed to load is a failure', () => {
  expect(countTests(report(1, 0, file('passed', 'passed'), file('failed')), 2, 1).failed).toBe(1)
})

test('a file that did not run is a failure', () => {
  expect(countTests(report(1, 0, file('passed', 'passed')), 3, 0).failed).toBe(2)
})

test('no test, an error outside the tests and a killed run are failures', () => {
  expect(countTests(report(0, 0), 0, 0).failed).toBe(1)
  expect(countTests(report(1, 0, file('passed', 'passed')), 1, 1).failed).toBe(1)
  expect(countTests(report(1, 0, file('passed', 'passed')), 1, null).failed).toBe(1)
})
