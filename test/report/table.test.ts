import { describe, expect, test } from 'vitest'
import { roundRobin } from '../../src/constructive/round-robin.ts'
import { compare, summarise } from '../../src/experiment/index.ts'
import { createProblem } from '../../src/model/problem.ts'
import { consoleTable, formatNumber, markdownTable, resultTable, summaryTable } from '../../src/report/index.ts'

const problem = createProblem({
  tasks: [{ lengthMi: 400 }, { lengthMi: 200 }],
  vms: [{ speedMips: 100 }, { speedMips: 100 }],
})

describe('formatNumber', () => {
  test.each([
    [0, '0'],
    [12, '12'],
    [7_356_784, '7356784'],
    [7_356_784.9, '7356785'],
    [123.456, '123.5'],
    [9.99996, '10.00'],
    [0.0123456, '0.01235'],
    [0.00099999999, '0.001000'],
    [-1.5, '-1.500'],
    [0.00001234, '1.234e-5'],
    [1.5e20, '1.500e+20'],
    [Number.NaN, 'NaN'],
  ])('%d -> %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  test('in three digits', () => {
    expect([33.333, 0.1, 2.0004].map((value) => formatNumber(value, 3))).toEqual(['33.3', '0.100', '2.00'])
  })
})

const rows = [
  { solver: 'whaql', gap: 0.1234, tasks: 20, note: null },
  { solver: 'lpt', gap: 12.5, tasks: 1000, note: 'a|b' },
  { solver: 'roundRobin', gap: null, tasks: 3, note: 'c' },
]

describe('markdownTable', () => {
  test('numbers to the right with their points in line, bars escaped, a dash for nothing', () => {
    expect(markdownTable(rows).split('\n')).toEqual([
      '| solver     |     gap | tasks | note |',
      '| ---------- | ------: | ----: | ---- |',
      '| whaql      |  0.1234 |    20 | –    |',
      '| lpt        | 12.50   |  1000 | a\\|b |',
      '| roundRobin |  –      |     3 | c    |',
    ])
  })

  test('columns by name and by function', () => {
    const percent = { title: 'gap (%)', value: ({ gap }: { gap: number | null }) => gap && gap * 100, digits: 2 }
    expect(markdownTable(rows.slice(0, 2), ['solver', percent]).split('\n')).toEqual([
      '| solver | gap (%) |',
      '| ------ | ------: |',
      '| whaql  |      12 |',
      '| lpt    |    1250 |',
    ])
  })

  test('no rows', () => {
    expect(markdownTable([] as typeof rows, ['solver'])).toBe('| solver |\n| ------ |')
  })
})

describe('consoleTable', () => {
  test('aligned, without trailing blanks', () => {
    expect(consoleTable(rows.slice(0, 2), ['solver', 'gap', 'note']).split('\n')).toEqual([
      'solver      gap  note',
      '──────  ───────  ────',
      'whaql    0.1234  –',
      'lpt     12.50    a|b',
    ])
  })
})

describe('resultTable', () => {
  test('one line per result', () => {
    // Round robin: 4 s and 2 s, makespan 4, load 0.5, est ln 4 = 1.38629, which is the bound.
    const lines = resultTable([roundRobin(problem)]).split('\n')
    expect(lines[0]!.split(/ {2,}/)).toEqual(['solver', 'time (s)', 'load', 'est', 'gap (%)', 'evaluations', 'status'])
    expect(lines[2]!.split(/ {2,}/)).toEqual(['round-robin', '4', '0.500', '1.38629', '0', '1', 'optimal'])
    expect(resultTable([roundRobin(problem)], { format: 'markdown' }).split('\n')[1]).toMatch(/^\| -+ \| -+: \|/)
  })
})

describe('summaryTable', () => {
  test('one line per solver, failures where there are any', () => {
    const broken = () => {
      throw new Error('no')
    }
    const summary = summarise(compare({ roundRobin, broken }, { problem }, { seeds: 2 }))
    const lines = summaryTable(summary).split('\n')
    expect(lines[0]!.split(/ {2,}/)).toEqual([
      'solver',
      'time (s)',
      'load',
      'gap (%)',
      '95 % interval',
      'optimal',
      'failed',
      'ms',
    ])
    expect(lines[2]!.split(/ {2,}/).slice(0, 7)).toEqual(['roundRobin', '4', '0.500', '0', '0 .. 0', '2/2', '0'])
    expect(lines[3]!.split(/ {2,}/)).toEqual(['broken', '–', '–', '–', '–', '0/2', '2', '–'])
    const quiet = summaryTable(summarise(compare({ roundRobin }, { problem }, { seeds: 1 })), { format: 'markdown' })
    expect(quiet).not.toMatch(/failed|interval/)
  })
})
