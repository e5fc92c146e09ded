import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkFloors } from '../../scripts/check-floors.ts'

let house: string

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'floors-'))
})
afterEach(() => rmSync(house, { recursive: true }))

function plant(path: string, source: string): void {
  mkdirSync(dirname(join(house, path)), { recursive: true })
  writeFileSync(join(house, path), source)
}

function violations(): readonly string[] {
  return checkFloors(house).violations
}

test('this project keeps the rule, and every file of src is seen', () => {
  const report = checkFloors('.')
  expect(report.violations).toEqual([])
  expect(report.moduleCount).toBe(globSync('src/**/*.ts').length)
  expect(report.moduleCount).toBeGreaterThan(0)
})

test('a violation planted in a copy of this project is found', () => {
  cpSync('src', join(house, 'src'), { recursive: true })
  plant('src/model/planted.ts', `import type { Rows } from '../objective/planted.ts'`)
  plant('src/objective/planted.ts', `export type Rows = number`)
  expect(violations()).toContain(
    'src/model/planted.ts (model, floor 1) imports src/objective/planted.ts (objective, floor 2)',
  )
})

describe('an import may point only downwards', () => {
  test.each([
    ['upwards', 'src/model/a.ts', `export { b } from '../rl/b.ts'`, 'src/rl/b.ts'],
    ['upwards in a type', 'src/model/a.ts', `export type B = import('../rl/b.ts').B`, 'src/rl/b.ts'],
    ['upwards and lazily', 'src/model/a.ts', `export const b = () => import('../rl/b.ts')`, 'src/rl/b.ts'],
    ['into a room of the same floor', 'src/io/a.ts', `import '../workload/b.ts'`, 'src/workload/b.ts'],
    ['between rooms of solvers', 'src/solvers/genetic/a.ts', `import '../exact/b.ts'`, 'src/solvers/exact/b.ts'],
    [
      'from an inner room to the outer barrel',
      'src/solvers/exact/a.ts',
      `import '../index.ts'`,
      'src/solvers/index.ts',
    ],
    ['from errors to run', 'src/errors/a.ts', `import '../run/b.ts'`, 'src/run/b.ts'],
    [
      'from shared solver files to a room of solvers',
      'src/solvers/a.ts',
      `import './exact/b.ts'`,
      'src/solvers/exact/b.ts',
    ],
    [
      'from forecast to its neural room',
      'src/forecast/index.ts',
      `export * from './neural/b.ts'`,
      'src/forecast/neural/b.ts',
    ],
    ['to the root barrel', 'src/rl/a.ts', `import '../index.ts'`, 'src/index.ts'],
  ])('%s: found', (_, path, source, target) => {
    plant(path, source)
    plant(target, '')
    expect(violations()).toHaveLength(1)
    expect(violations()[0]).toContain(`${path} (`)
    expect(violations()[0]).toContain(`imports ${target} (`)
  })

  test.each([
    ['downwards', 'src/rl/a.ts', '../model/b.ts', 'src/model/b.ts'],
    ['within the room', 'src/rl/a.ts', './tables/b.ts', 'src/rl/tables/b.ts'],
    ['from run to random', 'src/run/a.ts', '../random/b.ts', 'src/random/b.ts'],
    ['from an inner room to shared solver files', 'src/solvers/exact/a.ts', '../b.ts', 'src/solvers/b.ts'],
    ['from solvers to constructive', 'src/solvers/exact/a.ts', '../../constructive/b.ts', 'src/constructive/b.ts'],
    ['from constructive to objective', 'src/constructive/a.ts', '../objective/b.ts', 'src/objective/b.ts'],
  ])('%s: allowed', (_, path, specifier, target) => {
    plant(path, `import '${specifier}'`)
    plant(target, '')
    expect(violations()).toEqual([])
  })

  test('the barrel of an outer room lists its inner rooms: allowed', () => {
    plant('src/solvers/index.ts', `export { b } from './exact/b.ts'`)
    plant('src/solvers/exact/b.ts', '')
    expect(violations()).toEqual([])
  })
})

test('a file outside every room is found', () => {
  plant('src/attic/a.ts', '')
  plant('src/loose.ts', '')
  expect(violations()).toEqual([
    'src/attic/a.ts stands in no room of scripts/floors.ts',
    'src/loose.ts stands in no room of scripts/floors.ts',
  ])
})

test('an import of no file of src is found', () => {
  plant('src/model/a.ts', `import '../../package.json'\nimport './gone.ts'`)
  expect(violations()).toContain('src/model/a.ts imports package.json, which is no file of src')
  expect(violations()).toContain('src/model/a.ts imports src/model/gone.ts, which is no file of src')
})

test('builtins belong to cli, tfjs to the neural rooms, the own name to nobody', () => {
  plant('src/cli/a.ts', `import 'node:fs'`)
  plant('src/neural/a.ts', `import('@tensorflow/tfjs')`)
  expect(violations()).toEqual([])
  plant('src/io/a.ts', `import { readFileSync } from 'fs'`)
  plant('src/rl/a.ts', `import type { Tensor } from '@tensorflow/tfjs'`)
  plant('src/meta/a.ts', `import 'cloudsched'`)
  expect(violations()).toEqual([
    'src/io/a.ts may not import node:fs',
    'src/meta/a.ts may not import cloudsched',
    'src/rl/a.ts may not import @tensorflow/tfjs',
  ])
})

test('what the root entry must not reach is found, with the way that leads there', () => {
  plant('src/index.ts', `export { fit } from './cluster/fit.ts'`)
  plant('src/cluster/fit.ts', `export const fit = () => import('ml-kmeans')`)
  expect(violations()).toEqual(['the root entry reaches ml-kmeans: src/index.ts -> src/cluster/fit.ts -> ml-kmeans'])
})

test('a barrel that holds more than exports is found', () => {
  plant('src/io/a.ts', '')
  plant('src/io/index.ts', `/** Readers. */\nexport { a } from './a.ts'\nexport const extra = 1`)
  expect(violations()).toEqual(['src/io/index.ts is a list of exports, but holds: export const extra = 1'])
})

test('examples and benchmarks import the package by its name', () => {
  plant('examples/a.ts', `import 'cloudsched'\nimport './shared.ts'\nimport '../src/index.ts'`)
  plant('bench/deep/a.ts', `import '../../src/model/a.ts'`)
  expect(violations()).toEqual([
    'bench/deep/a.ts imports src/model/a.ts: import the package by its name',
    'examples/a.ts imports src/index.ts: import the package by its name',
  ])
})
