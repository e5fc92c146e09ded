/** How much of the partial schedule a state remembers. */
export type StateKind = 'prefix' | 'stage' | 'bucket'

/** Which tables a learner keeps beside Q. */
export interface TableNeeds {
  /** Weight factors f(s, a) and r_max(s) of WHAQL. */
  readonly weights: boolean
  /** Action pi_H(s) that HAQL has learnt. */
  readonly heuristic: boolean
}

/**
 * Tables over states and actions in typed arrays that grow together; state s has its row at `s * actionCount`. In a
 * table of prefixes `child` holds the trie: the state that action a leads to, 0 where it was never taken.
 */
export interface StateTables {
  readonly actionCount: number
  readonly maxStates: number
  /** Number of states that are known. */
  count: number
  capacity: number
  q: Float64Array
  weight: Float64Array | null
  bestReward: Float64Array | null
  heuristic: Int32Array | null
  heuristicValue: Float64Array | null
  child: Int32Array | null
}

const firstCapacity = 8192

export interface TableShape extends TableNeeds {
  readonly actionCount: number
  readonly isTrie: boolean
  readonly maxMemoryMib: number
}

/** Makes tables with one state, the root. */
export function createStateTables({ actionCount, isTrie, maxMemoryMib, weights, heuristic }: TableShape): StateTables {
  const maxStates = Math.floor((maxMemoryMib * 2 ** 20) / bytesPerState({ actionCount, isTrie, weights, heuristic }))
  const capacity = Math.min(firstCapacity, maxStates)
  return {
    actionCount,
    maxStates,
    count: Math.min(1, maxStates),
    capacity,
    q: new Float64Array(capacity * actionCount),
    weight: weights ? new Float64Array(capacity * actionCount) : null,
    bestReward: weights ? new Float64Array(capacity) : null,
    heuristic: heuristic ? new Int32Array(capacity).fill(-1) : null,
    heuristicValue: heuristic ? new Float64Array(capacity) : null,
    child: isTrie ? new Int32Array(capacity * actionCount) : null,
  }
}

/** Bytes of one state: Q and f 8 each and child 4 an action; r_max 8; pi_H and its value 12. */
export function bytesPerState({ actionCount, isTrie, weights, heuristic }: Omit<TableShape, 'maxMemoryMib'>): number {
  return actionCount * (8 + (weights ? 8 : 0) + (isTrie ? 4 : 0)) + (weights ? 8 : 0) + (heuristic ? 12 : 0)
}

/** Adds a state and returns its index, or -1 when the memory is used up. */
export function addState(tables: StateTables): number {
  if (tables.count === tables.maxStates) return -1
  if (tables.count === tables.capacity) growTables(tables, Math.min(tables.capacity * 2, tables.maxStates))
  return tables.count++
}

/** Makes room for `capacity` states. */
export function growTables(tables: StateTables, capacity: number): void {
  const { actionCount } = tables
  tables.capacity = capacity
  tables.q = grown(tables.q, new Float64Array(capacity * actionCount))
  if (tables.weight) tables.weight = grown(tables.weight, new Float64Array(capacity * actionCount))
  if (tables.bestReward) tables.bestReward = grown(tables.bestReward, new Float64Array(capacity))
  if (tables.heuristic) tables.heuristic = grown(tables.heuristic, new Int32Array(capacity).fill(-1))
  if (tables.heuristicValue) tables.heuristicValue = grown(tables.heuristicValue, new Float64Array(capacity))
  if (tables.child) tables.child = grown(tables.child, new Int32Array(capacity * actionCount))
}

function grown<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from)
  return to
}
