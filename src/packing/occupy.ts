import { wholeDevice } from './amount.ts'
import { countDevices, type FleetState } from './fleet-state.ts'
import { groupCount } from './fit.ts'
import type { Request } from './request.ts'
import { placesOf } from './vocabulary.ts'

const noDevices: readonly number[] = []

/**
 * Takes what a task asks for from a machine that fits it.
 *
 * @param devices - those it is to have; the fullest that has the share (best fit), or the first that are wholly free, where
 *   none are named
 * @returns the devices it was given
 */
export function occupy(
  state: FleetState,
  request: Request,
  machine: number,
  devices?: readonly number[],
): readonly number[] {
  move(state, request, machine, -1)
  if (request.deviceShare === 0 && request.deviceCount === 0) return noDevices
  const start = machine * state.deviceStride
  const given: number[] = []
  if (request.deviceShare > 0) {
    const chosen = devices?.[0] ?? fullestDevice(state, request.deviceShare, machine)
    state.deviceFree[start + chosen]! -= request.deviceShare
    given.push(chosen)
  } else {
    for (let at = 0; given.length < request.deviceCount; at++) {
      const k = devices?.[at] ?? at
      if (state.deviceFree[start + k] !== wholeDevice) continue
      state.deviceFree[start + k] = 0
      given.push(k)
    }
  }
  countDevices(state, machine)
  return given
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

/** Gives back what `occupy` took, to the last bit. */
export function vacate(state: FleetState, request: Request, machine: number, devices: readonly number[]): void {
  move(state, request, machine, 1)
  if (devices.length === 0) return
  const amount = request.deviceShare > 0 ? request.deviceShare : wholeDevice
  for (const device of devices) state.deviceFree[machine * state.deviceStride + device]! += amount
  countDevices(state, machine)
}

/** The device with the least free that still has the share; the first of equals. */
export function fullestDevice(state: FleetState, share: number, machine: number): number {
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

function move(state: FleetState, request: Request, machine: number, sign: 1 | -1): void {
  const { resources } = placesOf(state.vocabulary, request)
  for (let k = 0; k < resources.length; k++) state.free[resources[k]!]![machine]! += sign * request.amounts[k]!
  state.taskCount[machine]! -= sign
  const { group } = request
  if (group === null) return
  let counts = state.groups.get(group)
  if (!counts) state.groups.set(group, (counts = new Map()))
  const count = groupCount(state, group, machine) - sign
  if (count > 0) counts.set(machine, count)
  else counts.delete(machine)
  if (counts.size === 0) state.groups.delete(group)
}
