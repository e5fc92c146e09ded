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

/** Prints data for a pipe and for who asks for a format, words for a person; nothing into a pipe where a file has the data. */
export function printResult(
  { stdout }: Io,
  { out, format }: { readonly out?: string | undefined; readonly format?: string | undefined },
  data: string,
  words: () => string,
): void {
  if (out === undefined && (!stdout.isTTY || format !== undefined)) stdout.write(data)
  else if (stdout.isTTY) stdout.write(words())
}
