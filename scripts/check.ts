/**
 * Every gate, in order: `node scripts/check.ts`. Each gate counts as one, each test as one; the last line says
 * `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'

/** Scripts of package.json; the later ones look at what `build` made. */
const gates = [
  'typecheck',
  'lint',
  'format:check',
  'floors',
  'kernels',
  'entries',
  'knip',
  'build',
  'api',
  'size',
  'test:package',
] as const

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** The part of vitest's JSON report that is read here. */
export interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/**
 * Counts a test run so that none passes unseen: a file that failed to load, a file left out, no test at all and an
 * error outside the tests are failures too.
 */
export function countTests(report: TestReport, fileCount: number, exitCode: number | null): Counts {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const missingFiles = Math.max(0, fileCount - report.testResults.length)
  const failed = report.numFailedTests + brokenFiles.length + missingFiles
  const isHollow = failed === 0 && (exitCode !== 0 || report.numPassedTests === 0)
  return {
    passed: report.numPassedTests,
    failed: isHollow ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

function runTests(): Counts {
  const file = '.cache/test-report.json'
  mkdirSync('.cache', { recursive: true })
  rmSync(file, { force: true })
  const exitCode = npm('test', '--', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`)
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const report = JSON.parse(readFileSync(file, 'utf8')) as TestReport
  return countTests(report, globSync('test/**/*.test.ts').length, exitCode)
}

function npm(...args: readonly string[]): number | null {
  console.log(`\n> npm ${args.join(' ')}`)
  return spawnSync('npm', args, { stdio: ['ignore', 'inherit', 'inherit'] }).status
}

if (import.meta.main) {
  const tests = runTests()
  const failedGates = gates.filter((gate) => npm('run', '--silent', gate) !== 0)
  const passed = tests.passed + gates.length - failedGates.length
  const failed = tests.failed + failedGates.length
  console.log(`\ntests: ${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`)
  for (const gate of gates) console.log(`${failedGates.includes(gate) ? 'FAILED ' : 'ok     '} ${gate}`)
  console.log(`\n${passed} passed, ${failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}`)
  if (failed > 0) process.exitCode = 1
}
