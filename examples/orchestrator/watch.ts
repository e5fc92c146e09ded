/** Looks at the running tasks once a second: their load for the charts, and the monitor of the library for stuck ones. */
import { type Anomaly, monitor, type MonitorState, unmonitored } from 'cloudsched/live'
import { readSign } from './attempt-files.ts'
import type { Orchestrator } from './orchestrator.ts'

/** What the page shows of one second; those of the past minutes without their lists. */
export interface Sample {
  readonly atMs: number
  readonly machines: readonly {
    readonly id: string
    readonly cores: number
    /** Cores that its tasks asked for. */
    readonly booked: number
    /** Cores that they use. */
    readonly used: number
  }[]
  readonly waiting: number
  readonly running: number
  readonly finished: number
  readonly cancelled: number
  readonly abandoned: number
}

/** A running task with its last sign of life. */
export interface RunningReport {
  readonly id: string
  readonly machine: string
  readonly attempt: number
  readonly booked: number
  readonly used: number
  /** In [0, 1]; `null` before its first sign. */
  readonly progress: number | null
}

export interface Watch {
  /** Looks now, and gives up what is stuck. */
  look(): Sample
  sample(): Sample
  running(): RunningReport[]
  /** The last ones that were found, newest first. */
  anomalies(): readonly Anomaly[]
}

const remembered = 20

export function createWatch(orchestrator: Orchestrator, stuckSeconds: number): Watch {
  let state: MonitorState = unmonitored
  let anomalies: readonly Anomaly[] = []
  return { look, sample, running, anomalies: () => anomalies }

  function look(): Sample {
    const nowSeconds = Math.max(state.nowSeconds ?? 0, Math.floor(Date.now() / 1000))
    const machines = orchestrator.machines().map(({ id, capacity }) => ({ id, capacity }))
    // The next attempt starts from nothing: to the monitor it is another task.
    const tasks = running().map(({ id, attempt, machine, used, progress }) => ({
      id: `${id}, attempt ${attempt}`,
      machine,
      use: { cpu: used },
      ...(progress === null ? {} : { progress }),
    }))
    // All cores in use are what these machines are for; a tenth more is not.
    const turn = monitor(state, { nowSeconds, machines, tasks }, { stuckSeconds, overload: 1.1, overloadSteps: 5 })
    state = turn.state
    for (const task of orchestrator.running()) {
      const subject = `${task.task.id}, attempt ${task.attempt}`
      const stuck = turn.anomalies.find((anomaly) => anomaly.kind === 'stuck-task' && anomaly.subject === subject)
      if (stuck) orchestrator.giveUp(task, stuck.detail)
    }
    const isNew = (one: Anomaly) =>
      !anomalies.some((old) => old.subject === one.subject && old.sinceSeconds === one.sinceSeconds)
    anomalies = [...turn.anomalies.filter(isNew), ...anomalies].slice(0, remembered)
    return sample()
  }

  function sample(): Sample {
    const reports = running()
    const sum = (machine: string, figure: 'booked' | 'used') =>
      reports.reduce((total, report) => total + (report.machine === machine ? report[figure] : 0), 0)
    return {
      atMs: Date.now(),
      machines: orchestrator.machines().map(({ id, capacity }) => ({
        id,
        cores: capacity.cpu ?? 0,
        booked: sum(id, 'booked'),
        used: sum(id, 'used'),
      })),
      waiting: orchestrator.waiting().length,
      running: reports.length,
      ...orchestrator.endings(),
    }
  }

  function running(): RunningReport[] {
    return orchestrator.running().map(({ task, machine, attempt, folder }) => {
      const { progress = null, cores = 0 } = readSign(folder, attempt) ?? {}
      return { id: task.id, machine, attempt, booked: task.demand?.cpu ?? 0, used: cores, progress }
    })
  }
}
