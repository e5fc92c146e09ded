/**
 * How the decision head was chosen, without the hold-out: networks and a logistic regression fitted on the first 70 % of
 * each series, cut-offs from the next tenth or from both, judged on the tenth that the table of decisions stops training by.
 *
 *   npx tsx bench/vtgru-decision-choice.ts
 */
import {
  averagePrecision,
  chronologicalSplit,
  decisionScores,
  forecastOrigins,
  lagSamples,
  logisticRegression,
  needsScheduling,
  predictLogistic,
  rowsOf,
  type StepRange,
  type TimeSeries,
} from 'cloudsched/forecast'
import {
  igruSdForecaster,
  networkDecider,
  type NetworkOptions,
  trainIgruSd,
  trainVtgru,
} from 'cloudsched/forecast/neural'
import { markdownTable } from 'cloudsched/report'
import { bestF1CutOff } from './best-f1.ts'
import { mean, writePage } from './evidence-page.ts'
import { barSeries, horizon, nabSeries, requireData } from './forecast-series.ts'
import { remembered } from './remembered.ts'

const seeds = [1]
const lags = 36
const stepBudget = 1000

/** What one rule says of some rows. */
interface Said {
  /** Probabilities; of IGRU-SD the largest value of a path over the threshold. */
  readonly scores: readonly number[]
  readonly labels: readonly number[]
  /** Whether the present is below the threshold. */
  readonly isOnset: readonly boolean[]
}

interface Run {
  readonly rule: string
  readonly series: string
  readonly fitted: Said
  readonly stopped: Said
  readonly judged: Said
}

type Scores = (origins: readonly number[]) => number[]

requireData()
const series = barSeries.map((id) => nabSeries().find((one) => one.id === id)!)

const networks: Readonly<Record<string, NetworkOptions>> = {
  'V-TGRU': {},
  'window 36': { window: lags },
  'window 36, z-score': { window: lags, normalization: 'zscore' },
  'no weight of yes': { positiveWeight: 1 },
  'linear skip': { linearSkip: true },
  'linear skip, window 36': { linearSkip: true, window: lags },
  'linear skip, window 36, no weight of yes': { linearSkip: true, window: lags, positiveWeight: 1 },
}
const regressions = { 'logistic regression': 'none', 'logistic regression, balanced': 'balanced' } as const
const igruSdLevels = { 'IGRU-SD, its values': null, 'IGRU-SD, its 85 % quantile': 0.85 } as const

const runs: Run[] = []
for (const one of series) {
  const parts = partsOf(one)
  const threshold = thresholdOf(one)
  for (const [rule, classWeights] of Object.entries(regressions)) {
    const { samples } = lagSamples(one, parts.fitted, { lags, ahead: horizon, target: labelAt(threshold) })
    const model = logisticRegression(samples, { classWeights })
    runs.push(
      said(rule, one, (origins) =>
        origins.map((t) =>
          predictLogistic(
            model,
            Array.from({ length: lags }, (_, lag) => one.values[t - lag]!),
          ),
        ),
      ),
    )
  }
  const seen = rowsOf(one, { start: 0, end: parts.stopped.end })
  const options = {
    horizon,
    validationShare: 1 - parts.fitted.end / parts.stopped.end,
    epochs: Math.ceil((stepBudget * 128) / parts.fitted.end),
  }
  for (const seed of seeds) {
    for (const [rule, given] of Object.entries(networks)) {
      const key = ['network', rule, given, one.id, seed, stepBudget]
      const run = await remembered('vtgru-decision-choice', key, async () => {
        const { decideMany, contextSteps } = networkDecider(
          await trainVtgru([seen], { ...options, ...given, head: 'decision', threshold, seed }),
        )
        return said(rule, one, (origins) =>
          decideMany(origins.map((t) => rowsOf(one, { start: t + 1 - contextSteps, end: t + 1 }))).map(
            ({ probabilities }) => probabilities[horizon - 1]!,
          ),
        )
      })
      console.error(one.id, rule, seed)
      runs.push(run)
    }
    const paths = await remembered('vtgru-decision-choice', ['igru-sd', one.id, seed, stepBudget], async () => {
      const { forecastMany, contextSteps } = igruSdForecaster(await trainIgruSd([seen], { ...options, seed }))
      return Object.entries(igruSdLevels).map(([rule, level]) =>
        said(rule, one, (origins) => {
          const requests = origins.map((t) => ({
            history: rowsOf(one, { start: t + 1 - contextSteps, end: t + 1 }),
            horizon,
            levels: level === null ? [] : [level],
          }))
          return forecastMany(requests).map(({ values, quantiles: [path = values] }) => Math.max(...path) - threshold)
        }),
      )
    })
    runs.push(...paths)
  }
}

function partsOf({ values: { length } }: TimeSeries): Record<'fitted' | 'stopped' | 'judged', StepRange> {
  const { training, validation } = chronologicalSplit(length)
  const boundary = Math.floor((training.end * 7) / 8)
  return {
    fitted: { start: 0, end: boundary },
    stopped: { start: boundary, end: training.end },
    judged: validation,
  }
}

/** As in the table of decisions: the 90 % quantile of the first 80 %. */
function thresholdOf(one: TimeSeries): number {
  const { training } = chronologicalSplit(one.values.length)
  const sorted = Float64Array.from(one.values).subarray(0, training.end).slice().sort()
  return sorted[Math.floor(0.9 * (sorted.length - 1))]!
}

function labelAt(threshold: number): (values: Float64Array, origin: number) => number {
  return (values, origin) => needsScheduling(values, [origin], { threshold, horizon })[0]!
}

function said(rule: string, one: TimeSeries, scores: Scores): Run {
  const threshold = thresholdOf(one)
  const on = (range: StepRange): Said => {
    const origins = [...forecastOrigins(range, { contextSteps: lags, horizon })]
    return {
      scores: scores(origins),
      labels: [...needsScheduling(one.values, origins, { threshold, horizon })],
      isOnset: origins.map((t) => one.values[t]! < threshold),
    }
  }
  const { fitted, stopped, judged } = partsOf(one)
  return { rule, series: one.id!, fitted: on(fitted), stopped: on(stopped), judged: on(judged) }
}

function together(first: Said, second: Said): Said {
  return {
    scores: [...first.scores, ...second.scores],
    labels: [...first.labels, ...second.labels],
    isOnset: [...first.isOnset, ...second.isOnset],
  }
}

function onsetOf({ scores, labels, isOnset }: Said): Said {
  const calm = [...isOnset.keys()].filter((k) => isOnset[k])
  return { scores: calm.map((k) => scores[k]!), labels: calm.map((k) => labels[k]!), isOnset: calm.map(() => true) }
}

function mccAt({ scores, labels }: Said, cutOff: number): number {
  return (
    decisionScores(
      labels,
      scores.map((score) => (score >= cutOff ? 1 : 0)),
    ).mcc ?? 0
  )
}

const cutOffs: Readonly<Record<string, (run: Run) => number>> = {
  '1/2': () => 0.5,
  'best F1 before': ({ stopped: { labels, scores } }) => bestF1CutOff(labels, scores),
  'best F1 on all': ({ fitted, stopped }) => {
    const { labels, scores } = together(fitted, stopped)
    return bestF1CutOff(labels, scores)
  },
}
const informative = series.filter(({ id }) => {
  const { labels } = runs.find((run) => run.series === id)!.judged
  return labels.includes(0) && labels.includes(1)
})
const per = (rule: string, id: string | undefined, value: (run: Run) => number | null): number =>
  mean(runs.filter((run) => run.rule === rule && run.series === id).map((run) => value(run) ?? 0))
const overall = (rule: string, value: (run: Run) => number | null): string =>
  (100 * mean(informative.map(({ id }) => per(rule, id, value)))).toFixed(1)
const precision = ({ labels, scores }: Said): number | null => averagePrecision(labels, scores)
const rules = [...Object.keys(regressions), ...Object.keys(networks)]

const meanTable = markdownTable(
  rules.map((rule) => ({ rule })),
  [
    { title: 'rule', value: ({ rule }) => rule },
    { title: 'average precision', value: ({ rule }) => overall(rule, ({ judged }) => precision(judged)) },
    { title: 'onset', value: ({ rule }) => overall(rule, ({ judged }) => precision(onsetOf(judged))) },
    ...Object.entries(cutOffs).map(([name, cutOff]) => ({
      title: `MCC x 100, ${name}`,
      value: ({ rule }: { readonly rule: string }) => overall(rule, (run) => mccAt(run.judged, cutOff(run))),
    })),
    ...Object.entries(cutOffs).map(([name, cutOff]) => ({
      title: `onset, ${name}`,
      value: ({ rule }: { readonly rule: string }) => overall(rule, (run) => mccAt(onsetOf(run.judged), cutOff(run))),
    })),
  ],
)

const percent = (value: number): string => (100 * value).toFixed(1)
const seriesTable = markdownTable(
  rules.map((rule) => ({ rule })),
  [
    { title: 'rule', value: ({ rule }) => rule },
    ...informative.map(({ id }) => ({
      title: `${id}: average precision / MCC`,
      value: ({ rule }: { readonly rule: string }) => {
        const ranked = per(rule, id, ({ judged }) => precision(onsetOf(judged)))
        const decided = per(rule, id, (run) => mccAt(onsetOf(run.judged), cutOffs['best F1 on all']!(run)))
        return `${percent(ranked)} / ${percent(decided)}`
      },
    })),
  ],
)

const igruSdTable = markdownTable(
  Object.keys(igruSdLevels).map((rule) => ({ rule })),
  [
    { title: 'rule', value: ({ rule }) => rule },
    ...informative.map(({ id }) => ({
      title: `${id}: MCC / onset`,
      value: ({ rule }: { readonly rule: string }) =>
        [(run: Run) => mccAt(run.judged, 0), (run: Run) => mccAt(onsetOf(run.judged), 0)]
          .map((value) => percent(per(rule, id, value)))
          .join(' / '),
    })),
  ],
)

const shareTable = markdownTable(series, [
  { title: 'series', value: ({ id }) => id! },
  ...(['fitted', 'stopped', 'judged'] as const).map((part) => ({
    title: { fitted: 'fitted', stopped: 'tenth before', judged: 'judged' }[part],
    value: ({ id }: TimeSeries) => percent(mean(runs.find((run) => run.series === id)![part].labels)),
  })),
])

writePage({
  name: 'vtgru-decision-choice',
  title: 'How the decision head was chosen',
  command: 'npx tsx bench/vtgru-decision-choice.ts',
  seeds: seeds.join(', '),
  body: `For [the table of decisions](vtgru-decision.md), without its hold-out. Each series is cut at 70, 80 and 90 %: fitted on the first part, stopped early by the
second ("before"), judged on the third, which is the middle tenth. The question is whether the next ${horizon} steps reach the 90 % quantile of the first 80 %. Figures in per cent, in the
mean over ${informative.map(({ id }) => id).join(', ')}: the other series has no yes among the rows that judge. An MCC that is not defined counts as 0.
Networks take at most about ${stepBudget} steps of 128 windows; a rule says yes from a cut-off on its probability: one half, the best F1 of the tenth before, or the best F1 of
all rows up to there.

${meanTable}

## Share of yes

${shareTable}

## At the onset, series by series

With the cut-off of the best F1 on all rows.

${seriesTable}

## IGRU-SD

It knows values, and says yes when its path reaches the threshold: that of its values, or that of its 85 % quantile.

${igruSdTable}`,
})
