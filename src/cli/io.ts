/** A stream that text goes to, and whether a person reads it. */
export interface Terminal {
  write(text: string): unknown
  readonly isTTY?: boolean
}

/** What the command has of its surroundings; tests give it streams of their own. */
export interface Io {
  /** Results, and nothing else. */
  readonly stdout: Terminal
  /** Notes, errors, the progress bar. */
  readonly stderr: Terminal
  /** Aborted by Ctrl-C: searches end with the best so far. */
  readonly signal: AbortSignal
}

/** Exit codes: 0 done, 1 an error inside, 2 bad input or usage, 130 interrupted (128 + SIGINT). */
export const exitCode = { done: 0, internal: 1, usage: 2, interrupted: 130 } as const

/** What was typed makes no sense; the message says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
