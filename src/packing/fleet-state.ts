import { toMillionths, wholeDevice } from './amount.ts'
import type { MachineInput } from './machine.ts'
import { type Vocabulary, withNames } from './vocabulary.ts'

/**
 * Free capacity of machines as columns: `free[resource][machine]`. A machine keeps its index for good; one that was
 * removed leaves its index to the next that is added. All amounts are in millionths.
 */
export interface FleetState {
  /** The resource that comes in devices. */
  readonly devices: string
  vocabulary: Vocabulary
  /** Every index is below this. */
  size: number
  /** 1 where the index is a machine. */
  present: Uint8Array
  readonly capacity: Float64Array[]
  /** May be below 0 where a machine's capacity was lowered under its tasks. */
  readonly free: Float64Array[]
  /** Index of a label's value; 0 where the machine does not carry the label. */
  readonly labels: Int32Array[]
  /** Most devices of one machine: the row length of `deviceFree`. */
  deviceStride: number
  deviceCount: Int32Array
  /** What is free of each device, at machine * deviceStride + device. */
  deviceFree: Float64Array
  /** Most that is free of one device of the machine. */
  largestDeviceFree: Float64Array
  /** Devices of which all is free. */
  wholeDevicesFree: Int32Array
  /** Tasks on the machine. */
  taskCount: Int32Array
  /** Grows whenever something about the machine changes, so that what was computed from it can be kept until then. */
  changes: Uint32Array
  /** For each group the machines that have tasks of it, and the limit that each of these tasks sets. */
  readonly groups: Map<string, Map<number, readonly number[]>>
}

/** A fleet without machines. */
export function createFleetState(devices: string): FleetState {
  return {
    devices,
    vocabulary: { resources: new Map(), labels: new Map(), values: new Map() },
    size: 0,
    present: new Uint8Array(0),
    capacity: [],
    free: [],
    labels: [],
    deviceStride: 0,
    deviceCount: new Int32Array(0),
    deviceFree: new Float64Array(0),
    largestDeviceFree: new Float64Array(0),
    wholeDevicesFree: new Int32Array(0),
    taskCount: new Int32Array(0),
    changes: new Uint32Array(0),
    groups: new Map(),
  }
}

/** Writes a machine into an index; what its tasks hold stays taken. */
export function writeMachine(state: FleetState, machine: number, { capacity, labels = {} }: MachineInput): void {
  const deviceCount = capacity[state.devices] ?? 0
  makeRoom(state, machine, Object.keys(capacity), labels, deviceCount)
  const { vocabulary } = state
  for (const [resource, index] of vocabulary.resources) {
    const amount = toMillionths(capacity[resource] ?? 0)
    state.free[index]![machine]! += amount - state.capacity[index]![machine]!
    state.capacity[index]![machine] = amount
  }
  for (const [label, index] of vocabulary.labels) {
    const value = Object.hasOwn(labels, label) ? labels[label]! : null
    state.labels[index]![machine] = value === null ? 0 : vocabulary.values.get(value)!
  }
  for (let device = 0; device < state.deviceStride; device++) {
    const at = machine * state.deviceStride + device
    const wasThere = device < state.deviceCount[machine]!
    if (device >= deviceCount) state.deviceFree[at] = 0
    else if (!wasThere) state.deviceFree[at] = wholeDevice
  }
  state.deviceCount[machine] = deviceCount
  state.present[machine] = 1
  state.changes[machine]!++
  countDevices(state, machine)
}

/** Takes a machine, which must hold no tasks, out of its index. */
export function eraseMachine(state: FleetState, machine: number): void {
  for (const column of [...state.capacity, ...state.free, ...state.labels]) column[machine] = 0
  state.deviceFree.fill(0, machine * state.deviceStride, (machine + 1) * state.deviceStride)
  state.deviceCount[machine] = 0
  state.present[machine] = 0
  state.changes[machine]!++
  countDevices(state, machine)
}

/** Brings what is known about a machine's devices as a whole up to date. */
export function countDevices(state: FleetState, machine: number): void {
  const start = machine * state.deviceStride
  let largest = 0
  let whole = 0
  for (let at = start; at < start + state.deviceCount[machine]!; at++) {
    const free = state.deviceFree[at]!
    if (free > largest) largest = free
    if (free === wholeDevice) whole++
  }
  state.largestDeviceFree[machine] = largest
  state.wholeDevicesFree[machine] = whole
}

/** Another state that goes its own way from here on. */
export function copyState(state: FleetState): FleetState {
  return {
    ...state,
    present: state.present.slice(),
    capacity: state.capacity.map((column) => column.slice()),
    free: state.free.map((column) => column.slice()),
    labels: state.labels.map((column) => column.slice()),
    deviceCount: state.deviceCount.slice(),
    deviceFree: state.deviceFree.slice(),
    largestDeviceFree: state.largestDeviceFree.slice(),
    wholeDevicesFree: state.wholeDevicesFree.slice(),
    taskCount: state.taskCount.slice(),
    changes: state.changes.slice(),
    groups: new Map(Array.from(state.groups, ([group, counts]) => [group, new Map(counts)])),
  }
}

function makeRoom(
  state: FleetState,
  machine: number,
  resources: readonly string[],
  labels: Readonly<Record<string, string>>,
  deviceCount: number,
): void {
  const rows = state.present.length
  if (machine >= rows) lengthen(state, Math.max(16, 2 * rows, machine + 1))
  if (machine >= state.size) state.size = machine + 1
  state.vocabulary = withNames(state.vocabulary, resources, labels)
  const { length } = state.present
  while (state.capacity.length < state.vocabulary.resources.size) {
    state.capacity.push(new Float64Array(length))
    state.free.push(new Float64Array(length))
  }
  while (state.labels.length < state.vocabulary.labels.size) state.labels.push(new Int32Array(length))
  if (deviceCount > state.deviceStride) widen(state, deviceCount)
}

/** Makes room for more machines. */
function lengthen(state: FleetState, rows: number): void {
  const longer = <T extends Uint8Array | Int32Array | Uint32Array | Float64Array>(column: T, length: number): T => {
    const copy = new (column.constructor as new (length: number) => T)(length)
    copy.set(column)
    return copy
  }
  for (const columns of [state.capacity, state.free]) columns.forEach((c, k) => (columns[k] = longer(c, rows)))
  state.labels.forEach((column, k) => (state.labels[k] = longer(column, rows)))
  state.present = longer(state.present, rows)
  state.deviceCount = longer(state.deviceCount, rows)
  state.deviceFree = longer(state.deviceFree, rows * state.deviceStride)
  state.largestDeviceFree = longer(state.largestDeviceFree, rows)
  state.wholeDevicesFree = longer(state.wholeDevicesFree, rows)
  state.taskCount = longer(state.taskCount, rows)
  state.changes = longer(state.changes, rows)
}

/** Makes room for more devices a machine. */
function widen(state: FleetState, stride: number): void {
  const { deviceFree, deviceStride } = state
  const wider = new Float64Array(state.present.length * stride)
  for (let machine = 0; machine < state.size; machine++) {
    wider.set(deviceFree.subarray(machine * deviceStride, (machine + 1) * deviceStride), machine * stride)
  }
  state.deviceFree = wider
  state.deviceStride = stride
}
