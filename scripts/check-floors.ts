/**
 * Proves the rule of the floors: `node scripts/check-floors.ts [project folder]`.
 *
 * Imports are read by the TypeScript compiler's own scanner, so type imports, `import('x')` in values and in types, and
 * re-exports all count. Every `.ts` file of `src` is read: none can be missed by a resolver that skips what it does not
 * understand.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript'
import { floors, nodeRooms, notReachableFromRoot, tfjsRooms } from './floors.ts'

interface Module {
  readonly path: string
  readonly source: string
  /** Paths of imported files, from the project folder. */
  readonly files: readonly string[]
  /** Names of imported packages; builtins as `node:...`. */
  readonly packages: readonly string[]
}

interface FloorsReport {
  readonly moduleCount: number
  readonly importCount: number
  readonly violations: readonly string[]
}

/** Checks the project in `folder`; an empty list of violations and a positive module count are the proof. */
export function checkFloors(folder: string): FloorsReport {
  const modules = readModules(folder, 'src/**/*.ts')
  const outside = readModules(folder, '{examples,bench}/**/*.ts')
  const violations = [
    ...modules.flatMap((module) => [
      ...misplaced(folder, module),
      ...brokenFloors(module),
      ...forbiddenPackages(module),
    ]),
    ...modules.flatMap((module) => notOnlyExports(module)),
    ...outside.flatMap((module) => byPathNotByName(module)),
    ...reachedFromRoot(modules),
  ]
  return {
    moduleCount: modules.length,
    importCount: modules.flatMap(({ files, packages }) => [...files, ...packages]).length,
    violations,
  }
}

function readModules(folder: string, pattern: string): Module[] {
  const paths = globSync(pattern, { cwd: folder }).sort()
  return paths.map((file) => {
    const path = file.replaceAll('\\', '/')
    const source = readFileSync(join(folder, file), 'utf8')
    const specifiers = ts.preProcessFile(source, true, true).importedFiles.map(({ fileName }) => fileName)
    const isFile = (specifier: string): boolean => /^[./]/.test(specifier)
    return {
      path,
      source,
      files: specifiers.filter(isFile).map((specifier) => posix.join(posix.dirname(path), specifier)),
      packages: specifiers.filter((specifier) => !isFile(specifier)).map(packageName),
    }
  })
}

function packageName(specifier: string): string {
  if (isBuiltin(specifier)) return `node:${specifier.replace(/^node:/, '')}`
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The innermost room a file of `src` stands in; `undefined` for `src/index.ts`, which stands above all rooms. */
function roomOf(path: string): string | undefined {
  let folder = posix.relative('src', dirname(path))
  while (folder !== '' && !(folder in floors)) folder = folder.includes('/') ? dirname(folder) : ''
  return folder === '' ? undefined : folder
}

function misplaced(folder: string, module: Module): string[] {
  const homeless =
    module.path !== 'src/index.ts' && roomOf(module.path) === undefined
      ? [`${module.path} stands in no room of scripts/floors.ts`]
      : []
  const unresolved = module.files
    .filter((target) => !target.startsWith('src/') || !existsSync(join(folder, target)))
    .map((target) => `${module.path} imports ${target}, which is no file of src`)
  return [...homeless, ...unresolved]
}

function brokenFloors(module: Module): string[] {
  const from = roomOf(module.path)
  if (from === undefined) return []
  return module.files
    .filter((target) => !mayImport(module.path, from, target))
    .map((target) => {
      const to = roomOf(target)
      const there = to === undefined ? 'above every room' : `${to}, floor ${floors[to]}`
      return `${module.path} (${from}, floor ${floors[from]}) imports ${target} (${there})`
    })
}

function mayImport(path: string, from: string, target: string): boolean {
  const to = roomOf(target)
  if (to === undefined) return false
  if (to === from || floors[to]! < floors[from]!) return true
  if (floors[to] !== floors[from]) return false
  // Within one storey: an inner room may use the files its outer room shares, and the outer barrel lists the inner room.
  const intoOuterRoom = from.startsWith(`${to}/`) && posix.basename(target) !== 'index.ts'
  const barrelOfOuterRoom = to.startsWith(`${from}/`) && path === `src/${from}/index.ts`
  return intoOuterRoom || barrelOfOuterRoom
}

function forbiddenPackages(module: Module): string[] {
  const room = roomOf(module.path) ?? ''
  return module.packages
    .filter(
      (target) =>
        target === 'cloudsched' ||
        (target.startsWith('node:') && !nodeRooms.includes(room)) ||
        (target.startsWith('@tensorflow/') && !tfjsRooms.includes(room)),
    )
    .map((target) => `${module.path} may not import ${target}`)
}

/** Barrels are lists of exports: a statement of any other kind would be code that no other file can import alone. */
function notOnlyExports(module: Module): string[] {
  if (!/^src\/([^/]+\/)?index\.ts$/.test(module.path)) return []
  const file = ts.createSourceFile(module.path, module.source, ts.ScriptTarget.Latest)
  return file.statements
    .filter((statement) => !(ts.isExportDeclaration(statement) && statement.moduleSpecifier))
    .map((statement) => `${module.path} is a list of exports, but holds: ${firstLine(module.source, statement)}`)
}

function firstLine(source: string, statement: ts.Statement): string {
  return source.slice(statement.pos, statement.end).trim().split('\n')[0]!
}

/** Examples and benchmarks show what a user can write, so they import the package by its name. */
function byPathNotByName(module: Module): string[] {
  return module.files
    .filter((target) => target.startsWith('src/') || target.startsWith('dist/'))
    .map((target) => `${module.path} imports ${target}: import the package by its name`)
}

function reachedFromRoot(modules: readonly Module[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const cameFrom = new Map<string, string | undefined>([['src/index.ts', undefined]])
  for (const path of cameFrom.keys()) {
    const module = byPath.get(path)
    if (module === undefined) continue
    for (const target of [...module.files, ...module.packages]) if (!cameFrom.has(target)) cameFrom.set(target, path)
  }
  const wayTo = (target: string): string => {
    const before = cameFrom.get(target)
    return before === undefined ? target : `${wayTo(before)} -> ${target}`
  }
  return [...cameFrom.keys()]
    .filter((target) => notReachableFromRoot.some((pattern) => pattern.test(target)))
    .map((target) => `the root entry reaches ${target}: ${wayTo(target)}`)
}

if (import.meta.main) {
  const { moduleCount, importCount, violations } = checkFloors(process.argv[2] ?? '.')
  for (const violation of violations) console.error(violation)
  console.log(`floors: ${moduleCount} modules, ${importCount} imports, ${violations.length} violations`)
  if (moduleCount === 0 || violations.length > 0) process.exitCode = 1
}
