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

/** Collects pairs, in any order and more than once. */
class PairLists {
  readonly #taskCount: number
  readonly #from: number[] = []
  readonly #to: number[] = []
  readonly #calls: number[] = []

  constructor(taskCount: number) {
    this.#taskCount = taskCount
  }

  add(task: number, other: number, calls: number): void {
    if (other < 0 || other === task) return
    this.#from.push(task, other)
    this.#to.push(other, task)
    this.#calls.push(calls, calls)
  }

  /**
   * The pairs of each task in ascending order of the other one, so that sums do not depend on the order of the input;
   * each once, with the largest value that was given for it.
   */
  pairs(): TaskPairs {
    const first = new Int32Array(this.#taskCount + 1)
    for (const task of this.#from) first[task + 1]!++
    for (let task = 0; task < this.#taskCount; task++) first[task + 1]! += first[task]!
    const next = first.slice()
    const other = new Int32Array(this.#to.length)
    const calls = new Float64Array(this.#to.length)
    this.#from.forEach((task, k) => {
      // Sorted in as it comes: the lists are short.
      let at = next[task]!++
      for (; at > first[task]! && other[at - 1]! > this.#to[k]!; at--) {
        other[at] = other[at - 1]!
        calls[at] = calls[at - 1]!
      }
      other[at] = this.#to[k]!
      calls[at] = this.#calls[k]!
    })
    return mergeEqual(first, other, calls)
  }
}

/** Drops what is there twice, in place. */
function mergeEqual(first: Int32Array, other: Int32Array, calls: Float64Array): TaskPairs {
  const start = new Int32Array(first.length)
  let end = 0
  for (let task = 0; task + 1 < first.length; task++) {
    start[task] = end
    for (let k = first[task]!; k < first[task + 1]!; k++) {
      if (end > start[task]! && other[end - 1] === other[k]) {
        calls[end - 1] = Math.max(calls[end - 1]!, calls[k]!)
        continue
      }
      other[end] = other[k]!
      calls[end] = calls[k]!
      end++
    }
  }
  start[first.length - 1] = end
  return { start, other: other.slice(0, end), calls: calls.slice(0, end) }
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
