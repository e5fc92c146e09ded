import { mkdir, readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { cloudsched, folderWith } from './run-in-process.ts'

const tasks = 'id,lengthMi\nlong,90000\nshort,60000\n'
const vms = 'id,speedMips,pricePerSecond\nfast,800,0.02\nslow,400,0.007\n'

describe('each kind of bad input ends with 2, a message that names the place, and no output', () => {
  const pair = (changed: Readonly<Record<string, string | Uint8Array>>) => ({
    'tasks.csv': tasks,
    'vms.csv': vms,
    ...changed,
  })

  test.each<[string, Readonly<Record<string, string | Uint8Array>>, RegExp]>([
    [
      'a negative length',
      pair({ 'tasks.csv': 'lengthMi\n5\n-5\n' }),
      /tasks\.csv: .*line 3.*lengthMi.*finite number > 0, received "?-5/,
    ],
    ['not a number', pair({ 'tasks.csv': 'lengthMi\nNaN\n' }), /tasks\.csv: .*lengthMi.*received "NaN"/],
    ['an unknown column', pair({ 'vms.csv': 'speedMips,prize\n1,1\n' }), /vms\.csv: .*prize/],
    ['a column that is missing', pair({ 'tasks.csv': 'id\na\n' }), /tasks\.csv: .*lengthMi/],
    [
      'ids twice',
      pair({ 'tasks.csv': 'id,lengthMi\na,1\na,2\n' }),
      /tasks\.csv, .*vms\.csv: tasks\[1\]\.id must be unique/,
    ],
    ['no VMs', pair({ 'vms.csv': 'speedMips\n' }), /vms must be at least one VM/],
    [
      'a task that fits nowhere',
      pair({ 'tasks.csv': 'lengthMi,demand.cpu\n5,64\n' }),
      /tasks\[0\] must be runnable on at least one VM.*needs 64 cpu/,
    ],
    ['an empty file', pair({ 'tasks.csv': '' }), /tasks\.csv: /],
    ['a binary file', pair({ 'tasks.csv': Uint8Array.of(0, 1, 2, 3, 255) }), /tasks\.csv: .*binary/],
    [
      'a damaged archive',
      pair({ 'tasks.csv': gzipSync(tasks).subarray(0, 20) }),
      /tasks\.csv must be a whole gzip file/,
    ],
  ])('%s', async (_, files, message) => {
    const folder = await folderWith(files)
    const { code, stdout, stderr } = await cloudsched([
      'solve',
      folder.at('tasks.csv'),
      folder.at('vms.csv'),
      '--out',
      folder.at('plan.json'),
    ])
    expect(stderr).toMatch(message)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(await folder.names()).toEqual(['tasks.csv', 'vms.csv'])
  })

  test.each<[string, string, string | Uint8Array, RegExp]>([
    ['JSON that was cut off', 'problem.json', '{ "tasks": [', /problem\.json: .*valid JSON/],
    ['a problem without VMs', 'problem.json', '{ "tasks": [] }', /problem\.json: vms/],
    [
      'a ragged matrix',
      'problem.json',
      '{ "etc": [[1, 2], [3]] }',
      /problem\.json: etc\[1\] must be as long as the first row/,
    ],
    ['a matrix that was cut off', 'matrix.0', '2 2 0\n5\n1\n2\n', /matrix\.0: /],
    ['a front without prices', 'matrix.0', '1 1 0\n5\n', /--pareto: the VMs have no prices/],
    ['tasks without VMs', 'tasks.csv', tasks, /tasks\.csv holds tasks: name the file of the VMs after it/],
  ])('%s', async (_, name, content, message) => {
    const folder = await folderWith({ [name]: content })
    const { code, stdout, stderr } = await cloudsched(['solve', folder.at(name), '--pareto', folder.at('front.json')])
    expect(stderr).toMatch(message)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  test.each<[readonly string[], RegExp]>([
    [[], /^Name a command: solve, compare or generate\.\nTry: cloudsched --help\n$/],
    [['sovle'], /^There is no command sovle/],
    [['solve'], /^Name the input/],
    [['solve', 'no-such-file.json'], /^Cannot read no-such-file\.json: no such file or folder\.\n/],
    [['solve', 'TASKS', 'VMS', 'VMS'], /what is .*vms\.csv for/],
    [
      ['solve', 'TASKS', 'VMS', '--solver', 'wahql'],
      /--solver must be one of round-robin, .*whaql.*, received "wahql"/,
    ],
    [['solve', 'TASKS', 'VMS', '--sovler', 'lpt'], /Unknown option '--sovler'/],
    [['solve', 'TASKS', 'VMS', '--time-weight', '2'], /options\.timeWeight must be a number in \[0, 1\], received 2/],
    [['solve', 'TASKS', 'VMS', '--time-weight', 'half'], /--time-weight must be a number, received "half"/],
    [['solve', 'TASKS', 'VMS', '--time-limit-ms', '0'], /options\.timeLimitMs must be a finite number > 0, received 0/],
    [['solve', 'TASKS', 'VMS', '--option', 'episodes'], /--option must be key=value, received "episodes"/],
    [['solve', 'TASKS', 'VMS', '--option', 'epsiodes=5'], /options\.epsiodes must be one of the known options/],
    [['solve', 'TASKS', 'VMS', '--format', 'xml'], /--format must be one of json, csv, received "xml"/],
    [['solve', 'TASKS', 'VMS', '--from', 'xls'], /--from must be one of json, braun, rcmax, csv, swf, alibaba/],
    [['solve', 'TASKS', 'VMS', '--first', '0'], /--first must be a whole number >= 1/],
    [['solve', 'TASKS', 'VMS', '--chart', 'gantt.png'], /a chart ends in \.svg/],
    [['solve', 'TASKS', 'VMS', '--seed'], /--seed/],
    [['compare', 'TASKS', 'VMS', '--solvers', 'lpt,best'], /--solvers must be one of .*received "best"/],
    [['compare', 'TASKS', 'VMS', '--seeds', '1.5'], /--seeds must be a whole number >= 1/],
    [['compare', 'TASKS', 'VMS', '--seed', '1'], /`compare` takes --seeds/],
    [['compare', 'TASKS', 'VMS', '--option', 'episodes=5'], /--option belongs to `solve`/],
    [['compare', 'TASKS'], /name the file of the VMs/],
    [
      ['generate', 'papers'],
      /kind must be one of paper, random, cloud, range-etc, variation-etc, correlated-etc, received "papers"/,
    ],
    [['generate', 'paper', 'more'], /what is more for/],
    [['generate', '--tasks=-3'], /options\.taskCount must be a whole number/],
    [['generate', '--out', 'tasks.csv'], /--vms-out/],
    [['generate', 'range-etc', '--out', 't.csv', '--vms-out', 'v.csv'], /An ETC matrix has no tables/],
  ])('%j', async (typed, message) => {
    const folder = await folderWith({ 'tasks.csv': tasks, 'vms.csv': vms })
    const argv = typed.map((word) =>
      word === 'TASKS' ? folder.at('tasks.csv') : word === 'VMS' ? folder.at('vms.csv') : word,
    )
    const { code, stdout, stderr } = await cloudsched(argv)
    expect(stderr).toMatch(message)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})

describe('outputs are written whole or not at all', () => {
  test('when a later file cannot be written, the earlier one keeps its old content', async () => {
    const folder = await folderWith({ 'tasks.csv': tasks, 'vms.csv': vms, 'plan.json': 'old' })
    const out = ['--out', folder.at('plan.json'), '--chart', folder.at('missing/gantt.json')]
    const { code, stderr } = await cloudsched([
      'solve',
      folder.at('tasks.csv'),
      folder.at('vms.csv'),
      '--solver',
      'lpt',
      ...out,
    ])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^Cannot write .*missing\/gantt\.json: no such file or folder\. No file was written\./)
    expect(await readFile(folder.at('plan.json'), 'utf8')).toBe('old')
    expect(await folder.names()).toEqual(['plan.json', 'tasks.csv', 'vms.csv'])
  })

  test('a folder is no place for a file', async () => {
    const folder = await folderWith({ 'tasks.csv': tasks, 'vms.csv': vms })
    await mkdir(folder.at('plan.json'))
    const { code, stderr } = await cloudsched([
      'solve',
      folder.at('tasks.csv'),
      folder.at('vms.csv'),
      '--solver',
      'lpt',
      '--out',
      folder.at('plan.json'),
    ])
    expect(code).toBe(2)
    expect(stderr).toContain('it is not a regular file')
  })

  test('an old file is replaced', async () => {
    const folder = await folderWith({ 'tasks.csv': tasks, 'vms.csv': vms, 'plan.csv': 'old' })
    const { code } = await cloudsched([
      'solve',
      folder.at('tasks.csv'),
      folder.at('vms.csv'),
      '--solver',
      'lpt',
      '--out',
      folder.at('plan.csv'),
    ])
    expect(code).toBe(0)
    expect(await readFile(folder.at('plan.csv'), 'utf8')).toMatch(/^task,vm,seconds\n/)
    expect(await folder.names()).toEqual(['plan.csv', 'tasks.csv', 'vms.csv'])
  })
})
