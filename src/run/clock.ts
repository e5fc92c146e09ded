/** Milliseconds on a clock that never runs backwards: the only clock of the library, read by the drivers alone. */
export function nowMs(): number {
  return performance.now()
}
