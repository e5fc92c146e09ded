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

/** Memory of the first tables. The system hands zeroed pages out when they are touched: what is not used costs no time. */
const firstBytes = 4 * 2 ** 20

export interface TableShape extends TableNeeds {
  readonly actionCount: number
  readonly isTrie: boolean
  readonly maxMemoryMib: number
  /** States that the run can meet at most. */
  readonly mostStates: number
}

/** Makes tables with one state, the root. */
export function createStateTables(shape: TableShape): StateTables {
  const { actionCount, isTrie, weights, heuristic } = shape
  const bytes = bytesPerState(shape)
  const maxStates = Math.min(Math.floor((shape.maxMemoryMib * 2 ** 20) / bytes), shape.mostStates)
  const capacity = Math.min(Math.ceil(firstBytes / bytes), maxStates)
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
export function bytesPerState({
  actionCount,
  isTrie,
  weights,
  heuristic,
}: Omit<TableShape, 'maxMemoryMib' | 'mostStates'>): number {
  return actionCount * (8 + (weights ? 8 : 0) + (isTrie ? 4 : 0)) + (weights ? 8 : 0) + (heuristic ? 12 : 0)
}

/** Adds a state and returns its index, or -1 when the memory is used up. */
export function addState(tables: StateTables): number {
  if (tables.count === tables.maxStates) return -1
  if (tables.count === tables.capacity) growTables(tables, Math.min(tables.capacity * 2, tables.maxStates))
  return tables.count++
}

/** Makes room for `more` states, as far as the memory allows. */
export function reserveStates(tables: StateTables, more: number): void {
  const needed = Math.min(tables.count + more, tables.maxStates)
  if (needed > tables.capacity) growTables(tables, Math.min(Math.max(tables.capacity * 2, needed), tables.maxStates))
}

/** The arrays of the tables by name. */
export const tableNames = ['q', 'weight', 'bestReward', 'heuristic', 'heuristicValue', 'child'] as const

/** Makes room for `capacity` states. */
export function growTables(tables: StateTables, capacity: number): void {
  for (const name of tableNames) {
    const from = tables[name]
    if (!from) continue
    const length = (from.length / tables.capacity) * capacity
    const to = from instanceof Float64Array ? new Float64Array(length) : new Int32Array(length)
    if (name === 'heuristic') to.fill(-1)
    to.set(from)
    Object.assign(tables, { [name]: to })
  }
  tables.capacity = capacity
}
