import { wholeDevice } from './amount.ts'
import { countDevices, type FleetState } from './fleet-state.ts'
import type { Request } from './request.ts'
import { placesOf } from './vocabulary.ts'

const noDevices: readonly number[] = []

/** The devices that a task gets of a machine that fits it: for a share the fullest that has it (best fit), else the first that are free. */
export function chooseDevices(state: FleetState, request: Request, machine: number): readonly number[] {
  const { deviceShare, deviceCount } = request
  if (deviceShare > 0) return [fullestDevice(state, deviceShare, machine)]
  if (deviceCount === 0) return noDevices
  const start = machine * state.deviceStride
  const chosen: number[] = []
  for (let k = 0; chosen.length < deviceCount; k++) if (state.deviceFree[start + k] === wholeDevice) chosen.push(k)
  return chosen
}

/** Whether so many devices are named as are asked for, each once, with enough free on each. */
export function haveRoom(state: FleetState, request: Request, machine: number, devices: readonly number[]): boolean {
  const { deviceShare, deviceCount } = request
  const start = machine * state.deviceStride
  return (
    devices.length === (deviceShare > 0 ? 1 : deviceCount) &&
    new Set(devices).size === devices.length &&
    devices.every(
      (device) =>
        device >= 0 &&
        device < state.deviceCount[machine]! &&
        state.deviceFree[start + device]! >= (deviceShare > 0 ? deviceShare : wholeDevice),
    )
  )
}

/** Takes what a task asks for from a machine that fits it, on these devices. */
export function occupy(state: FleetState, request: Request, machine: number, devices: readonly number[]): void {
  move(state, request, machine, devices, 1)
}

/** Gives back what `occupy` took, to the last bit. */
export function vacate(state: FleetState, request: Request, machine: number, devices: readonly number[]): void {
  move(state, request, machine, devices, -1)
}

/** The device with the least free that still has the share; the first of equals. */
function fullestDevice(state: FleetState, share: number, machine: number): number {
  const start = machine * state.deviceStride
  let best = -1
  let least = Infinity
  for (let k = 0; k < state.deviceCount[machine]!; k++) {
    const free = state.deviceFree[start + k]!
    if (free >= share && free < least) {
      best = k
      least = free
    }
  }
  return best
}

function move(state: FleetState, request: Request, machine: number, devices: readonly number[], sign: 1 | -1): void {
  const { resources } = placesOf(state.vocabulary, request)
  for (let k = 0; k < resources.length; k++) state.free[resources[k]!]![machine]! -= sign * request.amounts[k]!
  state.taskCount[machine]! += sign
  state.changes[machine]!++
  if (devices.length > 0) {
    const amount = request.deviceShare > 0 ? request.deviceShare : wholeDevice
    for (const device of devices) state.deviceFree[machine * state.deviceStride + device]! -= sign * amount
    countDevices(state, machine)
  }
  if (request.group !== null) noteGroup(state, request.group, request.maxPerMachine, machine, sign)
}

function noteGroup({ groups }: FleetState, group: string, limit: number, machine: number, sign: 1 | -1): void {
  let machines = groups.get(group)
  if (!machines) groups.set(group, (machines = new Map()))
  const limits = machines.get(machine) ?? []
  const at = limits.indexOf(limit)
  // A new list each time: copies of the state share these.
  const now = sign === 1 ? [...limits, limit] : limits.filter((_, k) => k !== at)
  if (now.length > 0) machines.set(machine, now)
  else machines.delete(machine)
  if (machines.size === 0) groups.delete(group)
}
