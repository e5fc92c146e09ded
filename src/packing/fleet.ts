import { CloudschedError, type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { readOptions, satisfying } from '../errors/read-options.ts'
import { fromMillionths, wholeDevice } from './amount.ts'
import { describeRefusal, fits, type Refusal, refusalsOf } from './fit.ts'
import { copyState, createFleetState, eraseMachine, type FleetState, writeMachine } from './fleet-state.ts'
import { checkMachine, type MachineInput } from './machine.ts'
import { chooseDevices, haveRoom, occupy, vacate } from './occupy.ts'
import type { PlacementRule } from './placement-rule.ts'
import { type RefusalCount, summariseRefusals } from './refusal-summary.ts'
import { createRequest, type PackingTask, type Request } from './request.ts'

/** What a fleet is told once. */
export interface FleetOptions {
  /**
   * The resource that comes in devices: a demand of at most 1 is a share of a single device, a larger one is a whole number
   * of devices of which nothing else is used. @defaultValue 'gpu'
   */
  readonly devices?: string
}

/** Defaults of `createFleet`. */
export const fleetDefaults: Readonly<Required<FleetOptions>> = Object.freeze({ devices: 'gpu' })

/** Where a task is. */
export interface Placement {
  /** Index of the machine. */
  readonly machine: number
  /** The devices it was given; a share is of the one that is listed. */
  readonly devices: readonly number[]
}

/** Machines, what is free on them, and which task holds what. An index names the same machine until it is removed. */
export interface Fleet {
  /** The columns, for rules and for loops over many machines: to be read, never written. */
  readonly state: FleetState
  /** Machines there are now. */
  machineCount(): number
  /** Tasks that are placed now. */
  taskCount(): number
  /**
   * Adds a machine; an index that a removed machine left is used again.
   *
   * @returns its index
   * @throws CloudschedError `invalid-input` with every finding at once, also where its id is taken
   */
  addMachine(machine: MachineInput): number
  /**
   * States a machine anew; its tasks stay. Where it has less than they hold, free amounts are below 0 until tasks leave.
   *
   * @throws CloudschedError `invalid-input`, also where it loses a device that a task holds
   */
  changeMachine(machine: number, input: MachineInput): void
  /**
   * Releases the tasks of a machine and takes it out.
   *
   * @returns the ids of these tasks, in the order of their placement
   * @throws CloudschedError `invalid-input` for an index that is no machine
   */
  removeMachine(machine: number): string[]
  /** Index of the machine of this id; -1 where there is none. */
  machineIndex(id: string): number
  /** @throws CloudschedError `invalid-input` for an index that is no machine */
  machineId(machine: number): string
  /**
   * Checks a task once, so that it can be held against many machines. Asks nothing of the machines.
   *
   * @throws CloudschedError `invalid-input` with every finding at once
   */
  request(task: PackingTask): Request
  /** Whether a machine takes the task now; false for an index that is no machine. */
  fits(request: Request, machine: number): boolean
  /** The machines that take the task now, ascending. */
  fitting(request: Request): Int32Array
  /** Every reason for which a machine does not take the task now; none where it does. */
  refusals(request: Request, machine: number): Refusal[]
  /** The reasons of all machines that do not take the task now, counted; a machine with two reasons counts in both. */
  explain(request: Request): RefusalCount[]
  /**
   * The machine that the rule prefers among those that fit and that `filter` lets pass.
   *
   * @returns its index, with the device for a share of one where the rule has a say in it; `null` where none fits
   */
  choose(
    request: Request,
    rule: PlacementRule,
    filter?: (machine: number) => boolean,
  ): { readonly machine: number; readonly device?: number } | null
  /**
   * Gives a task what it asks for.
   *
   * @param id - name by which it is released
   * @param devices - the device for a share of one, or the list that `placement` told of, to rebuild a fleet; where none
   *   are named the fullest that has the share, or the first that are wholly free
   * @throws CloudschedError `invalid-input` where the id is placed already, or the machine does not take it: with reasons
   */
  place(id: string, request: Request, machine: number, devices?: number | readonly number[]): Placement
  /** Gives back what a task holds; false where no task of this id is placed. */
  release(id: string): boolean
  /** Where a task is; `null` where no task of this id is placed. */
  placement(id: string): Placement | null
  /** The tasks of a machine, in the order of their placement. */
  tasksOn(machine: number): string[]
  /** What is free on a machine, by resource. */
  free(machine: number): Record<string, number>
  /** What is free of each device of a machine, in [0, 1]. */
  devicesFree(machine: number): number[]
  /** A second fleet in the same state, for trying things out. */
  copy(): Fleet
}

interface Holding extends Placement {
  readonly request: Request
}

/** What a fleet knows beside its columns. */
interface Ledger {
  readonly state: FleetState
  /** Name of each machine; `null` at an index that a removed machine left. */
  readonly ids: (string | null)[]
  readonly indexOf: Map<string, number>
  readonly vacant: number[]
  readonly holdings: Map<string, Holding>
  readonly tasksOn: Set<string>[]
}

/**
 * Opens a fleet of empty machines. Amounts are exact to a millionth of their unit: what is finer is rounded to the nearest.
 *
 * @param machines - in the order of their indices
 * @throws CloudschedError `invalid-input` with every finding of all machines at once; `invalid-option`
 * @example
 * const fleet = createFleet([{ id: 'a', capacity: { cpu: 32, memoryMib: 131072, gpu: 2 } }])
 * const request = fleet.request({ demand: { cpu: 4, gpu: 0.5 } })
 * const chosen = fleet.choose(request, bestFit)
 * if (chosen) fleet.place('task-1', request, chosen.machine)
 * fleet.release('task-1')
 */
export function createFleet(machines: readonly MachineInput[], options: FleetOptions = {}): Fleet {
  const rule = satisfying<string>((x) => typeof x === 'string' && x !== '', 'the name of a resource')
  const { devices } = readOptions({ devices: rule }, fleetDefaults, options)
  if (!Array.isArray(machines)) {
    throw new CloudschedError('invalid-input', [
      { path: 'machines', received: machines, expected: 'a list of machines' },
    ])
  }
  const ledger: Ledger = {
    state: createFleetState(devices),
    ids: [],
    indexOf: new Map(),
    vacant: [],
    holdings: new Map(),
    tasksOn: [],
  }
  const findings: Finding[] = []
  machines.forEach((machine, index) => {
    const own = findingsOf(ledger, machine, `machines[${index}]`, index, null)
    findings.push(...own)
    if (own.length === 0) enter(ledger, index, machine)
  })
  throwFindings('invalid-input', findings)
  return fleetOver(ledger)
}

function fleetOver(ledger: Ledger): Fleet {
  const { state, ids, indexOf, vacant, holdings, tasksOn } = ledger

  function check(machine: number): void {
    if (state.present[machine] === 1) return
    throw new CloudschedError('invalid-input', [
      { path: 'machine', received: machine, expected: 'the index of a machine of the fleet' },
    ])
  }

  function refuse(path: string, received: unknown, expected: string): never {
    throw new CloudschedError('invalid-input', [{ path, received, expected }])
  }

  function release(id: string): boolean {
    const holding = holdings.get(id)
    if (!holding) return false
    vacate(state, holding.request, holding.machine, holding.devices)
    holdings.delete(id)
    tasksOn[holding.machine]!.delete(id)
    return true
  }

  return {
    state,
    machineCount: () => indexOf.size,
    taskCount: () => holdings.size,
    addMachine(machine) {
      const index = vacant.at(-1) ?? ids.length
      throwFindings('invalid-input', findingsOf(ledger, machine, 'machine', index, null))
      if (vacant.length > 0) vacant.pop()
      enter(ledger, index, machine)
      return index
    },
    changeMachine(machine, input) {
      check(machine)
      throwFindings('invalid-input', findingsOf(ledger, input, 'machine', machine, machine))
      indexOf.delete(ids[machine]!)
      enter(ledger, machine, input)
    },
    removeMachine(machine) {
      check(machine)
      const released = [...tasksOn[machine]!]
      for (const id of released) release(id)
      eraseMachine(state, machine)
      indexOf.delete(ids[machine]!)
      ids[machine] = null
      vacant.push(machine)
      return released
    },
    machineIndex: (id) => indexOf.get(id) ?? -1,
    machineId(machine) {
      check(machine)
      return ids[machine]!
    },
    request: (task) => createRequest(task, state.devices),
    fits: (request, machine) => fits(state, request, machine),
    fitting(request) {
      const found = new Int32Array(indexOf.size)
      let count = 0
      for (let machine = 0; machine < state.size; machine++) if (fits(state, request, machine)) found[count++] = machine
      return found.slice(0, count)
    },
    refusals(request, machine) {
      check(machine)
      return refusalsOf(state, request, machine)
    },
    explain: (request) => summariseRefusals(state, request),
    choose: (request, rule, filter) => choose(state, request, rule, filter),
    place(id, request, machine, named) {
      check(machine)
      if (typeof id !== 'string' || id === '') refuse('id', id, 'a string that is not empty')
      if (holdings.has(id))
        refuse('id', id, `that of a task that is not placed; it is on machine ${holdings.get(id)!.machine}`)
      if (!fits(state, request, machine)) {
        const reasons = refusalsOf(state, request, machine).map(describeRefusal).join('; ')
        refuse('machine', machine, `one that takes task ${id}; this one does not: ${reasons}`)
      }
      const wanted = typeof named === 'number' ? [named] : named && [...named]
      if (wanted && !haveRoom(state, request, machine, wanted)) {
        refuse('devices', named, 'devices of the machine that have free what is asked for, as many as are asked for')
      }
      const devices = wanted ?? chooseDevices(state, request, machine)
      occupy(state, request, machine, devices)
      holdings.set(id, { machine, devices, request })
      tasksOn[machine]!.add(id)
      return { machine, devices }
    },
    release,
    placement(id) {
      const holding = holdings.get(id)
      return holding ? { machine: holding.machine, devices: holding.devices } : null
    },
    tasksOn(machine) {
      check(machine)
      return [...tasksOn[machine]!]
    },
    free(machine) {
      check(machine)
      return Object.fromEntries(
        Array.from(state.vocabulary.resources, ([name, k]) => [name, fromMillionths(state.free[k]![machine]!)]),
      )
    },
    devicesFree(machine) {
      check(machine)
      const start = machine * state.deviceStride
      return Array.from(state.deviceFree.subarray(start, start + state.deviceCount[machine]!), fromMillionths)
    },
    copy: () =>
      fleetOver({
        state: copyState(state),
        ids: [...ids],
        indexOf: new Map(indexOf),
        vacant: [...vacant],
        holdings: new Map(holdings),
        tasksOn: tasksOn.map((tasks) => new Set(tasks)),
      }),
  }
}

/**
 * The machine of lowest score among those that fit, the first of equals.
 *
 * @returns `null` where none fits
 */
export function choose(
  state: FleetState,
  request: Request,
  rule: PlacementRule,
  filter?: (machine: number) => boolean,
): { readonly machine: number; readonly device?: number } | null {
  const { score, device } = rule(state, request)
  let best = -1
  let lowest = Infinity
  for (let machine = 0; machine < state.size; machine++) {
    if (!fits(state, request, machine) || (filter && !filter(machine))) continue
    const value = score(machine)
    if (best >= 0 && !(value < lowest)) continue
    best = machine
    lowest = value
  }
  if (best < 0) return null
  return device && request.deviceShare > 0 ? { machine: best, device: device(best) } : { machine: best }
}

function enter(ledger: Ledger, index: number, machine: MachineInput): void {
  const id = machine.id ?? String(index)
  writeMachine(ledger.state, index, machine)
  ledger.ids[index] = id
  ledger.indexOf.set(id, index)
  ledger.tasksOn[index] ??= new Set()
}

/** What is wrong with a machine that is to stand at an index; `instead` is the machine it stands for. */
function findingsOf(
  { state, indexOf }: Ledger,
  machine: MachineInput,
  path: string,
  index: number,
  instead: number | null,
): Finding[] {
  const findings = checkMachine(machine, path, state.devices)
  if (findings.length > 0) return findings
  const id = machine.id ?? String(index)
  const holder = indexOf.get(id)
  if (holder !== undefined && holder !== instead) {
    findings.push({ path: `${path}.id`, received: id, expected: `unique, but machine ${holder} has it` })
  }
  const count = machine.capacity[state.devices] ?? 0
  for (let device = count; instead !== null && device < state.deviceCount[instead]!; device++) {
    if (state.deviceFree[instead * state.deviceStride + device] === wholeDevice) continue
    const expected = `more than ${device}: a task holds device ${device}`
    findings.push({ path: `${path}.capacity.${state.devices}`, received: count, expected, hint: 'Release it first.' })
  }
  return findings
}
