/**
 * Many lists of tasks over one pair of links: a task stands in one list at a time, so that to append, prepend and
 * remove cost O(1) and no memory beyond the links.
 */
export interface TaskLists {
  /** First and last task of each list; -1 = empty. */
  readonly first: Int32Array
  readonly last: Int32Array
  /** The neighbours of each task in its list; -1 = none. */
  readonly next: Int32Array
  readonly previous: Int32Array
}

export function createTaskLists(listCount: number, taskCount: number): TaskLists {
  const empty = (length: number): Int32Array => new Int32Array(length).fill(-1)
  return { first: empty(listCount), last: empty(listCount), next: empty(taskCount), previous: empty(taskCount) }
}

export function append({ first, last, next, previous }: TaskLists, list: number, task: number): void {
  const before = last[list]!
  previous[task] = before
  next[task] = -1
  last[list] = task
  if (before < 0) first[list] = task
  else next[before] = task
}

export function prepend({ first, last, next, previous }: TaskLists, list: number, task: number): void {
  const after = first[list]!
  next[task] = after
  previous[task] = -1
  first[list] = task
  if (after < 0) last[list] = task
  else previous[after] = task
}

export function unlink({ first, last, next, previous }: TaskLists, list: number, task: number): void {
  const before = previous[task]!
  const after = next[task]!
  if (before < 0) first[list] = after
  else next[before] = after
  if (after < 0) last[list] = before
  else previous[after] = before
}

/** The tasks of a list, in its order. */
export function tasksOf({ first, next }: TaskLists, list: number): number[] {
  const tasks: number[] = []
  for (let task = first[list]!; task >= 0; task = next[task]!) tasks.push(task)
  return tasks
}
