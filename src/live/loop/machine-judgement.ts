import { type DriftState, pageHinkley, undrifted } from '../feedback/drift.ts'
import { type Anomaly, confidenceOf } from '../monitor/anomaly.ts'
import { loadOf, type Observation, useByMachine } from '../monitor/observation.ts'
import { monitorDefaults } from '../monitor/monitor.ts'
import type { ControlSettings } from './control-options.ts'
import type { ControlState, MachineMemory, TaskMemory } from './control-state.ts'

/** How the machines did against what was forecast of them. */
export interface MachineJudgement {
  readonly anomalies: readonly Anomaly[]
  readonly drifted: readonly string[]
  /** What is kept of each machine, but for its next expectation. */
  readonly memories: readonly (readonly [id: string, memory: Omit<MachineMemory, 'expectedUse'>])[]
}

/** Holds the use of each machine against what was forecast, and counts how far off the forecast was. */
export function judgeMachines(
  state: ControlState,
  observation: Observation,
  { detector, drift, resources }: ControlSettings,
): MachineJudgement {
  const used = useByMachine(observation)
  const anomalies: Anomaly[] = []
  const drifted: string[] = []
  const memories = observation.machines.map(({ id }) => {
    const before = state.machines[id]
    const value = used.get(id)![resources[0]!] ?? 0
    const expected = before?.expectedUse ?? null
    const judged = detector?.observe(
      before?.detector ?? detector.start(),
      expected === null ? { value } : { value, expected },
    )
    if (judged?.verdict.anomalous) {
      const { confidence } = judged.verdict
      const detail = `uses ${value.toFixed(2)} where ${expected?.toFixed(2) ?? 'its past'} was expected`
      anomalies.push({ kind: 'unexpected-use', subject: id, sinceSeconds: observation.nowSeconds, confidence, detail })
    }
    let course: DriftState = before?.drift ?? undrifted
    if (expected !== null) {
      const tested = pageHinkley(course, Math.abs(value - expected), drift)
      course = tested.state
      if (tested.drifted) drifted.push(id)
    }
    return [id, { detector: judged?.state ?? null, drift: course }] as const
  })
  return { anomalies, drifted, memories }
}

/** Machines on which the requests do not fit: they are overloaded before they are full. Those already known are left out. */
export function predictedOverload(
  known: readonly Anomaly[],
  observation: Observation,
  requests: Readonly<Record<string, Readonly<Record<string, number>>>>,
  { forecaster, monitor: { overload = monitorDefaults.overload } }: ControlSettings,
): Anomaly[] {
  if (!forecaster) return []
  const overloaded = new Set(known.filter(({ kind }) => kind === 'overloaded-machine').map(({ subject }) => subject))
  const tasks = observation.tasks.map((task) => ({ ...task, use: requests[task.id]! }))
  const wanted = useByMachine({ ...observation, tasks })
  return observation.machines.flatMap(({ id, capacity }): Anomaly[] => {
    const load = loadOf(wanted.get(id)!, capacity)
    if (overloaded.has(id) || load < overload) return []
    const confidence = confidenceOf(load / overload)
    const detail = `is predicted to be ${Math.round(100 * load)} % full`
    return [{ kind: 'overloaded-machine', subject: id, sinceSeconds: observation.nowSeconds, confidence, detail }]
  })
}

/** What the forecasts of its tasks add up to on each machine at the next step. */
export function nextExpectations(
  { tasks, machines }: Observation,
  memories: Readonly<Record<string, TaskMemory>>,
  { resources }: ControlSettings,
): Map<string, number> {
  const sums = new Map(machines.map(({ id }) => [id, 0]))
  for (const { id, machine } of tasks) {
    sums.set(machine, sums.get(machine)! + (memories[id]!.expected[resources[0]!] ?? 0))
  }
  return sums
}
