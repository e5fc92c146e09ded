import { integerIn, numberAbove, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { type Anomaly, confidenceOf } from './anomaly.ts'
import { checkObservation, loadOf, type Observation, useByMachine } from './observation.ts'

/** Options of {@link monitor}. Times in seconds. */
export interface MonitorOptions {
  /** A machine that has said nothing for longer is silent, > 0. @defaultValue 900 */
  readonly silentSeconds?: number
  /** A machine in use whose figures have not changed in any digit for so many steps is stuck, >= 2. @defaultValue 12 */
  readonly stuckSteps?: number
  /** A task whose progress has not grown for longer is stuck, > 0. @defaultValue 1800 */
  readonly stuckSeconds?: number
  /** Share of capacity from which on a machine is overloaded, > 0. @defaultValue 0.95 */
  readonly overload?: number
  /** Steps in a row that it must be, >= 1. @defaultValue 2 */
  readonly overloadSteps?: number
  /** A task that is back where it left from within this time oscillates, > 0. @defaultValue 3600 */
  readonly oscillationSeconds?: number
}

/** Defaults of {@link monitor}. */
export const monitorDefaults: Readonly<Required<MonitorOptions>> = Object.freeze({
  silentSeconds: 900,
  stuckSteps: 12,
  stuckSeconds: 1800,
  overload: 0.95,
  overloadSteps: 2,
  oscillationSeconds: 3600,
})

export const monitorEntries: OptionEntries = {
  silentSeconds: numberAbove(0),
  stuckSteps: integerIn(2),
  stuckSeconds: numberAbove(0),
  overload: numberAbove(0),
  overloadSteps: integerIn(1),
  oscillationSeconds: numberAbove(0),
}

/** What the monitor remembers of a machine. */
export interface MachineCourse {
  /** Its figures as text, to be compared digit by digit. */
  readonly figures: string
  readonly sameSteps: number
  readonly sameSinceSeconds: number
  readonly overloadedSteps: number
  readonly overloadedSinceSeconds: number
}

/** What the monitor remembers of a task. */
export interface TaskCourse {
  readonly machine: string
  readonly attempt: number
  /** Where it was before, and when it left; `null` while it has not moved. */
  readonly previous: { readonly machine: string; readonly leftSeconds: number } | null
  readonly progress: number | null
  readonly progressSeconds: number
}

/** What the monitor carries from one observation to the next: plain data. It forgets what is no longer observed. */
export interface MonitorState {
  readonly nowSeconds: number | null
  readonly machines: Readonly<Record<string, MachineCourse>>
  readonly tasks: Readonly<Record<string, TaskCourse>>
}

/** State before the first observation. */
export const unmonitored: MonitorState = Object.freeze({ nowSeconds: null, machines: {}, tasks: {} })

/**
 * Looks for machines that are silent, stuck or overloaded, and for tasks that are stuck or swing between machines.
 *
 * @throws CloudschedError `invalid-input` for an observation that breaks its rules; `invalid-option`
 */
export function monitor(
  state: MonitorState,
  observation: Observation,
  options: MonitorOptions = {},
): { readonly state: MonitorState; readonly anomalies: readonly Anomaly[] } {
  const limits = readOptions(monitorEntries, monitorDefaults, options)
  checkObservation(observation, state.nowSeconds ?? -Infinity)
  const { nowSeconds, machines, tasks } = observation
  const used = useByMachine(observation)
  const anomalies: Anomaly[] = []
  const report = (
    kind: Anomaly['kind'],
    subject: string,
    sinceSeconds: number,
    ratio: number,
    detail: string,
  ): void => {
    if (ratio >= 1) anomalies.push({ kind, subject, sinceSeconds, confidence: confidenceOf(ratio), detail })
  }

  const machineCourses = machines.map(({ id, capacity, heardSeconds = nowSeconds }) => {
    const use = used.get(id)!
    const load = loadOf(use, capacity)
    const course = followMachine(state.machines[id], use, load >= limits.overload, nowSeconds)
    const silence = nowSeconds - heardSeconds
    report(
      'silent-machine',
      id,
      heardSeconds,
      silence / limits.silentSeconds,
      `said nothing for ${Math.round(silence)} s`,
    )
    const stuckRatio = load > 0 ? course.sameSteps / limits.stuckSteps : 0
    const stuckDetail = `gave the same figures ${course.sameSteps} times`
    report('stuck-machine', id, course.sameSinceSeconds, stuckRatio, stuckDetail)
    const overloadRatio = course.overloadedSteps >= limits.overloadSteps ? load / limits.overload : 0
    const overloadDetail = `is ${Math.round(100 * load)} % full for ${course.overloadedSteps} steps`
    report('overloaded-machine', id, course.overloadedSinceSeconds, overloadRatio, overloadDetail)
    return [id, course] as const
  })

  const taskCourses = tasks.map((task) => {
    const before = state.tasks[task.id]
    const { machine, progress = null, attempt = 1 } = task
    const isMoved = before !== undefined && before.machine !== machine
    const previous = isMoved ? { machine: before.machine, leftSeconds: nowSeconds } : (before?.previous ?? null)
    const isNew = before === undefined || isMoved || before.attempt !== attempt
    const isOn = isNew || before.progress === null || (progress ?? -Infinity) > before.progress
    const progressSeconds = isOn ? nowSeconds : before.progressSeconds
    const still = progress === null ? 0 : nowSeconds - progressSeconds
    report(
      'stuck-task',
      task.id,
      progressSeconds,
      still / limits.stuckSeconds,
      `has not got on for ${Math.round(still)} s`,
    )
    if (isMoved && before.previous?.machine === machine) {
      const away = nowSeconds - before.previous.leftSeconds
      const ratio = away === 0 ? Infinity : limits.oscillationSeconds / away
      report(
        'oscillating-task',
        task.id,
        before.previous.leftSeconds,
        ratio,
        `is back on ${machine} after ${Math.round(away)} s`,
      )
    }
    return [task.id, { machine, attempt, previous, progress, progressSeconds }] as const
  })
  const next = {
    nowSeconds,
    machines: Object.fromEntries(machineCourses),
    tasks: Object.fromEntries(taskCourses),
  }
  return { state: next, anomalies }
}

function followMachine(
  before: MachineCourse | undefined,
  use: Readonly<Record<string, number>>,
  isOverloaded: boolean,
  nowSeconds: number,
): MachineCourse {
  const figures = JSON.stringify(Object.entries(use).sort())
  const isSame = before?.figures === figures
  return {
    figures,
    sameSteps: isSame ? before.sameSteps + 1 : 1,
    sameSinceSeconds: isSame ? before.sameSinceSeconds : nowSeconds,
    overloadedSteps: isOverloaded ? (before?.overloadedSteps ?? 0) + 1 : 0,
    overloadedSinceSeconds:
      isOverloaded && before && before.overloadedSteps > 0 ? before.overloadedSinceSeconds : nowSeconds,
  }
}
