/** How processor time grows with the number of tasks: the chart and the exponent. */
import type { VegaLiteSpec } from 'cloudsched/report'

/** What one size took. */
export interface Timed {
  readonly taskCount: number
  /** Processor-seconds of compiled code. */
  readonly later: number
}

/** What the chart says of itself. */
interface Titles<R> {
  readonly title: string
  /** Of the axis of sizes. */
  readonly tasks: string
  /** The column that a line stands for, and the title of its legend. */
  readonly line: { readonly field: keyof R & string; readonly title: string; readonly sort?: readonly string[] }
}

/** Exponent of the growth of the time between two sizes: 1 = linear. */
export function growthExponent(from: Timed, to: Timed): number {
  return Math.log(to.later / from.later) / Math.log(to.taskCount / from.taskCount)
}

/** Processor time against the number of tasks, both axes logarithmic, a line for each variant. */
export function growthSpec<R extends Timed>(rows: readonly R[], { title, tasks, line }: Titles<R>): VegaLiteSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: `${title}, both axes logarithmic`,
    data: { values: rows },
    width: 460,
    height: 300,
    layer: [
      {
        mark: { type: 'line', point: true },
        encoding: {
          x: {
            field: 'taskCount',
            type: 'quantitative',
            scale: { type: 'log' },
            title: tasks,
            axis: { format: '~s' },
          },
          y: { field: 'later', type: 'quantitative', scale: { type: 'log' }, title: 'processor-seconds' },
          color: { type: 'nominal', ...line },
        },
      },
    ],
    config: {},
    background: 'white',
    padding: 5,
  }
}
