import { readFile } from 'node:fs/promises'
import { csvParse } from 'd3-dsv'
import { describe, expect, test } from 'vitest'
import { cloudsched, folderWith } from './run-in-process.ts'

const files = { 'tasks.csv': 'lengthMi\n400\n200\n', 'vms.csv': 'speedMips\n100\n100\n' }

describe('compare', () => {
  test('a pipe gets a row per run as CSV', async () => {
    const folder = await folderWith(files)
    const { code, stdout } = await cloudsched([
      'compare',
      folder.at('tasks.csv'),
      folder.at('vms.csv'),
      '--solvers',
      'round-robin,lpt',
      '--seeds',
      '2',
    ])
    expect(code).toBe(0)
    const rows = csvParse(stdout)
    expect(rows.map(({ solver, seed, problem }) => [solver, seed, problem])).toEqual([
      ['round-robin', '1', 'tasks'],
      ['lpt', '1', 'tasks'],
      ['round-robin', '2', 'tasks'],
      ['lpt', '2', 'tasks'],
    ])
    expect(rows[0]).toMatchObject({ timeSeconds: '4', cost: '', error: '' })
  })

  test('a terminal gets a table; rows and charts go to files', async () => {
    const folder = await folderWith(files)
    const out = [
      '--out',
      folder.at('rows.json'),
      '--chart',
      folder.at('gaps.svg'),
      '--convergence',
      folder.at('search.json'),
      '--gantt',
      folder.at('best.json'),
    ]
    const { code, stdout } = await cloudsched(
      [
        'compare',
        folder.at('tasks.csv'),
        folder.at('vms.csv'),
        '--solvers',
        'round-robin,whaql',
        '--seeds',
        '2',
        '--time-limit-ms',
        '50',
        ...out,
      ],
      { isTTY: true },
    )
    expect(code).toBe(0)
    expect(stdout.split('\n')[0]).toMatch(/^solver +time \(s\) +load +gap \(%\)/)
    expect(JSON.parse(await readFile(folder.at('rows.json'), 'utf8'))).toHaveLength(4)
    expect(await readFile(folder.at('gaps.svg'), 'utf8')).toMatch(/^<svg/)
    expect(JSON.parse(await readFile(folder.at('best.json'), 'utf8')).title.text).toMatch(/^Best schedule, by /)
  })

  test('several problems, by the names of their files', async () => {
    const folder = await folderWith({ 'one.json': '{ "etc": [[1, 2], [2, 1]] }', 'two.0': '1 2 0\n3\n4\n' })
    const { stdout } = await cloudsched([
      'compare',
      folder.at('one.json'),
      folder.at('two.0'),
      '--solvers',
      'lpt',
      '--seeds',
      '1',
      '--format',
      'json',
    ])
    const rows: { problem: string; timeSeconds: number }[] = JSON.parse(stdout)
    expect(rows.map(({ problem, timeSeconds }) => [problem, timeSeconds])).toEqual([
      ['one', 1],
      ['two.0', 3],
    ])
    expect((await cloudsched(['solve', folder.at('one.json'), folder.at('two.0')])).stderr).toContain(
      '`solve` takes one problem',
    )
  })
})

describe('generate', () => {
  test('the same seed, the same problem; solve reads it', async () => {
    const folder = await folderWith({})
    const typed = ['generate', 'paper', '--tasks', '12', '--vms', '3', '--seed', '5']
    const first = await cloudsched(typed)
    expect(first.code).toBe(0)
    expect((await cloudsched(typed)).stdout).toBe(first.stdout)
    expect((await cloudsched([...typed.slice(0, -1), '6'])).stdout).not.toBe(first.stdout)
    const problem = JSON.parse(first.stdout)
    expect([problem.tasks.length, problem.vms.length]).toEqual([12, 3])
    await cloudsched([...typed, '--out', folder.at('p.json')])
    expect(await readFile(folder.at('p.json'), 'utf8')).toBe(first.stdout)
    const { stdout } = await cloudsched(['solve', folder.at('p.json'), '--solver', 'lpt'])
    expect(JSON.parse(stdout).plan).toHaveLength(12)
  })

  test('tables that solve to the same plan as the JSON', async () => {
    const folder = await folderWith({})
    const typed = ['generate', 'cloud', '--tasks', '30', '--vms', '4']
    await cloudsched([...typed, '--out', folder.at('t.csv'), '--vms-out', folder.at('v.csv')])
    await cloudsched([...typed, '--out', folder.at('p.json')])
    const byTables = await cloudsched([
      'solve',
      folder.at('t.csv'),
      folder.at('v.csv'),
      '--solver',
      'lpt',
      '--format',
      'csv',
    ])
    const byJson = await cloudsched(['solve', folder.at('p.json'), '--solver', 'lpt', '--format', 'csv'])
    expect(byTables.code).toBe(0)
    expect(byTables.stdout).toBe(byJson.stdout)
  })

  test.each(['random', 'range-etc', 'variation-etc', 'correlated-etc'])('%s', async (kind) => {
    const folder = await folderWith({})
    await cloudsched(['generate', kind, '--tasks', '6', '--vms', '2', '--out', folder.at('p.json')])
    const { code } = await cloudsched(['solve', folder.at('p.json'), '--solver', 'lpt'])
    expect(code).toBe(0)
  })

  test('options reach the generator', async () => {
    const { stdout } = await cloudsched([
      'generate',
      'paper',
      '--tasks',
      '1',
      '--vms',
      '1',
      '--option',
      'priceExponent=0',
      '--option',
      'priceScale=3',
    ])
    expect(JSON.parse(stdout).vms[0].pricePerSecond).toBe(3)
  })
})

describe('help', () => {
  test.each([[['--help']], [['-h']], [['solve', '--help']], [['compare', '-h']], [['generate', '--help']]])(
    '%j',
    async (argv) => {
      const { code, stdout, stderr } = await cloudsched(argv)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toContain('cloudsched')
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
    },
  )

  test('version', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'))
    expect((await cloudsched(['--version'])).stdout).toBe(`${version}\n`)
  })
})
