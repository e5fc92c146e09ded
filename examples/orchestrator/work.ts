/** The work that tasks ask for. Only what stands here can be run: a request names a kind of work, never a command. */
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'

export type Work =
  /** Counts the primes below a number: keeps a core busy. */
  | { readonly kind: 'primes'; readonly below: number }
  /** Waits: what a task that calls others does most of the time. */
  | { readonly kind: 'wait'; readonly seconds: number }
  /** Fails at the first attempts and succeeds at the next. */
  | { readonly kind: 'flaky'; readonly failures: number }
  /** Lives and never gets on: for the monitor to find. */
  | { readonly kind: 'hang' }

/** What is wrong with a description of work; `null` where nothing is. */
export function faultOf(work: unknown): string | null {
  const { kind, below, seconds, failures } = (work ?? {}) as Record<string, unknown>
  const isIn = (x: unknown, high: number) => typeof x === 'number' && x >= 0 && x <= high
  if (kind === 'primes') return isIn(below, 1e8) ? null : 'work.below must be a number in [0, 1e8]'
  if (kind === 'wait') return isIn(seconds, 3600) ? null : 'work.seconds must be a number in [0, 3600]'
  if (kind === 'flaky') return isIn(failures, 100) ? null : 'work.failures must be a number in [0, 100]'
  return kind === 'hang' ? null : `work.kind must be 'primes', 'wait', 'flaky' or 'hang'`
}

/** Does the work, yields its progress in [0, 1] and returns what it found. */
export async function* perform(work: Work, attempt: number): AsyncGenerator<number, number | null> {
  switch (work.kind) {
    case 'primes':
      return yield* countPrimes(work.below)
    case 'wait':
      for (let tenths = 0; tenths < 10 * work.seconds; tenths++) {
        yield tenths / (10 * work.seconds)
        await pause(100)
      }
      return null
    case 'flaky':
      if (attempt <= work.failures) throw new Error(`attempt ${attempt} fails, as was asked for`)
      return attempt
    case 'hang':
      for (;;) {
        yield 0
        await pause(100)
      }
  }
}

async function* countPrimes(below: number): AsyncGenerator<number, number> {
  const primes: number[] = []
  for (let candidate = 2; candidate < below; candidate++) {
    if (candidate % 10_000 === 0) {
      yield candidate / below
      await turn()
    }
    let isPrime = true
    for (let k = 0; isPrime && k < primes.length && primes[k]! * primes[k]! <= candidate; k++) {
      isPrime = candidate % primes[k]! !== 0
    }
    if (isPrime) primes.push(candidate)
  }
  return primes.length
}
