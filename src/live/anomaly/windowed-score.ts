/** The first and the last step, both included, of a stretch that is labelled anomalous. */
export interface AnomalyWindow {
  readonly firstStep: number
  readonly lastStep: number
}

/** What alarms are worth against labelled windows. */
export interface WindowedScore {
  /** Alarms inside a window over all alarms; `null` without alarms. */
  readonly precision: number | null
  /** Windows with an alarm over all windows; `null` without windows. */
  readonly recall: number | null
  /** Harmonic mean of both; `null` where one of them is. */
  readonly f1: number | null
  /** Sum of rewards and penalties, before it is put on a scale. */
  readonly raw: number
  /** 100 for a detector that alarms at the start of each window and nowhere else, 0 for one that never alarms. */
  readonly score: number | null
  readonly alarms: number
  readonly windows: number
}

/** Cost of a false alarm in units of a missed window: the standard profile of the benchmark. */
const falseAlarmWeight = 0.11

/** Share of the series at its start in which nothing counts, and its most steps: time to learn what is normal. */
const probation = 0.15
const longestProbation = 750

/**
 * Scores alarms as the Numenta Anomaly Benchmark does (Lavin and Ahmad 2015, section II, standard profile): the first
 * alarm in a window earns the more the earlier it comes, further ones there earn nothing, an alarm outside costs 0.11
 * (less just after a window), a window without any costs 1.
 *
 * @param alarms steps at which a detector raised an alarm
 * @param windows labelled stretches, ascending and apart
 * @param steps length of the series
 */
export function windowedScore(
  alarms: readonly number[],
  windows: readonly AnomalyWindow[],
  steps: number,
): WindowedScore {
  const firstCounted = Math.min(Math.floor(probation * steps), longestProbation)
  const counted = alarms.filter((step) => step >= firstCounted)
  const judged = windows.filter(({ lastStep }) => lastStep >= firstCounted)
  const inside = counted.filter((step) => judged.some((window) => contains(window, step)))
  const firstAlarms = judged.map((window) => counted.find((step) => contains(window, step)))
  const found = firstAlarms.filter((step) => step !== undefined).length

  let raw = found - judged.length
  judged.forEach((window, at) => {
    const step = firstAlarms[at]
    if (step !== undefined) raw += reward(window, step)
  })
  for (const step of counted) {
    if (judged.some((window) => contains(window, step))) continue
    const before = judged.findLast(({ lastStep }) => lastStep < step)
    raw += falseAlarmWeight * (before ? sigmoid((step - before.lastStep) / length(before)) : -1)
  }
  const perfect = judged.reduce((sum, window) => sum + reward(window, window.firstStep), 0)
  // What a silent detector gets: every window is missed.
  const silent = -judged.length
  const precision = counted.length === 0 ? null : inside.length / counted.length
  const recall = judged.length === 0 ? null : found / judged.length
  return {
    precision,
    recall,
    f1: precision === null || recall === null ? null : harmonicMean(precision, recall),
    raw,
    score: judged.length === 0 ? null : (100 * (raw - silent)) / (perfect - silent),
    alarms: counted.length,
    windows: judged.length,
  }
}

function contains({ firstStep, lastStep }: AnomalyWindow, step: number): boolean {
  return step >= firstStep && step <= lastStep
}

function length({ firstStep, lastStep }: AnomalyWindow): number {
  return lastStep - firstStep + 1
}

/** Worth of an alarm inside a window: near 1 at its start, 0 at its end. */
function reward(window: AnomalyWindow, step: number): number {
  return sigmoid(-(window.lastStep - step + 1) / length(window))
}

/** 2 / (1 + e^(5y)) - 1: 0.987 at y = -1, 0 at 0, -0.987 at 1; -1 far behind a window. */
function sigmoid(y: number): number {
  return y > 3 ? -1 : 2 / (1 + Math.exp(5 * y)) - 1
}

function harmonicMean(precision: number, recall: number): number {
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
}
