import type { Anomaly } from '../monitor/anomaly.ts'
import { monitor } from '../monitor/monitor.ts'
import type { Observation } from '../monitor/observation.ts'
import { planRepair, type RepairPlan, type RepairTask } from '../repair/plan-repair.ts'
import { type ControlOptions, readControlOptions } from './control-options.ts'
import type { ControlState, TaskMemory } from './control-state.ts'
import { judgeMachines, nextExpectations, predictedOverload } from './machine-judgement.ts'
import { requestOf } from './task-request.ts'

/** What one step decides: data, to be carried out by the orchestrator. */
export interface ControlDecisions {
  /** What each task is to be given of each resource: the forecast quantile's peak over the horizon, never below its present use. */
  readonly requests: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly anomalies: readonly Anomaly[]
  readonly plan: RepairPlan
  /** Machines whose forecasts have become worse: their models are due for a refit. */
  readonly drifted: readonly string[]
  /** What forecasters could not do as asked, by task. */
  readonly fallbacks: Readonly<Record<string, readonly string[]>>
}

/**
 * One turn of the loop: monitor, detect, forecast, request, repair, learn. A pure function; the caller measures, carries
 * out the decisions and comes back with the next observation.
 *
 * @throws CloudschedError `invalid-input` for an observation that breaks its rules; `invalid-option`
 */
export function controlStep(
  state: ControlState,
  observation: Observation,
  parts: ControlOptions = {},
): { readonly state: ControlState; readonly decisions: ControlDecisions } {
  const settings = readControlOptions(parts)
  const { nowSeconds, machines, tasks } = observation
  const watched = monitor(state.monitor, observation, settings.monitor)
  const judged = judgeMachines(state, observation, settings)
  const wanted = tasks.map((task) => requestOf(state.tasks[task.id], task, settings))
  const requests = Object.fromEntries(wanted.map(({ id, request }) => [id, request]))
  const seen = [...watched.anomalies, ...judged.anomalies]
  const anomalies = [...seen, ...predictedOverload(seen, observation, requests, settings)]
  const movable = tasks.map(({ id, machine, migrationCost = 1 }): RepairTask => {
    const movedSeconds = lastMoved(state.tasks[id], nowSeconds)
    return { id, machine, migrationCost, demand: requests[id]!, ...(movedSeconds === null ? {} : { movedSeconds }) }
  })
  const plan = settings.repair ? planRepair(anomalies, machines, movable, nowSeconds, settings.repair) : nothingToDo
  const memories = Object.fromEntries(wanted.map(({ id, memory }) => [id, afterPlan(memory, id, plan, nowSeconds)]))
  const expected = nextExpectations(observation, memories, settings)
  const machineMemories = judged.memories.map(([id, memory]) => [id, { ...memory, expectedUse: expected.get(id)! }])
  const fallbacks = wanted.filter((one) => one.fallbacks.length > 0).map((one) => [one.id, one.fallbacks])
  return {
    state: { monitor: watched.state, tasks: memories, machines: Object.fromEntries(machineMemories) },
    decisions: { requests, anomalies, plan, drifted: judged.drifted, fallbacks: Object.fromEntries(fallbacks) },
  }
}

const nothingToDo: RepairPlan = Object.freeze({ actions: [], cost: 0, unrepaired: [] })

/** When a task was last moved; one that is held counts as moved just now. */
function lastMoved(memory: TaskMemory | undefined, nowSeconds: number): number | null {
  const isHeld = (memory?.heldUntilSeconds ?? -Infinity) > nowSeconds
  return isHeld ? nowSeconds : (memory?.movedSeconds ?? null)
}

function afterPlan(memory: TaskMemory, id: string, plan: RepairPlan, nowSeconds: number): TaskMemory {
  const isMoved = plan.actions.some((action) => action.kind === 'move' && action.task === id)
  const hold = plan.actions.find((action) => action.kind === 'hold' && action.task === id)
  return {
    ...memory,
    movedSeconds: isMoved ? nowSeconds : memory.movedSeconds,
    heldUntilSeconds: hold?.kind === 'hold' ? hold.untilSeconds : memory.heldUntilSeconds,
  }
}
