import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { format } from 'node:util'
import ts from 'typescript'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { documents, expectedLines, isAsExpected, readSamples, type Sample, samplesOf } from './samples.ts'

mkdirSync('.cache', { recursive: true })
const folder = mkdtempSync(resolve('.cache/samples-'))
const samples = readSamples().map((sample, index) => {
  const name = `${sample.document}:${sample.line}`
  const file = join(folder, `${index}-${name.replaceAll(/[^\w.]/g, '-')}.ts`)
  writeFileSync(file, sample.source)
  return { name, file, ...sample }
})

afterEach(() => vi.restoreAllMocks())
afterAll(() => rmSync(folder, { recursive: true }))

describe('the samples of the documentation', () => {
  test('are found', () => {
    const found = samples.filter(({ document }) => document === 'README.md').length
    expect(found > 0).toBe(documents.includes('README.md'))
  })

  test('have right types', () => {
    expect(typeErrors(samples.map(({ file }) => file))).toEqual([])
  }, 120_000)

  for (const { name, file, source } of samples.filter(({ noRun }) => noRun === null)) {
    test(`${name} prints what it says`, async () => {
      expect(unexpected(await outputOf(file), expectedLines(source))).toEqual([])
    })
  }
})

describe('the check itself', () => {
  const sample = (body: string): Sample => samplesOf('page.md', `Text.\n\n\`\`\`ts\n${body}\n\`\`\`\n`)[0]!

  let ownCount = 0

  async function mismatches(body: string): Promise<string[]> {
    const file = join(folder, `own-${ownCount++}.ts`)
    writeFileSync(file, sample(body).source)
    return unexpected(await outputOf(file), expectedLines(sample(body).source))
  }

  test('reads fences with their place and reason', () => {
    const page = 'a\n```ts\n1\n```\n```sh\nls\n```\n- b\n  ```ts no-run: needs a cluster\n  2\n    3\n  ```\n'
    expect(samplesOf('page.md', page)).toEqual([
      { document: 'page.md', line: 3, source: '1\n', noRun: null },
      { document: 'page.md', line: 10, source: '2\n  3\n', noRun: 'needs a cluster' },
    ])
    expect(() => samplesOf('page.md', '```ts no-run\n1\n```')).toThrow('page.md:1: write')
    expect(() => samplesOf('page.md', '```js\n1\n```')).toThrow('page.md: ```js would not be checked')
  })

  test('accepts the printed value, and any text for …', async () => {
    expect(await mismatches(`console.log([1, 2], 'a') // => [ 1, 2 ] a\nconsole.log(3.5) // => 3…`)).toEqual([])
  })

  test('finds a wrong value, a line too few and a line too many', async () => {
    expect(await mismatches('console.log(1 + 1) // => 3')).toEqual(['printed 2, expected 3'])
    expect(await mismatches('console.log(1)')).toEqual(['printed 1, expected nothing'])
    expect(await mismatches('const a = 1 // => 1')).toEqual(['printed nothing, expected 1'])
  })

  test('finds a wrong type', () => {
    const file = join(folder, 'own-type.ts')
    writeFileSync(file, `import { evaluate } from 'cloudsched'\nevaluate(1)\n`)
    expect(typeErrors([file])).toEqual([expect.stringMatching(/own-type\.ts:2: .*argument/)])
  })
})

async function outputOf(file: string): Promise<string[]> {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((...values) => void lines.push(...format(...values).split('\n')))
  await import(/* @vite-ignore */ file)
  return lines
}

function unexpected(printed: readonly string[], expected: readonly string[]): string[] {
  return Array.from({ length: Math.max(printed.length, expected.length) }, (_, i) => i)
    .filter((i) => !(i in printed && i in expected && isAsExpected(printed[i]!, expected[i]!)))
    .map((i) => `printed ${printed[i] ?? 'nothing'}, expected ${expected[i] ?? 'nothing'}`)
}

function typeErrors(files: readonly string[]): string[] {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    lib: ['lib.es2023.d.ts'],
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    paths: { cloudsched: [resolve('src/index.ts')], 'cloudsched/*': [resolve('src/*/index.ts')] },
  })
  return files.flatMap((file) => {
    const sourceFile = program.getSourceFile(file)!
    const diagnostics = [...program.getSyntacticDiagnostics(sourceFile), ...program.getSemanticDiagnostics(sourceFile)]
    return diagnostics.map(({ start, messageText }) => {
      const line = sourceFile.getLineAndCharacterOfPosition(start ?? 0).line + 1
      return `${file.split('/').at(-1)}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
  })
}
