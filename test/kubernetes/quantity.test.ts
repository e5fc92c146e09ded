import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseQuantity } from '../../src/kubernetes/index.ts'

test.each([
  ['500m', 0.5],
  ['2', 2],
  [2, 2],
  ['0.1', 0.1],
  ['.5', 0.5],
  ['1.', 1],
  ['+3', 3],
  ['128974848', 128_974_848],
  ['129e6', 129e6],
  ['129M', 129e6],
  ['123Mi', 123 * 1024 * 1024],
  ['2Gi', 2_147_483_648],
  ['1Ki', 1024],
  ['1k', 1000],
  ['1E', 1e18],
  ['1E3', 1000],
  ['5n', 5e-9],
  ['7u', 7e-6],
  ['0', 0],
])('%s is %d', (quantity, value) => {
  expect(parseQuantity(quantity)).toBeCloseTo(value, 12)
})

test.each(['', 'm', '1 Gi', '1gi', '1K', '-1', '1e', '1.2.3', '0x10', 'NaN', 'Infinity', '1Zi', '1mm', null, {}])(
  '%s does not parse',
  (quantity) => {
    expect(() => parseQuantity(quantity as string, 'node a: cpu')).toThrow(/node a: cpu must be a quantity/)
  },
)

test('a number of milli is a thousandth of the number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), (milli) => {
      expect(parseQuantity(`${milli}m`)).toBeCloseTo(milli / 1000, 9)
    }),
  )
})
