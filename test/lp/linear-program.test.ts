import { expect, test } from 'vitest'
import { writeLp } from '../../src/lp/linear-program.ts'

test('writes columns, rows, bounds and kinds, with numbers that read back as the same', () => {
  const text = writeLp({
    columns: [
      { cost: 0, upper: 1, isBinary: true },
      { cost: 1e-7, upper: 2.5, isBinary: false },
      { cost: -3, upper: Infinity, isBinary: false },
    ],
    rows: [
      { terms: [[0, 1]], relation: '=', rightSide: 1 },
      {
        terms: [
          [0, 0.1],
          [2, -1e21],
        ],
        relation: '<=',
        rightSide: -0.5,
      },
    ],
  })
  expect(text.split('\n').map((line) => line.trim())).toEqual([
    'Minimize',
    'objective:',
    '+ 0 x0',
    '+ 1e-7 x1',
    '- 3 x2',
    'Subject To',
    'r0:',
    '+ 1 x0',
    '= 1',
    'r1:',
    '+ 0.1 x0',
    '- 1e+21 x2',
    '<= -0.5',
    'Bounds',
    '0 <= x1 <= 2.5',
    'Binary',
    'x0',
    'End',
    '',
  ])
})
