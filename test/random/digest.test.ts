import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDigest } from '../../src/random/digest.ts'

/** The word of some lists, one after the other. */
function wordOf(...lists: readonly ArrayLike<number>[]): string {
  const digest = createDigest()
  for (const list of lists) digest.add(list)
  return digest.word()
}

describe('createDigest', () => {
  test('is the same everywhere', () => {
    expect(wordOf([1, 2.5, -3e300])).toBe(wordOf(Float64Array.of(1, 2.5, -3e300)))
    // By another program, over the digits of 3, 1, 2.5 and -3e+300, a space after each.
    expect(wordOf([1, 2.5, -3e300])).toBe('-315856105 902119674')
  })

  test('values, their order and the ends of the lists count', () => {
    const words = [
      wordOf(),
      wordOf([]),
      wordOf([0]),
      wordOf([1, 2]),
      wordOf([2, 1]),
      wordOf([1], [2]),
      wordOf([1, 2], []),
      wordOf([1, Infinity]),
      wordOf([1, Number.NaN]),
      wordOf([1, 2 + 2 ** -51]),
    ]
    expect(new Set(words).size).toBe(words.length)
    expect(words.every((word) => /^-?\d+ -?\d+$/.test(word))).toBe(true)
  })

  test('0 and -0 are alike, and so is every NaN', () => {
    expect(wordOf([-0])).toBe(wordOf([0]))
    const bits = new BigUint64Array([0x7ff8_0000_0000_0001n, 0xfff8_0000_0000_0000n])
    const [one, other] = new Float64Array(bits.buffer)
    expect(wordOf([one!])).toBe(wordOf([other!]))
  })

  test('small whole numbers, as lengths are, do not meet', () => {
    const words = new Set<string>()
    for (let a = 0; a < 100; a++) for (let b = 0; b < 100; b++) words.add(wordOf([a, b]))
    expect(words.size).toBe(10_000)
  })

  test('other lists have another word', () => {
    const list = fc.array(fc.double({ noNaN: true }), { maxLength: 5 })
    fc.assert(
      fc.property(list, list, (a, b) => {
        const isSame = a.length === b.length && a.every((value, k) => value === b[k])
        expect(wordOf(a) === wordOf(b)).toBe(isSame)
      }),
    )
  })
})
