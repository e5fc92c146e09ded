/** A word for many numbers: other numbers, or the same in another order, have another word. */
export interface Digest {
  /** Takes in a list: its length, then its values; all NaN are alike, and so are 0 and -0. */
  add(values: ArrayLike<number>): void
  /** Two whole numbers for all that was taken in. */
  word(): string
}

/**
 * A digest of 64 bits: two hashes of 32 bits over the decimal digits of the numbers, each a multiplication by a prime and a
 * shift per digit. It tells different inputs apart, by accident the same word comes once in 10^19; it is no protection against
 * somebody who wants one.
 */
export function createDigest(): Digest {
  let first = 1
  let second = 2

  /** The shortest decimal that reads back as the number: the same on every engine, and 0 for -0. */
  function take(value: number): void {
    for (const digit of `${value} `) {
      first = mixed(first, digit, 0x9e3779b1)
      second = mixed(second, digit, 0x85ebca77)
    }
  }

  return {
    add(values) {
      take(values.length)
      for (let i = 0; i < values.length; i++) take(values[i]!)
    },
    word: () => `${first} ${second}`,
  }
}

function mixed(hash: number, digit: string, prime: number): number {
  const product = Math.imul(hash ^ digit.charCodeAt(0), prime)
  return product ^ (product >>> 15)
}
