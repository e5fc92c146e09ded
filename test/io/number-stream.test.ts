import { describe, expect, test } from 'vitest'
import { amount, count } from '../../src/io/cells.ts'
import { openNumbers } from '../../src/io/number-stream.ts'
import { caught } from '../caught.ts'

describe('openNumbers', () => {
  test('line breaks and blanks do not matter', () => {
    const numbers = openNumbers('\n 1 2\r\n\r\n3\t4\n')
    expect(numbers.size('size', count)).toBe(1)
    expect(numbers.next('value', amount)).toBe(2)
    expect(numbers.list(2, 'value', amount)).toEqual([3, 4])
    expect(() => numbers.end()).not.toThrow()
  })

  test('broken values are gathered to the end', () => {
    const numbers = openNumbers('1 x\n-2 3\n')
    expect(numbers.list(4, 'value', amount)).toEqual([1, Number.NaN, Number.NaN, 3])
    expect(caught(() => numbers.end()).findings).toEqual([
      { path: 'line 1, value', received: 'x', expected: 'a finite number >= 0' },
      { path: 'line 2, value', received: '-2', expected: 'a finite number >= 0' },
    ])
  })

  test('a broken size ends the reading at once', () => {
    expect(caught(() => openNumbers('x').size('number of rows', count))).toMatchObject({
      code: 'format',
      path: 'line 1, number of rows',
      received: 'x',
    })
  })

  test('the end of the text comes after the findings before it', () => {
    const numbers = openNumbers('1\nx\n')
    const error = caught(() => numbers.list(3, 'value', amount))
    expect(error.findings.map(({ path, received }) => [path, received])).toEqual([
      ['line 2, value', 'x'],
      ['line 3', 'the end of the text'],
    ])
    expect(error.findings[1]).toMatchObject({ expected: 'followed by value', hint: 'Maybe the file was cut off here.' })
  })

  test('nothing may follow', () => {
    const numbers = openNumbers('1\n\n2 3')
    numbers.next('value', amount)
    expect(caught(() => numbers.end())).toMatchObject({ path: 'line 3', received: '2' })
  })
})
