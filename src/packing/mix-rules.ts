import { wholeDevice } from './amount.ts'
import { carriesLabels } from './fit.ts'
import type { FleetState } from './fleet-state.ts'
import type { PlacementRule, Scorer } from './placement-rule.ts'
import type { Request } from './request.ts'
import type { TaskMix } from './task-mix.ts'
import { placesOf } from './vocabulary.ts'

/**
 * Least fragmentation (after Weng et al., USENIX ATC 2023): the machine on which the devices that a typical task cannot
 * use grow least. For a task class n, devices of machine M are unusable if the machine lacks something else that n asks
 * for, or if less of the device is free than n's share. With p_n the share of n in the mix,
 * F(M) = sum over n of p_n (free devices of M - those usable by n), and the machine of least F after - F before is taken.
 */
export function leastFragmentation(mix: TaskMix): PlacementRule {
  return expectedLoss(mix, usableDevices, (weight) => weight)
}

/**
 * Scarcity: the machine whose use takes least from the tasks that are short of places. With S_n the tasks of class n that
 * the free capacity of the whole fleet could hold if only they came, and p_n their share in the mix, it keeps the sum of
 * p_n / S_n low (potential-delay fairness, the alpha-fairness of Mo and Walrand 2000 with alpha = 2, between the
 * classes): losing a place of class n costs p_n / S_n^2. So a task that may go anywhere keeps away from machines that others
 * depend on, and from resources that are about to run out.
 */
export function scarcityAware(mix: TaskMix): PlacementRule {
  return expectedLoss(mix, places, (weight, supply) => weight / (Math.max(1, supply) * Math.max(1, supply)))
}

/** What a machine that holds `holdable` tasks of a class beside its devices is worth to the class. */
type Worth = (known: ClassColumns, n: number, holdable: number, devices: FreeDevices) => number

/** Classes as columns. */
interface ClassColumns {
  readonly count: number
  /** A task of each class, for its labels. */
  readonly examples: readonly Request[]
  readonly weights: Float64Array
  readonly shares: Float64Array
  readonly deviceCounts: Float64Array
  /** 1 / mean demand at n * resourceCount + resource, 0 where the class does not ask for it. Devices are left out. */
  readonly perAmount: Float64Array
}

/** The free devices of a machine. */
interface FreeDevices {
  whole: number
  partial: number
  /** What is free of those that are in part taken, `partial` entries. */
  readonly parts: Float64Array
}

/** Worth in steps of 1/1024: such sums are exact, so that they do not depend on the course of events that led to them. */
function inSteps(worth: number): number {
  return Math.round(worth * 1024) / 1024
}

/** What a rule has computed about a fleet, kept until a machine, the mix or the vocabulary changes. */
interface Known extends ClassColumns {
  readonly state: FleetState
  readonly vocabulary: object
  readonly mixVersion: number
  readonly machineRoom: number
  /** Worth at machine * count + n. */
  readonly worth: Float64Array
  /** Sum of worth over the machines. */
  readonly supply: Float64Array
  /** state.changes when the worth of a machine was computed, + 1; 0 = never. */
  readonly seen: Float64Array
}

/** The rule that takes the machine of least sum over n of price(p_n, S_n) x (worth before - worth after). */
function expectedLoss(mix: TaskMix, worth: Worth, price: (weight: number, supply: number) => number): PlacementRule {
  let known: Known | null = null
  return (state, request) => {
    if (!known || isStale(known, state, mix)) known = lookAt(state, mix)
    bringUpToDate(known, worth)
    return scorerOf(known, request, worth, price)
  }
}

/** Tasks of the class that the machine could hold: limited by its devices, too. */
function places({ shares, deviceCounts }: ClassColumns, n: number, holdable: number, devices: FreeDevices): number {
  const count = deviceCounts[n]!
  const share = shares[n]!
  if (count === 0 && share === 0) return holdable
  let held: number
  if (count > 0) held = Math.floor(devices.whole / count)
  else {
    held = devices.whole * Math.floor(wholeDevice / share)
    for (let k = 0; k < devices.partial; k++) held += Math.floor(devices.parts[k]! / share)
  }
  return held < holdable ? held : holdable
}

/** Millionths of devices that the class could use. */
function usableDevices({ shares, deviceCounts }: ClassColumns, n: number, _: number, devices: FreeDevices): number {
  const count = deviceCounts[n]!
  const share = shares[n]!
  if (count > 0) return devices.whole >= count ? devices.whole * wholeDevice : 0
  if (share === 0) return 0
  let usable = devices.whole * wholeDevice
  for (let k = 0; k < devices.partial; k++) if (devices.parts[k]! >= share) usable += devices.parts[k]!
  return usable
}

function isStale({ state, vocabulary, mixVersion, machineRoom }: Known, now: FleetState, mix: TaskMix): boolean {
  return (
    state !== now || vocabulary !== now.vocabulary || mixVersion !== mix.version() || machineRoom !== now.present.length
  )
}

function lookAt(state: FleetState, mix: TaskMix): Known {
  const classes = mix.classes()
  const count = classes.length
  const examples = classes.map(
    ({ labels, deviceShare, deviceCount, resources, meanAmounts }): Request => ({
      labels,
      deviceShare,
      deviceCount,
      resources,
      amounts: Float64Array.from(meanAmounts),
      group: null,
      maxPerMachine: Infinity,
      places: null,
    }),
  )
  const resourceCount = state.free.length
  const perAmount = new Float64Array(count * resourceCount)
  examples.forEach((example, n) => {
    placesOf(state.vocabulary, example).resources.forEach((index, k) => {
      if (index < 0 || example.resources[k] === state.devices) return
      perAmount[n * resourceCount + index] = 1 / example.amounts[k]!
    })
  })
  return {
    state,
    vocabulary: state.vocabulary,
    mixVersion: mix.version(),
    machineRoom: state.present.length,
    count,
    examples,
    weights: Float64Array.from(classes, ({ weight }) => weight),
    shares: Float64Array.from(classes, ({ deviceShare }) => deviceShare),
    deviceCounts: Float64Array.from(classes, ({ deviceCount }) => deviceCount),
    perAmount,
    worth: new Float64Array(state.present.length * count),
    supply: new Float64Array(count),
    seen: new Float64Array(state.present.length),
  }
}

/** Computes the worth of the machines that have changed since the last time. */
function bringUpToDate(known: Known, worth: Worth): void {
  const { state, seen, supply, count, examples } = known
  const devices = noDevices(state)
  const free = new Float64Array(state.free.length)
  for (let machine = 0; machine < state.size; machine++) {
    if (seen[machine] === state.changes[machine]! + 1) continue
    seen[machine] = state.changes[machine]! + 1
    readFree(state, machine, free, devices)
    for (let n = 0; n < count; n++) {
      const at = machine * count + n
      const isOpen = state.present[machine] === 1 && carriesLabels(state, examples[n]!, machine)
      const now = isOpen ? worthOf(known, n, free, devices, worth) : 0
      supply[n]! += inSteps(now) - inSteps(known.worth[at]!)
      known.worth[at] = now
    }
  }
}

function scorerOf(
  known: Known,
  request: Request,
  worth: Worth,
  price: (weight: number, supply: number) => number,
): Scorer {
  const { state, count } = known
  const { deviceShare, deviceCount } = request
  const prices = Float64Array.from(known.weights, (weight, n) => price(weight, known.supply[n]!))
  const devices = noDevices(state)
  const free = new Float64Array(state.free.length)
  const { resources } = placesOf(state.vocabulary, request)

  /** Price of what the classes lose when free amounts and devices become these. */
  function loss(machine: number): number {
    let sum = 0
    for (let n = 0, at = machine * count; n < count; n++, at++) {
      const before = known.worth[at]!
      // What is worth nothing now is worth nothing after.
      if (before > 0) sum += prices[n]! * (before - worthOf(known, n, free, devices, worth))
    }
    return sum
  }

  /** Reads what would be free after the task, its devices aside. */
  function readAfter(machine: number): void {
    readFree(state, machine, free, devices)
    for (let k = 0; k < resources.length; k++) free[resources[k]!]! -= request.amounts[k]!
  }

  /** The device for the share that loses least, and what it loses; equal devices are tried once. */
  function bestDevice(machine: number): { readonly device: number; readonly loss: number } {
    readAfter(machine)
    const { whole, partial, parts } = devices
    let best = { device: -1, loss: Infinity }
    for (let k = 0; k < partial; k++) {
      const part = parts[k]!
      if (part < deviceShare || parts.indexOf(part) < k) continue
      parts[k] = part - deviceShare
      const value = loss(machine)
      parts[k] = part
      if (value < best.loss) best = { device: deviceWith(state, machine, part), loss: value }
    }
    if (whole > 0) {
      devices.whole--
      parts[partial] = wholeDevice - deviceShare
      devices.partial++
      const value = loss(machine)
      if (value < best.loss) best = { device: deviceWith(state, machine, wholeDevice), loss: value }
    }
    return best
  }

  return {
    score(machine) {
      if (deviceShare > 0) return bestDevice(machine).loss
      readAfter(machine)
      devices.whole -= deviceCount
      return loss(machine)
    },
    device: (machine) => bestDevice(machine).device,
  }
}

function worthOf(known: Known, n: number, free: Float64Array, devices: FreeDevices, worth: Worth): number {
  const { perAmount } = known
  let holdable = Infinity
  for (let r = 0, at = n * free.length; r < free.length; r++, at++) {
    const inverse = perAmount[at]!
    if (inverse === 0) continue
    const held = free[r]! * inverse
    if (held < holdable) holdable = held
  }
  return holdable < 1 ? 0 : worth(known, n, holdable, devices)
}

function noDevices(state: FleetState): FreeDevices {
  return { whole: 0, partial: 0, parts: new Float64Array(state.deviceStride + 1) }
}

function readFree(state: FleetState, machine: number, free: Float64Array, devices: FreeDevices): void {
  for (let r = 0; r < free.length; r++) free[r] = state.free[r]![machine]!
  devices.whole = state.wholeDevicesFree[machine]!
  devices.partial = 0
  const start = machine * state.deviceStride
  for (let at = start; at < start + state.deviceCount[machine]!; at++) {
    const part = state.deviceFree[at]!
    if (part > 0 && part < wholeDevice) devices.parts[devices.partial++] = part
  }
}

/** The first device of the machine of which so much is free. */
function deviceWith(state: FleetState, machine: number, free: number): number {
  const start = machine * state.deviceStride
  return state.deviceFree.indexOf(free, start) - start
}
