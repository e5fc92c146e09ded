import type { FleetState } from './fleet-state.ts'
import { choose } from './fleet.ts'
import { chooseDevices, occupy, vacate } from './occupy.ts'
import type { PlacementRule } from './placement-rule.ts'
import type { Request } from './request.ts'

/** Tasks of a list on the machines of a fleet, by index. */
export interface Plan {
  readonly state: FleetState
  readonly requests: readonly Request[]
  /** Machine of each task; -1 where it has none. */
  readonly machineOf: Int32Array
  /** Devices of each task. */
  readonly devicesOf: (readonly number[])[]
  /** Tasks on each machine. */
  readonly tasksOn: number[][]
}

/** A plan in which no task has a machine. */
export function createPlan(state: FleetState, requests: readonly Request[]): Plan {
  return {
    state,
    requests,
    machineOf: new Int32Array(requests.length).fill(-1),
    devicesOf: requests.map(() => []),
    tasksOn: Array.from({ length: state.size }, () => []),
  }
}

/**
 * Gives a task the machine that a rule chooses.
 *
 * @returns false where none fits that the filter lets pass
 */
export function placeByRule(
  plan: Plan,
  task: number,
  rule: PlacementRule,
  filter?: (machine: number) => boolean,
): boolean {
  const { state, requests } = plan
  const request = requests[task]!
  const chosen = choose(state, request, rule, filter)
  if (!chosen) return false
  const { machine, device } = chosen
  put(plan, task, machine, device === undefined ? chooseDevices(state, request, machine) : [device])
  return true
}

/** Puts a task on devices of a machine that fits it. */
export function put(plan: Plan, task: number, machine: number, devices: readonly number[]): void {
  occupy(plan.state, plan.requests[task]!, machine, devices)
  plan.machineOf[task] = machine
  plan.devicesOf[task] = devices
  plan.tasksOn[machine]!.push(task)
}

/** Takes a task off its machine. */
export function takeOff(plan: Plan, task: number): void {
  const machine = plan.machineOf[task]!
  vacate(plan.state, plan.requests[task]!, machine, plan.devicesOf[task]!)
  plan.machineOf[task] = -1
  plan.devicesOf[task] = []
  const tasks = plan.tasksOn[machine]!
  tasks.splice(tasks.indexOf(task), 1)
}
