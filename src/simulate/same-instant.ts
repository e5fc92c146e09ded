/**
 * Times that differ by less than this part of themselves count as one instant: 0.1 + 0.2 and 0.3 are, and two sums of a
 * thousand terms each. Each event keeps its own time; only the order between kinds of events follows this rule.
 */
const tolerance = 1e-12

/** The end of the instant that begins at a time. */
export function endOfInstant(seconds: number): number {
  return seconds * (1 + tolerance)
}
