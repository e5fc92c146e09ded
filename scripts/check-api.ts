/**
 * Holds the public declarations of each entry against its reviewed report in `etc/`: `node scripts/check-api.ts`, or
 * with `--write` to take the new state over for review.
 *
 * A type that a public signature mentions must be exported, by the same entry or by the root, and every export says
 * what it is.
 */
import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel, ExtractorMessageCategory } from '@microsoft/api-extractor'
import { entries } from './entries.ts'

const isUpdate = process.argv.includes('--write')
const findings: string[] = []
const messages: { readonly entry: string; readonly id: string; readonly text: string }[] = []
mkdirSync('etc', { recursive: true })
mkdirSync('.cache/api', { recursive: true })

const reports = entries.map(({ output, subpath }) => {
  const name = subpath === '.' ? 'cloudsched' : subpath.slice(2).replaceAll('/', '-')
  const declarations = resolve(`dist/esm/${output}.d.ts`)
  if (!existsSync(declarations)) throw new Error(`${declarations} is not built: npm run build`)
  return { name, declarations }
})

for (const { name, declarations } of reports) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: resolve('.'),
      mainEntryPointFilePath: declarations,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            lib: ['ES2023'],
            types: ['node'],
            strict: true,
            skipLibCheck: true,
          },
          files: [declarations],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: resolve('etc'),
        reportTempFolder: resolve('.cache/api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning },
          // No release tags: all that is exported is public.
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
        },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: resolve('package.json'),
  })
  const { apiReportChanged } = Extractor.invoke(config, {
    localBuild: isUpdate,
    messageCallback: (message) => {
      message.handled = true
      if (message.category === ExtractorMessageCategory.Console || message.logLevel === ExtractorLogLevel.None) return
      messages.push({ entry: name, id: message.messageId, text: message.text })
    },
  })
  if (apiReportChanged && !isUpdate) findings.push(`etc/${name}.api.md is not up to date: npm run api:update`)
}

const exportedNames = new Map(reports.map(({ name }) => [name, readExportedNames(`.cache/api/${name}.api.md`)]))

for (const { entry, id, text } of messages) {
  const symbol = /"(.+?)"/.exec(text)?.[1] ?? ''
  const isExcused =
    (id === 'ae-forgotten-export' && exportedNames.get('cloudsched')!.has(symbol)) ||
    // The fields of a documented type may speak for themselves.
    (id === 'ae-undocumented' && !exportedNames.get(entry)!.has(symbol))
  if (!isExcused) findings.push(`${entry}: ${id}: ${text}`)
}

function readExportedNames(file: string): Set<string> {
  const declaration = /^export (?:abstract )?(?:class|const|function|interface|type) (\w+)/gm
  return new Set(Array.from(readFileSync(file, 'utf8').matchAll(declaration), ([, name]) => name!))
}

const known = new Set(reports.map(({ name }) => `${name}.api.md`))
for (const file of globSync('etc/*.api.md')) {
  if (!known.has(basename(file))) findings.push(`${file} belongs to no entry of scripts/entries.ts`)
}

for (const finding of findings) console.error(finding)
console.log(`api: ${reports.length} entries, ${findings.length} findings`)
if (reports.length === 0 || findings.length > 0) process.exitCode = 1
