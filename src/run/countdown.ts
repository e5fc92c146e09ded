import { nowMs } from './clock.ts'

/**
 * Starts a budget of time for work that no driver can look into, such as a solver of another library.
 *
 * @returns tells the milliseconds that are left, never below 0; Infinity where there is no limit
 */
export function startCountdown(budgetMs: number = Infinity): () => number {
  const start = nowMs()
  return () => Math.max(0, budgetMs - (nowMs() - start))
}
