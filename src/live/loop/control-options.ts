import {
  integerIn,
  numberAbove,
  numberIn,
  type OptionEntries,
  type OptionRule,
  readOptions,
  satisfying,
} from '../../errors/read-options.ts'
import type { Forecaster } from '../../model/forecaster.ts'
import type { AnomalyDetector } from '../anomaly/detector.ts'
import type { DriftOptions } from '../feedback/drift.ts'
import type { MonitorOptions } from '../monitor/monitor.ts'
import type { RepairOptions } from '../repair/plan-repair.ts'

/** Feedback of outcomes into the level of the quantile that is asked for. */
export interface LevelFeedback {
  /** Share of steps in which a task is to stay at or below its forecast, in (0, 1). */
  readonly target: number
  /** How fast the level follows, in (0, 1). @defaultValue 0.02 */
  readonly rate?: number
}

/** The parts that a loop is put together from, each a plain function or its options. */
export interface ControlOptions {
  /** Says what each task will use. `null` = reactive: what it uses now. @defaultValue null */
  readonly forecaster?: Forecaster | null
  /** Level of the quantile that is requested, in (0, 1). @defaultValue 0.85 */
  readonly level?: number
  /** Steps that a request must last, >= 1. @defaultValue 12 */
  readonly horizon?: number
  /** Length of a step in seconds, > 0. @defaultValue 300 */
  readonly stepSeconds?: number
  /** Past steps that are kept, >= 1. @defaultValue 288 */
  readonly historySteps?: number
  /** Resources that are forecast; of the others the present use is requested. @defaultValue ['cpu'] */
  readonly resources?: readonly string[]
  /** Judges the use of each machine's first forecast resource against the forecast. @defaultValue null */
  readonly detector?: AnomalyDetector | null
  /** When a machine or task is wrong. @defaultValue the defaults of `monitor` */
  readonly monitor?: MonitorOptions
  /** `null` = nothing is repaired. @defaultValue the defaults of `planRepair` */
  readonly repair?: RepairOptions | null
  /** `null` = the level stays as it is. @defaultValue null */
  readonly feedback?: LevelFeedback | null
  /** When a forecaster is said to have drifted. @defaultValue the defaults of `pageHinkley` */
  readonly drift?: DriftOptions
}

/** Defaults of {@link controlStep}. */
export const controlDefaults: Readonly<Required<ControlOptions>> = Object.freeze({
  forecaster: null,
  level: 0.85,
  horizon: 12,
  stepSeconds: 300,
  historySteps: 288,
  resources: ['cpu'],
  detector: null,
  monitor: {},
  repair: {},
  feedback: null,
  drift: {},
})

const objectOrNull: OptionRule = satisfying((x) => typeof x === 'object', 'an object or null')

const entries: OptionEntries = {
  forecaster: satisfying<Forecaster | null>(
    (x) => x === null || (typeof x === 'object' && ((x as Forecaster).features ?? []).length === 0),
    'a forecaster that reads no features, or null: the loop sees the use of each resource alone',
  ),
  level: numberIn(0.01, 0.999),
  horizon: integerIn(1),
  stepSeconds: numberAbove(0),
  historySteps: integerIn(1),
  resources: satisfying((x) => Array.isArray(x) && x.length > 0, 'a list of at least one resource'),
  detector: objectOrNull,
  monitor: objectOrNull,
  repair: objectOrNull,
  feedback: objectOrNull,
  drift: objectOrNull,
}

/** The parts in force. */
export type ControlSettings = Readonly<Required<ControlOptions>>

/** @throws CloudschedError `invalid-option` */
export function readControlOptions(parts: ControlOptions): ControlSettings {
  return readOptions(entries, controlDefaults, parts)
}
