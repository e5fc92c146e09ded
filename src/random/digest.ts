/** A word for many numbers: other numbers, or the same in another order, have another word. */
export interface Digest {
  /** Takes in a list: its length, then its values; all NaN are alike, and so are 0 and -0. */
  add(values: ArrayLike<number>): void
  /** 16 hexadecimal digits for all that was taken in. */
  word(): string
}

/**
 * A digest of 64 bits: two MurmurHash3 of 32 bits (Appleby 2011) with different seeds over the bits of the numbers. It tells
 * different inputs apart, by accident the same word comes once in 10^19; it is no protection against somebody who wants one.
 */
export function createDigest(): Digest {
  const bytes = new DataView(new ArrayBuffer(8))
  let first = 0x9747b28c | 0
  let second = 0x3c6ef372 | 0
  let words = 0

  function take(value: number): void {
    // -0 + 0 is 0, and the bits of a NaN are the engine's business.
    bytes.setFloat64(0, value + 0)
    const high = Number.isNaN(value) ? 0x7ff80000 : bytes.getInt32(0)
    const low = Number.isNaN(value) ? 0 : bytes.getInt32(4)
    first = mixed(mixed(first, high), low)
    second = mixed(mixed(second, high), low)
    words += 2
  }

  return {
    add(values) {
      take(values.length)
      for (let i = 0; i < values.length; i++) take(values[i]!)
    },
    word: () => hexadecimal(finished(first, words)) + hexadecimal(finished(second, words)),
  }
}

function mixed(hash: number, word: number): number {
  const scrambled = Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593)
  return (Math.imul(rotated(hash ^ scrambled, 13), 5) + 0xe6546b64) | 0
}

function finished(hash: number, words: number): number {
  let h = hash ^ (4 * words)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function rotated(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits))
}

function hexadecimal(x: number): string {
  return (x >>> 0).toString(16).padStart(8, '0')
}
