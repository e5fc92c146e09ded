/** Milliseconds on a clock that never runs backwards: the only clock of the library, read by the drivers and by `experiment`. */
export function nowMs(): number {
  return performance.now()
}
