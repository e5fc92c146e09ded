import { CloudschedError, type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { oneOf, readOptions, satisfying, trueOrFalse } from '../errors/read-options.ts'
import { createFleet, fleetDefaults, type FleetOptions } from './fleet.ts'
import type { FleetState } from './fleet-state.ts'
import type { MachineInput } from './machine.ts'
import { makeRoom } from './make-room.ts'
import { leastFragmentation, scarcityAware } from './mix-rules.ts'
import { bestFit, dotProduct, firstFit, type PlacementRule, worstFit } from './placement-rule.ts'
import { createPlan, type Plan, placeByRule } from './plan.ts'
import { type RefusalCount, summariseRefusals } from './refusal-summary.ts'
import { checkTask, createRequest, type PackingTask, type Request } from './request.ts'
import { createTaskMix, type TaskMix } from './task-mix.ts'
import { decreasingOrder } from './task-order.ts'

/** A rule by name, or one of your own. */
export type RuleChoice =
  | 'firstFit'
  | 'bestFit'
  | 'worstFit'
  | 'dotProduct'
  | 'leastFragmentation'
  | 'scarcity'
  | PlacementRule

/** How tasks that come one by one are packed. */
export interface PackOnlineOptions extends FleetOptions {
  /** The rules that look ahead learn which tasks are typical from those that have come. @defaultValue 'scarcity' */
  readonly rule?: RuleChoice
}

/** How a list of tasks that is known beforehand is packed. */
export interface PackOptions extends FleetOptions {
  /** The rules that look ahead know the whole list. @defaultValue 'scarcity' */
  readonly rule?: RuleChoice
  /** 'decreasing': by dominant share, the largest first, as in first-fit decreasing. @defaultValue 'given' */
  readonly order?: 'given' | 'decreasing'
  /** Whether refused tasks get a second chance by moving and ejecting others. @defaultValue true */
  readonly improve?: boolean
}

/** Defaults of `packOnline`. */
export const packOnlineDefaults: Readonly<Required<PackOnlineOptions>> = Object.freeze({
  ...fleetDefaults,
  rule: 'scarcity',
})

/** Defaults of `pack`. */
export const packDefaults: Readonly<Required<PackOptions>> = Object.freeze({
  ...fleetDefaults,
  rule: 'scarcity',
  order: 'given',
  improve: true,
})

/** A task that found no place, and why. */
export interface RefusedTask {
  /** Index of the task. */
  readonly task: number
  /** How many machines have each reason: when it came (`packOnline`), or in the end (`pack`). */
  readonly reasons: readonly RefusalCount[]
}

/** Tasks on machines. */
export interface Packing {
  /** Machine of each task; -1 where it was refused. */
  readonly machineOf: Int32Array
  /** The devices each task was given; a share is of the one that is listed. */
  readonly devicesOf: readonly (readonly number[])[]
  readonly placedCount: number
  /** Machines with at least one task. */
  readonly usedMachineCount: number
  /** Part of the capacity of all machines that is given out, by resource; `null` where there is none. */
  readonly allocated: Readonly<Record<string, number | null>>
  readonly refused: readonly RefusedTask[]
}

/**
 * Packs tasks in the order in which they come, each for good before the next is seen; none leaves.
 *
 * @param machines - in the order that first fit goes by
 * @throws CloudschedError `invalid-input` with every finding at once; `invalid-option`
 * @example
 * const { machineOf, refused } = packOnline(
 *   [{ capacity: { cpu: 32, gpu: 2 } }, { capacity: { cpu: 64 } }],
 *   [{ demand: { cpu: 8, gpu: 0.5 } }, { demand: { cpu: 8 } }],
 * )
 */
export function packOnline(
  machines: readonly MachineInput[],
  tasks: readonly PackingTask[],
  options: PackOnlineOptions = {},
): Packing {
  const { rule, devices } = readOptions(onlineEntries, packOnlineDefaults, options)
  const plan = openPlan(machines, tasks, devices)
  const mix = createTaskMix()
  const place = ruleOf(rule, mix)
  const refused: RefusedTask[] = []
  plan.requests.forEach((request, task) => {
    mix.observe(request)
    if (!placeByRule(plan, task, place)) refused.push({ task, reasons: summariseRefusals(plan.state, request) })
  })
  return packingOf(plan, refused)
}

/**
 * Packs a list of tasks that is known beforehand: by a rule that knows the whole list, then by local search for those that
 * found no place. There the worth of a task is 1 / (number of tasks) + its part of all demand for the resource that is
 * shortest (the most demanded as a part of capacity): half counts tasks, half amounts.
 *
 * @throws CloudschedError `invalid-input` with every finding at once; `invalid-option`
 */
export function pack(
  machines: readonly MachineInput[],
  tasks: readonly PackingTask[],
  options: PackOptions = {},
): Packing {
  const { rule, order, improve, devices } = readOptions(entries, packDefaults, options)
  const plan = openPlan(machines, tasks, devices)
  const { state, requests } = plan
  const place = ruleOf(rule, createTaskMix(requests))
  const turns = order === 'given' ? requests.keys() : decreasingOrder(state, requests)
  for (const task of turns) placeByRule(plan, task, place)
  if (improve) makeRoom(plan, worthOfTasks(state, requests), place)
  const refused = Array.from(requests.keys()).filter((task) => plan.machineOf[task] === -1)
  return packingOf(
    plan,
    refused.map((task) => ({ task, reasons: summariseRefusals(state, requests[task]!) })),
  )
}

const namedRules = {
  firstFit: () => firstFit,
  bestFit: () => bestFit,
  worstFit: () => worstFit,
  dotProduct: () => dotProduct,
  leastFragmentation,
  scarcity: scarcityAware,
} satisfies Record<string, (mix: TaskMix) => PlacementRule>

const onlineEntries = {
  devices: satisfying<string>((x) => typeof x === 'string' && x !== '', 'the name of a resource'),
  rule: satisfying<RuleChoice>(
    (x) => typeof x === 'function' || (typeof x === 'string' && Object.hasOwn(namedRules, x)),
    `a function, or one of ${Object.keys(namedRules).join(', ')}`,
  ),
}

const entries = { ...onlineEntries, order: oneOf('given', 'decreasing'), improve: trueOrFalse }

function ruleOf(rule: RuleChoice, mix: TaskMix): PlacementRule {
  return typeof rule === 'function' ? rule : namedRules[rule](mix)
}

function openPlan(machines: readonly MachineInput[], tasks: readonly PackingTask[], devices: string): Plan {
  if (!Array.isArray(tasks)) {
    throw new CloudschedError('invalid-input', [{ path: 'tasks', received: tasks, expected: 'a list of tasks' }])
  }
  const findings: Finding[] = tasks.flatMap((task, index) => checkTask(task, `tasks[${index}]`, devices))
  const { state } = createFleet(machines, { devices })
  throwFindings('invalid-input', findings)
  return createPlan(
    state,
    tasks.map((task) => createRequest(task, devices)),
  )
}

function worthOfTasks({ vocabulary, capacity }: FleetState, requests: readonly Request[]): Float64Array {
  const demanded = new Map<string, number>()
  for (const { resources, amounts } of requests) {
    resources.forEach((name, k) => demanded.set(name, (demanded.get(name) ?? 0) + amounts[k]!))
  }
  let shortest = ''
  let most = 0
  for (const [name, index] of vocabulary.resources) {
    const pressure = (demanded.get(name) ?? 0) / total(capacity[index]!)
    if (!(pressure > most)) continue
    shortest = name
    most = pressure
  }
  return Float64Array.from(requests, ({ resources, amounts }) => {
    const at = resources.indexOf(shortest)
    return 1 / requests.length + (at < 0 ? 0 : amounts[at]! / demanded.get(shortest)!)
  })
}

function packingOf({ state, machineOf, devicesOf, tasksOn }: Plan, refused: readonly RefusedTask[]): Packing {
  const allocated = Array.from(state.vocabulary.resources, ([name, k]): [string, number | null] => {
    const capacity = total(state.capacity[k]!)
    return [name, capacity === 0 ? null : (capacity - total(state.free[k]!)) / capacity]
  })
  return {
    machineOf,
    devicesOf,
    placedCount: machineOf.length - refused.length,
    usedMachineCount: tasksOn.filter(({ length }) => length > 0).length,
    allocated: Object.fromEntries(allocated),
    refused,
  }
}

function total(column: Float64Array): number {
  return column.reduce((sum, amount) => sum + amount, 0)
}
