import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amount, anyNumber, count, number, orEmpty, orMinusOne, positive, text, word } from '../../src/io/cells.ts'
import { column, columns, type Layout, lineNumber, readTable, type TableFormat } from '../../src/io/table.ts'
import { caught } from '../caught.ts'

interface Row {
  readonly name: string
  readonly size: number
}
const layout: Layout<Row> = { name: column('name', text), size: column('size', amount) }

function found(source: string, format?: TableFormat): string[] {
  const error = caught(() => readTable(source, layout, format))
  expect(error.code).toBe('format')
  return error.findings.map(({ path, received }) => `${path}: ${String(received)}`)
}

describe('what is read', () => {
  const expected = [
    { name: 'a', size: 1 },
    { name: 'b', size: 2.5 },
  ]

  test.each([
    ['line feeds', 'name,size\na,1\nb,2.5\n'],
    ['no line break at the end', 'name,size\na,1\nb,2.5'],
    ['carriage returns and line feeds', 'name,size\r\na,1\r\nb,2.5\r\n'],
    ['carriage returns alone', 'name,size\ra,1\rb,2.5\r'],
    ['a byte order mark', '\ufeffname,size\na,1\nb,2.5\n'],
    ['quotes', '"name","size"\n"a",1\n"b","2.5"\n'],
    ['blank lines', '\nname,size\n\na,1\n  \nb,2.5\n\n\n'],
    ['blanks around titles and numbers', ' name , size\na, 1\nb,2.5 \n'],
    ['columns in another order, and others between them', 'x,size,y,name\n?,1,,a\n?,2.5,,b\n'],
  ])('%s', (_, source) => {
    expect(readTable(source, layout)).toEqual(expected)
  })

  test('another delimiter, blanks and a header from outside', () => {
    expect(readTable('name;size\na;1\nb;2.5\n', layout, { delimiter: ';' })).toEqual(expected)
    expect(readTable('  a   1\n\nb\t2.5  \n', layout, { delimiter: 'blanks', header: ['name', 'size'] })).toEqual(
      expected,
    )
  })

  test('comments go to their reader', () => {
    const comments: string[] = []
    const rows = readTable('# one\na 1\n  # two\n', layout, {
      delimiter: 'blanks',
      header: ['name', 'size'],
      comment: '#',
      onComment: (line) => comments.push(line),
    })
    expect(rows).toEqual([{ name: 'a', size: 1 }])
    expect(comments).toEqual(['# one', '# two'])
  })

  test('quoted cells keep delimiters, quotes and line breaks, and lines are counted on', () => {
    const lines: Layout<Row & { line: number }> = { ...layout, line: lineNumber }
    const source = 'name,size\n"a,b ""c""",1\n"two\nlines",2\r\n\nd,3\n'
    expect(readTable(source, lines)).toEqual([
      { name: 'a,b "c"', size: 1, line: 2 },
      { name: 'two\nlines', size: 2, line: 3 },
      { name: 'd', size: 3, line: 6 },
    ])
  })

  test('several columns as one list', () => {
    const list: Layout<{ values: readonly number[] }> = { values: columns(['a', 'c'], anyNumber) }
    expect(readTable('a,b,c\n1,2,3\n4,5,6\n', list)).toEqual([{ values: [1, 3] }, { values: [4, 6] }])
  })

  test('a header alone is a table without rows', () => {
    expect(readTable('name,size\n', layout)).toEqual([])
    expect(readTable('name,size', layout)).toEqual([])
  })

  test('what is quoted as CSV asks comes back', () => {
    const cell = fc.string().filter((value) => value.trim() !== '' && !/[\0\ufffd\ud800-\udfff]/.test(value))
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (names) => {
        const source = ['name,size', ...names.map((name, index) => `"${name.replaceAll('"', '""')}",${index}`)].join(
          '\n',
        )
        expect(readTable(source, layout)).toEqual(names.map((name, size) => ({ name, size })))
      }),
    )
  })
})

describe('what is refused', () => {
  test('an empty text', () => {
    expect(found('')).toEqual(['text: '])
    expect(found(' \n\r\n')).toEqual(['text: '])
    expect(found('', { header: ['name', 'size'], delimiter: 'blanks' })).toEqual(['text: '])
  })

  test('missing columns, each by name, before any row', () => {
    expect(found('nam,siz\na,b\n')).toEqual(['line 1: nam,siz', 'line 1: nam,siz'])
    const error = caught(() => readTable('\nName,size\na,1\n', layout))
    expect(error.message).toBe(
      'line 2 must be a header with the column name, received "Name,size". Maybe Name is meant: write name.',
    )
  })

  test('a header with another delimiter', () => {
    expect(caught(() => readTable('name;size\na;1\n', layout)).hint).toBe('Maybe the columns are divided by ";" here.')
    expect(caught(() => readTable('name\tsize\n', layout)).hint).toBe('Maybe the columns are divided by "\\t" here.')
  })

  test('a column that is there twice, where it is read', () => {
    expect(found('name,size,size\na,1,2\n')).toEqual(['line 1: size'])
    expect(readTable('name,x,size,x\na,,1,\n', layout)).toEqual([{ name: 'a', size: 1 }])
  })

  test('rows of another length and cells that break their rule, all at once', () => {
    expect(found('name,size\na\nb,1\nc,2,3\nd,x\n,-1\n')).toEqual([
      'line 2: 1 columns',
      'line 4: 3 columns',
      'line 5, column size: x',
      'line 6, column name: ',
      'line 6, column size: -1',
    ])
  })

  test('all findings are kept, twenty are spelt out', () => {
    const error = caught(() => readTable(`name,size\n${'a,x\n'.repeat(50)}`, layout))
    expect(error.findings).toHaveLength(50)
    expect(error.message.split('\n')).toHaveLength(21)
    expect(error.message).toMatch(/\.\.\. and 30 more\.$/)
  })

  test('a last row that is cut off, with a hint that others do not get', () => {
    expect(caught(() => readTable('name,size\na,1\nb', layout))).toMatchObject({
      path: 'line 3',
      hint: 'Maybe the file was cut off here.',
    })
    expect(caught(() => readTable('name,size\na\nb,1', layout)).hint).toBeUndefined()
    expect(caught(() => readTable('name,size\na,1\nb,1,', layout)).hint).toBeUndefined()
  })

  test('a quote that is never closed, with the line where it opens', () => {
    expect(found('name,size\na,1\n"b,2\nc,3\nd,4\n')).toEqual([
      'line 3: 1 columns',
      'line 3: a quote that is never closed',
    ])
  })
})

describe('cells', () => {
  function read<T>(cell: Parameters<typeof column<T>>[1], content: string): T | 'refused' {
    try {
      return readTable<{ x: T; end: string }>(
        `${content},.`,
        { x: column('x', cell), end: column('end', text) },
        { header: ['x', 'end'] },
      )[0]!.x
    } catch {
      return 'refused'
    }
  }

  test.each(['1', '-1', '+1.5', '.5', '5.', '1e3', '1E-3', ' 7 '])('%j is a number', (content) => {
    expect(read(anyNumber, content)).toBe(Number(content))
  })

  test.each([
    '',
    ' ',
    'x',
    '1x',
    '0x10',
    '0b1',
    '1 2',
    '1_000',
    '1,5',
    'NaN',
    'Infinity',
    '-Infinity',
    '1e999',
    '--1',
    'e5',
    '.',
    '1e',
  ])('%j is none', (content) => {
    expect(read(anyNumber, content)).toBe('refused')
  })

  test('rules', () => {
    expect([read(amount, '0'), read(amount, '-1')]).toEqual([0, 'refused'])
    expect([read(positive, '0.1'), read(positive, '0')]).toEqual([0.1, 'refused'])
    expect([read(count, '3'), read(count, '3.5')]).toEqual([3, 'refused'])
    expect([
      read(
        number('below 3', (x) => x < 3),
        '2',
      ),
      read(
        number('below 3', (x) => x < 3),
        '3',
      ),
    ]).toEqual([2, 'refused'])
    expect([read(word('CN', 'HN'), 'HN'), read(word('CN', 'HN'), 'hn')]).toEqual(['HN', 'refused'])
    expect([
      read(orEmpty(amount, null), ''),
      read(orEmpty(amount, null), '2'),
      read(orEmpty(amount, null), 'x'),
    ]).toEqual([null, 2, 'refused'])
    expect([read(orMinusOne(amount), '-1'), read(orMinusOne(amount), '2'), read(orMinusOne(amount), '-2')]).toEqual([
      null,
      2,
      'refused',
    ])
  })
})
