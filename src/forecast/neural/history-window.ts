import { CloudschedError, type Finding, throwFindings } from '../../errors/cloudsched-error.ts'
import type { TimeSeries } from '../../model/forecaster.ts'
import type { NetworkModel } from './network-model.ts'
import type { PresentWindow } from './predictor.ts'

/** The last window of a history, with what was filled in it, or why there is none. */
export type HistoryWindow = (PresentWindow & { readonly notes: readonly string[] }) | { readonly unready: string }

/**
 * Cuts the last window out of a history: its target and the model's features, gaps filled with the value before them.
 *
 * @throws CloudschedError `invalid-input` for features that are missing or of another length, another step, and values
 * that are no numbers
 */
export function historyWindow(model: NetworkModel, history: TimeSeries): HistoryWindow {
  const { window, features: names } = model.input
  checkHistory(model, history)
  const { length } = history.values
  if (length < window) return { unready: `${model.kind} looks at ${window} steps, the history has ${length}` }
  const notes: string[] = []
  const lists: Float64Array[] = []
  for (const [name, list] of [
    ['values', history.values] as const,
    ...names.map((n) => [n, history.features![n]!] as const),
  ]) {
    const { cut, missing } = lastSteps(list, window)
    if (missing === window) return { unready: `${model.kind} looks at ${window} steps, all of '${name}' are missing` }
    if (missing > 0)
      notes.push(`${missing} of the ${window} steps of '${name}' are missing: the value known before each stood in`)
    lists.push(cut)
  }
  const [values, ...features] = lists
  return { columns: { id: history.id, values: values!, features }, origin: window - 1, notes }
}

/** The last `window` values with each gap filled by the value before it; before the first known value of all, by that one. */
function lastSteps(list: ArrayLike<number>, window: number): { readonly cut: Float64Array; readonly missing: number } {
  const start = list.length - window
  const cut = new Float64Array(window)
  let missing = 0
  for (let t = 0; t < window; t++) {
    cut[t] = list[start + t]!
    if (Number.isNaN(cut[t])) missing++
  }
  if (missing === 0) return { cut, missing }
  let before = start - 1
  while (before >= 0 && Number.isNaN(list[before])) before--
  let known = before >= 0 ? list[before]! : cut.find((value) => !Number.isNaN(value))
  for (let t = 0; t < window; t++) {
    if (Number.isNaN(cut[t])) cut[t] = known ?? Number.NaN
    else known = cut[t]
  }
  return { cut, missing }
}

function checkHistory({ input, stepSeconds }: NetworkModel, history: TimeSeries): void {
  const findings: Finding[] = []
  const { values } = history
  const lists: (readonly [string, ArrayLike<number> | undefined])[] = [
    ['values', values],
    ...input.features.map((name) => [`features.${name}`, history.features?.[name]] as const),
  ]
  for (const [name, list] of lists) {
    const path = `history.${name}`
    if (!list || list.length !== values.length) {
      const received = list ? `${list.length} values` : undefined
      findings.push({ path, received, expected: `a list of ${values?.length} values: the network was trained with it` })
      continue
    }
    // Only the window counts for the forecast; what lies before it was checked when it was the window.
    for (let i = Math.max(0, list.length - input.window); i < list.length; i++) {
      if (typeof list[i] === 'number' && Math.abs(list[i]!) !== Infinity) continue
      findings.push({
        path: `${path}[${i}]`,
        received: list[i],
        expected: 'a finite number, or NaN for a missing value',
      })
      break
    }
  }
  if (history.stepSeconds !== stepSeconds)
    findings.push({
      path: 'history.stepSeconds',
      received: history.stepSeconds,
      expected: `${stepSeconds}, the step of the series that the network was trained on`,
    })
  throwFindings('invalid-input', findings)
}

/** The last known value of a history. */
export function lastKnown({ values }: TimeSeries): number {
  for (let i = values.length - 1; i >= 0; i--) if (!Number.isNaN(values[i])) return values[i]!
  throw new CloudschedError('invalid-input', [
    { path: 'history.values', received: values, expected: 'a history with at least one known value' },
  ])
}
