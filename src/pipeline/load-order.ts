/** Pools in ascending order of a key, kept so while single keys change. */
export interface LoadOrder {
  /** Pool at each place; ties by the pool's index. */
  readonly sequence: Int32Array
  /** Place of each pool. */
  readonly place: Int32Array
  readonly key: Float64Array
}

/** @param key - for each pool, changed from outside */
export function createLoadOrder(pools: Int32Array, key: Float64Array): LoadOrder {
  const sequence = pools.slice().sort((a, b) => key[a]! - key[b]! || a - b)
  const place = new Int32Array(key.length)
  sequence.forEach((pool, i) => {
    place[pool] = i
  })
  return { sequence, place, key }
}

/** Brings a pool to its place after its key has changed. */
export function reposition({ sequence, place, key }: LoadOrder, pool: number): void {
  const own = key[pool]!
  let i = place[pool]!
  const comesBefore = (other: number): boolean => key[other]! < own || (key[other] === own && other < pool)
  while (i > 0 && !comesBefore(sequence[i - 1]!)) i = shift(i, i - 1)
  while (i < sequence.length - 1 && comesBefore(sequence[i + 1]!)) i = shift(i, i + 1)
  sequence[i] = pool
  place[pool] = i

  function shift(to: number, from: number): number {
    sequence[to] = sequence[from]!
    place[sequence[to]!] = to
    return from
  }
}
