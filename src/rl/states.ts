import type { Environment } from './environment.ts'
import { addState, type StateKind, type StateTables } from './state-tables.ts'

/** Finds the state that an action leads to; the start of every episode is state 0. */
export interface StateSpace {
  /** State after `action` in `state`, with the environment already stepped; -1 when the memory is used up. */
  next(tables: StateTables, state: number, action: number): number
  /** Known keys of the buckets and their states, for a checkpoint; empty for the other kinds. */
  keys(): [number, number][]
}

/**
 * - 'prefix': all placements so far, the paper's array: a trie, no two paths meet
 * - 'stage': the number of placements so far
 * - 'bucket': the stage and, in four steps of the makespan, the load of each VM; with more than 8 VMs the two least
 *   loaded VMs instead
 */
export function createStateSpace(
  kind: StateKind,
  tables: StateTables,
  environment: Environment,
  keys: readonly [number, number][] = [],
): StateSpace {
  if (kind === 'prefix') return { next: childOf, keys: () => [] }
  if (kind === 'stage') {
    while (tables.count < environment.stageCount && addState(tables) >= 0);
    return { next: () => (environment.stage < tables.count ? environment.stage : -1), keys: () => [] }
  }
  const stateByKey = new Map<number, number>(keys)
  const keyOf = environment.problem.vmCount <= 8 ? loadLevels : leastLoaded
  return {
    next() {
      const key = keyOf(environment)
      let state = stateByKey.get(key)
      if (state === undefined) {
        state = addState(tables)
        if (state >= 0) stateByKey.set(key, state)
      }
      return state
    },
    keys: () => [...stateByKey],
  }
}

function childOf(tables: StateTables, state: number, action: number): number {
  const place = state * tables.actionCount + action
  const known = tables.child![place]!
  if (known > 0) return known
  const added = addState(tables)
  if (added > 0) tables.child![place] = added
  return added
}

/** The stage and a digit 0..3 per VM: its load in quarters of the makespan. */
function loadLevels({ stage, vmSeconds, timeSeconds }: Environment): number {
  let key = stage
  for (let j = 0; j < vmSeconds.length; j++)
    key = key * 4 + Math.min(3, Math.floor((4 * vmSeconds[j]!) / timeSeconds || 0))
  return key
}

/** The stage and the two VMs with the shortest running times. */
function leastLoaded({ stage, vmSeconds }: Environment): number {
  let first = 0
  let second = -1
  for (let j = 1; j < vmSeconds.length; j++) {
    if (vmSeconds[j]! < vmSeconds[first]!) {
      second = first
      first = j
    } else if (second < 0 || vmSeconds[j]! < vmSeconds[second]!) second = j
  }
  return (stage * vmSeconds.length + first) * vmSeconds.length + second
}
