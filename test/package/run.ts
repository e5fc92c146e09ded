/**
 * Installs the packed package as a user would, and uses it: `node test/package/run.ts`. Runs on the Node that started it
 * and on the machine's own; compiles with each TypeScript from 5.4 on.
 */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { command, entries } from '../../scripts/entries.ts'

const typescripts = ['5.4.5', '5.9.3', '6.0.3', '7.0.2']
const consumerPackages = ['@types/node@22']

const folder = mkdtempSync(join(tmpdir(), 'package-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const consumer = join(folder, 'consumer')
const compilers = join(folder, 'compilers')
const specifiers = entries.map(({ specifier }) => specifier)
let passed = 0
let failed = 0

function check(what: string, holds: () => void): void {
  try {
    holds()
    passed++
    console.log(`ok      ${what}`)
  } catch (error) {
    failed++
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string }
    console.log(`FAILED  ${what}\n${stdout}${stderr}${message}`)
  }
}

function run(program: string, args: readonly string[], cwd = '.'): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function install(cwd: string, packages: readonly string[]): void {
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', ...packages], cwd)
}

function expect(condition: boolean, message: string): void {
  if (!condition) throw new Error(message)
}

/** The Node of the npm scripts, and the first one on the machine's own path. */
function nodes(): string[] {
  const own = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((directory) => !directory.includes('node_modules'))
    .map((directory) => join(directory, 'node'))
    .find((path) => existsSync(path))
  return own === undefined ? [process.execPath] : [process.execPath, own]
}

run('npm', ['pack', '--pack-destination', folder])
const tarball = join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz'))!)
const bin = resolve('node_modules/.bin')

check('publint finds nothing', () => run(join(bin, 'publint'), ['run', tarball, '--strict']))
check('attw finds nothing: node10, node16 from CJS, node16 from ESM, bundler', () => {
  run(join(bin, 'attw'), [tarball, '--no-color', '--no-emoji', '--format', 'ascii'])
})

cpSync('test/package/consumer', consumer, { recursive: true })
const typesOfAll = specifiers.map((specifier, index) => `export * as entry${index} from '${specifier}'\n`).join('')
for (const file of ['entries.mts', 'entries.cts']) writeFileSync(join(consumer, file), typesOfAll)
mkdirSync(compilers)
writeFileSync(join(compilers, 'package.json'), '{}')
install(consumer, [tarball, ...consumerPackages])
install(
  compilers,
  typescripts.map((version) => `typescript-${version}@npm:typescript@${version}`),
)

const installed = join(consumer, 'node_modules/cloudsched')
check('ships the build, its sources and its licence, and nothing else', () => {
  const shipped = readdirSync(installed).filter((name) => name !== 'node_modules')
  const expected = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'src']
  expect(shipped.sort().join() === expected.join(), `ships ${shipped.join(', ')}`)
})
check('every source map and declaration map points to a shipped source', () => {
  const maps = globSync('dist/**/*.map', { cwd: installed }).map((file) => join(installed, file))
  expect(maps.length > 0, 'no maps')
  for (const map of maps) {
    const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] }
    for (const source of sources) expect(existsSync(resolve(dirname(map), source)), `${map} points to ${source}`)
  }
})

for (const node of nodes()) {
  const version = run(node, ['--version']).trim()
  check(`${version}: every entry loads as ESM and as CommonJS, without the optional peers`, () => {
    run(node, ['entries.mjs', ...specifiers], consumer)
  })
  check(`${version}: a program uses both formats at once`, () => run(node, ['use.mjs'], consumer))
  if (command) {
    check(`${version}: the command runs`, () => run(node, ['node_modules/.bin/cloudsched', '--help'], consumer))
  }
}

for (const version of typescripts) {
  for (const project of ['nodenext', 'bundler', 'node-types']) {
    check(`TypeScript ${version}, ${project}: types hold with skipLibCheck off`, () => {
      const compiler = join(compilers, `node_modules/typescript-${version}/bin/tsc`)
      run(process.execPath, [compiler, '-p', `tsconfig.${project}.json`], consumer)
    })
  }
}

console.log(`package: ${passed} passed, ${failed} failed`)
if (passed === 0 || failed > 0) process.exitCode = 1
