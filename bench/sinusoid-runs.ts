/** What the benches of sinusoid regression share: a run is a trained learner measured on one fixed set of test tasks. */
import { meanInterval } from 'cloudsched/experiment'
import {
  type LearnerName,
  measureLearner,
  sinusoidEpisodes,
  sinusoidTestBatch,
  trainOnEpisodes,
  type TrainedLearner,
  type TrainingOptions,
} from 'cloudsched/meta'
import { type LinePoint, lineSpec, markdownTable } from 'cloudsched/report'
import { writeChart } from './evidence-page.ts'

/** One learner, how it is trained, and where it is to come. */
export interface SinusoidRun {
  readonly name: string
  readonly learner: LearnerName
  readonly supportRows: number
  readonly options: TrainingOptions
  /** Inner rate of adaptation where it is not that of training. */
  readonly adaptRate?: number
  readonly level?: string
}

/** Mean query error of one run after some inner steps. */
export interface SinusoidRow {
  readonly run: SinusoidRun
  readonly trained: TrainedLearner
  readonly seconds: number
  readonly points: readonly SinusoidPoint[]
}

export interface SinusoidPoint {
  readonly steps: number
  readonly mean: number | null
  readonly low: number | null
  readonly high: number | null
  readonly diverged: number
}

export const stepCounts: readonly number[] = [0, 1, 5, 10]
export const testTasks = 600

export async function measureRun(run: SinusoidRun): Promise<SinusoidRow> {
  const source = sinusoidEpisodes({ supportRows: run.supportRows, queryRows: 10 })
  const start = process.cpuUsage().user
  const trained = await trainOnEpisodes(run.learner, source, {
    seed: 1,
    checkEvery: 500,
    patience: 1e6,
    ...run.options,
  })
  const seconds = (process.cpuUsage().user - start) / 1e6
  const test = sinusoidTestBatch(testTasks, { supportRows: run.supportRows, queryRows: 100, seed: 'test' })
  const shape = { ...trained.shape, innerRate: run.adaptRate ?? trained.shape.innerRate }
  const points = stepCounts.map((steps) => {
    const { losses, diverged } = measureLearner({ shape, weights: trained.weights }, test, { steps })
    const interval = meanInterval(losses.filter((loss) => loss !== null))
    return { steps, mean: interval!.mean, low: interval!.low, high: interval!.high, diverged }
  })
  console.error(
    run.name,
    seconds,
    points.map(({ mean, diverged }) => [mean?.toFixed(3), diverged]),
  )
  return { run, trained, seconds, points }
}

export function rowsTable(rows: readonly SinusoidRow[]): string {
  return markdownTable(rows, [
    { title: 'learner', value: ({ run }) => run.name },
    { title: 'iterations', value: ({ trained }) => trained.iterations, digits: 8 },
    ...stepCounts.map((steps, k) => ({
      title: `MSE, ${steps} steps`,
      value: ({ points }: SinusoidRow) => cell(points[k]!),
    })),
    { title: 'diverged at 10', value: ({ points }) => points.at(-1)!.diverged, digits: 8 },
    { title: 'gradients by', value: ({ trained }) => trained.backend },
    { title: 'training, s', value: ({ seconds }) => seconds.toFixed(0) },
    ...(rows.some(({ run }) => run.level)
      ? [{ title: 'level', value: ({ run }: SinusoidRow) => run.level ?? '' }]
      : []),
  ])
}

function cell({ mean, low, high }: SinusoidPoint): string {
  return mean === null ? '' : `${mean.toFixed(3)} ± ${((high! - low!) / 2).toFixed(3)}`
}

export function rowsChart(name: string, title: string, rows: readonly SinusoidRow[]): Promise<string> {
  const points = rows.flatMap(({ run, points: measured }) =>
    measured.map(({ steps, mean, low, high }): LinePoint => ({ series: run.name, x: steps, y: mean!, low, high })),
  )
  const spec = lineSpec(points, {
    title,
    subtitle: `mean of ${testTasks} test tasks with 95 % intervals`,
    xTitle: 'inner steps',
    yTitle: 'query MSE',
  })
  return writeChart(name, `${title}: query error by inner steps`, spec)
}
