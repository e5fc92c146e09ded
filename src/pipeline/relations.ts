import type { Finding } from '../errors/cloudsched-error.ts'
import type { PipelineTask } from './pipeline-task.ts'

/** Pairs of tasks, listed for both sides: those of task i are the entries from `start[i]` to `start[i + 1]`. */
export interface TaskPairs {
  readonly start: Int32Array
  readonly other: Int32Array
  /** Calls an interval; 0 where the pair carries none. */
  readonly calls: Float64Array
}

/** What tasks have to do with each other. */
export interface Relations {
  readonly affinity: TaskPairs
  readonly apart: TaskPairs
  /** Tasks that must be together, two or more, by each of their members; ascending. */
  readonly groups: ReadonlyMap<number, readonly number[]>
}

/**
 * Reads affinity and the together / apart constraints. A task's own id is passed over; unknown ids are collected.
 *
 * @param tasks - in ascending order of their ids
 * @param pathOf - path of a task in the input, for findings
 */
export function readRelations(
  tasks: readonly PipelineTask[],
  indexOf: ReadonlyMap<string, number>,
  pathOf: (task: number) => string,
  unknown: Set<string>,
  findings: Finding[],
): Relations {
  const known = (id: string): number => {
    const other = indexOf.get(id)
    if (other === undefined) unknown.add(id)
    return other ?? -1
  }
  const affinity = new PairLists(tasks.length)
  const apart = new PairLists(tasks.length)
  const leader = Int32Array.from(tasks, (_, task) => task)
  tasks.forEach((task, i) => {
    for (const [id, calls] of Object.entries(task.affinity ?? {})) affinity.add(i, known(id), calls)
    for (const id of task.apart ?? []) apart.add(i, known(id), 0)
    for (const id of task.together ?? []) {
      const other = known(id)
      if (other >= 0) unite(leader, i, other)
    }
  })
  tasks.forEach((task, i) => {
    for (const id of task.apart ?? []) {
      const other = indexOf.get(id)
      if (other === undefined || other === i || leaderOf(leader, other) !== leaderOf(leader, i)) continue
      findings.push({
        path: `${pathOf(i)}.apart`,
        received: id,
        expected: 'a task that it need not be together with',
        hint: '`together` counts over several tasks: a with b and b with c puts a and c together.',
      })
    }
  })
  return { affinity: affinity.pairs(), apart: apart.pairs(), groups: groupsOf(leader) }
}

class PairLists {
  readonly #lists: (Map<number, number> | undefined)[]

  constructor(taskCount: number) {
    this.#lists = new Array<Map<number, number> | undefined>(taskCount).fill(undefined)
  }

  /** Of two different values for a pair the larger counts. */
  add(task: number, other: number, calls: number): void {
    if (other < 0 || other === task) return
    this.#set(task, other, calls)
    this.#set(other, task, calls)
  }

  #set(task: number, other: number, calls: number): void {
    const list = (this.#lists[task] ??= new Map<number, number>())
    list.set(other, Math.max(calls, list.get(other) ?? 0))
  }

  pairs(): TaskPairs {
    const start = new Int32Array(this.#lists.length + 1)
    this.#lists.forEach((list, task) => {
      start[task + 1] = start[task]! + (list?.size ?? 0)
    })
    const other = new Int32Array(start.at(-1)!)
    const calls = new Float64Array(start.at(-1)!)
    this.#lists.forEach((list, task) => {
      if (list === undefined) return
      // Ascending, so that sums over neighbours do not depend on the order of the input.
      const sorted = [...list].sort(([a], [b]) => a - b)
      sorted.forEach(([neighbour, value], k) => {
        other[start[task]! + k] = neighbour
        calls[start[task]! + k] = value
      })
    })
    return { start, other, calls }
  }
}

function leaderOf(leader: Int32Array, task: number): number {
  while (leader[task] !== task) {
    leader[task] = leader[leader[task]!]!
    task = leader[task]!
  }
  return task
}

function unite(leader: Int32Array, a: number, b: number): void {
  const [first, second] = [leaderOf(leader, a), leaderOf(leader, b)]
  leader[Math.max(first, second)] = Math.min(first, second)
}

function groupsOf(leader: Int32Array): Map<number, readonly number[]> {
  const members = new Map<number, number[]>()
  leader.forEach((_, task) => {
    const first = leaderOf(leader, task)
    if (first === task) return
    const group = members.get(first) ?? [first]
    members.set(first, group)
    group.push(task)
  })
  return new Map([...members.values()].flatMap((group) => group.map((task) => [task, group] as const)))
}
