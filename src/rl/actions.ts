import { executionSeconds } from '../model/problem.ts'
import type { Environment } from './environment.ts'

/**
 * What an action means: a VM, or a rank in the order of the VMs by look-ahead (est of the partial schedule, then the
 * finish time).
 */
export type ActionKind = 'vm' | 'rank'

/** Turns the learner's action numbers into VMs. */
export interface ActionSpace {
  /** Largest number of actions at any stage: the width of the tables. */
  readonly width: number
  /** The VM that each action stands for, as of the last `look`: at most `width`. */
  vms: Int32Array
  /** Brings `vms` to the environment's stage; called once a stage. */
  look(): Int32Array
}

export function createActionSpace(kind: ActionKind, environment: Environment, rankWidth: number): ActionSpace {
  const lists = Array.from({ length: environment.stageCount }, (_, stage) => environment.actionsAt(stage))
  const widest = lists.reduce((most, vms) => Math.max(most, vms.length), 1)
  const width = kind === 'vm' ? widest : Math.min(rankWidth, widest)
  // No task is left after the last stage.
  lists.push(new Int32Array(0))
  const ranked = new Int32Array(width)
  // The buffer cut to each number of actions: a task may have fewer VMs than there are ranks.
  const cut = Array.from({ length: width + 1 }, (_, count) => ranked.subarray(0, count))
  const space: ActionSpace = {
    width,
    vms: ranked,
    look:
      kind === 'vm'
        ? () => (space.vms = lists[environment.stage]!)
        : () => (space.vms = cut[rankByLookAhead(environment, lists[environment.stage]!, ranked)]!),
  }
  return space
}

/** Fills `ranked` with the best VMs of `vms`, best first, and returns how many there are. */
function rankByLookAhead(environment: Environment, vms: Int32Array, ranked: Int32Array): number {
  const count = Math.min(ranked.length, vms.length)
  const ests = new Float64Array(count)
  let filled = 0
  for (const vm of vms) {
    const est = environment.estWith(vm)
    let place = filled
    while (place > 0 && isBetter(environment, est, vm, ests[place - 1]!, ranked[place - 1]!)) place--
    if (place === count) continue
    for (let k = Math.min(filled, count - 1); k > place; k--) {
      ests[k] = ests[k - 1]!
      ranked[k] = ranked[k - 1]!
    }
    ests[place] = est
    ranked[place] = vm
    if (filled < count) filled++
  }
  return count
}

/** Where the makespan does not rise est is equal, and the VM that is free first is the better one. */
function isBetter(
  { problem, order, stage, vmSeconds }: Environment,
  est: number,
  vm: number,
  otherEst: number,
  other: number,
): boolean {
  if (est !== otherEst) return est < otherEst
  const task = order[stage]!
  return (
    vmSeconds[vm]! + executionSeconds(problem, task, vm) < vmSeconds[other]! + executionSeconds(problem, task, other)
  )
}
