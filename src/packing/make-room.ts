import { carriesLabels, fits } from './fit.ts'
import type { PlacementRule } from './placement-rule.ts'
import { firstFit } from './placement-rule.ts'
import { type Plan, placeByRule, put, takeOff } from './plan.ts'
import { kindsOf } from './task-order.ts'
import { placesOf } from './vocabulary.ts'

/**
 * Local search for tasks that found no place, in rounds until one gains nothing: each refused task, the most valuable
 * first, takes a place that has come free; or one on a machine from which a task can move elsewhere; or that of a task
 * which is worth less, and is refused from then on. The total value only rises, so the search ends.
 *
 * @param values - what it is worth to place each task, > 0; the same for tasks that ask for the same
 */
export function makeRoom(plan: Plan, values: Float64Array, rule: PlacementRule): void {
  const kinds = kindsOf(plan.requests)
  const elsewhere = createElsewhere(plan, kinds)
  // What failed for one task fails for all of its kind, until something changes.
  const hopeless = new Set<number>()
  for (let hasGained = true; hasGained; ) {
    hasGained = false
    const refused = Array.from(plan.machineOf.keys())
      .filter((task) => plan.machineOf[task] === -1)
      .sort((a, b) => values[b]! - values[a]! || a - b)
    for (const task of refused) {
      if (hopeless.has(kinds[task]!)) continue
      const isPlaced =
        placeByRule(plan, task, rule) ||
        placeByMoving(plan, task, rule, elsewhere.has) ||
        placeByEjecting(plan, task, values)
      if (isPlaced) {
        hasGained = true
        hopeless.clear()
        elsewhere.forget()
      } else hopeless.add(kinds[task]!)
    }
  }
}

/** Tells whether a task would also fit on a machine other than its own; remembered by kind until the plan changes. */
function createElsewhere(
  { state, requests, machineOf }: Plan,
  kinds: Int32Array,
): { has: (task: number) => boolean; forget: () => void } {
  // Two machines are enough to know: at most one of them is the task's own.
  const found = new Map<number, readonly number[]>()
  return {
    has(task) {
      let machines = found.get(kinds[task]!)
      if (!machines) {
        const first: number[] = []
        for (let machine = 0; machine < state.size && first.length < 2; machine++) {
          if (fits(state, requests[task]!, machine)) first.push(machine)
        }
        found.set(kinds[task]!, (machines = first))
      }
      return machines.some((machine) => machine !== machineOf[task])
    },
    forget: () => found.clear(),
  }
}

/** Places a task where one other can be moved to another machine; tells whether it could. */
function placeByMoving(
  plan: Plan,
  task: number,
  rule: PlacementRule,
  fitsElsewhere: (other: number) => boolean,
): boolean {
  for (const machine of openTo(plan, task)) {
    const other = plan.tasksOn[machine]!.find((one) => fitsElsewhere(one) && wouldFit(plan, task, one, machine))
    if (other === undefined) continue
    takeOff(plan, other)
    placeByRule(plan, other, rule, (candidate) => candidate !== machine)
    return placeByRule(plan, task, firstFit, (candidate) => candidate === machine)
  }
  return false
}

/** Gives a task the place of the least valuable task that is worth less; tells whether there is one. */
function placeByEjecting(plan: Plan, task: number, values: Float64Array): boolean {
  let victim = -1
  for (const machine of openTo(plan, task)) {
    for (const other of plan.tasksOn[machine]!) {
      const limit = victim < 0 ? values[task]! : values[victim]!
      if (values[other]! < limit && wouldFit(plan, task, other, machine)) victim = other
    }
  }
  if (victim < 0) return false
  const machine = plan.machineOf[victim]!
  takeOff(plan, victim)
  return placeByRule(plan, task, firstFit, (candidate) => candidate === machine)
}

/** Machines that carry a task's labels and have something on them. */
function openTo({ state, requests, tasksOn }: Plan, task: number): number[] {
  return Array.from(tasksOn.keys()).filter(
    (machine) => tasksOn[machine]!.length > 0 && carriesLabels(state, requests[task]!, machine),
  )
}

/** Whether a machine would take a task without another one that is on it. */
function wouldFit(plan: Plan, task: number, other: number, machine: number): boolean {
  const { state, requests, tasksOn, devicesOf } = plan
  if (!sumsSuffice(plan, task, other, machine)) return false
  const devices = devicesOf[other]!
  const place = tasksOn[machine]!.indexOf(other)
  takeOff(plan, other)
  const isFitting = fits(state, requests[task]!, machine)
  put(plan, other, machine, devices)
  // Back to where it stood in the list: callers are walking through it.
  tasksOn[machine]!.pop()
  tasksOn[machine]!.splice(place, 0, other)
  return isFitting
}

/** Sees most pairs off by the sums alone. */
function sumsSuffice({ state, requests }: Plan, task: number, other: number, machine: number): boolean {
  const wanted = requests[task]!
  const given = requests[other]!
  const places = placesOf(state.vocabulary, wanted).resources
  const givenPlaces = placesOf(state.vocabulary, given).resources
  for (let k = 0; k < places.length; k++) {
    const index = places[k]!
    if (index < 0) return false
    const at = givenPlaces.indexOf(index)
    if (state.free[index]![machine]! + (at < 0 ? 0 : given.amounts[at]!) < wanted.amounts[k]!) return false
  }
  return true
}
