import { CloudschedError } from '../../errors/cloudsched-error.ts'

/** Runs over the pairs of two lists; pairs in which either is missing (NaN) are left out. Returns how many there were. */
export function eachPair(
  actual: ArrayLike<number>,
  other: ArrayLike<number>,
  visit: (actual: number, other: number) => void,
): number {
  checkLength('forecast', other, actual.length)
  let count = 0
  for (let i = 0; i < actual.length; i++) {
    if (Number.isNaN(actual[i]) || Number.isNaN(other[i])) continue
    visit(actual[i]!, other[i]!)
    count++
  }
  return count
}

/** Mean of a term over the pairs; `null` when there are none. */
export function meanOverPairs(
  actual: ArrayLike<number>,
  other: ArrayLike<number>,
  term: (actual: number, other: number) => number,
): number | null {
  let sum = 0
  const count = eachPair(actual, other, (a, b) => {
    sum += term(a, b)
  })
  return count === 0 ? null : sum / count
}

/** Refuses a list of another length. */
export function checkLength(path: string, list: ArrayLike<unknown>, length: number): void {
  if (list.length === length) return
  throw new CloudschedError('invalid-input', [
    { path, received: `${list.length} entries`, expected: `a list of ${length} entries, one for each actual value` },
  ])
}
