import type { Rng } from '../../random/rng.ts'
import { pickIndex } from '../../random/sample.ts'

/** Which tasks each VM has, in no order, so that one can be drawn. */
export interface TasksOnVms {
  /** A task of the VM; -1 when it has none. */
  draw(vm: number, rng: Rng): number
  transfer(task: number, from: number, to: number): void
}

export function createTasksOnVms(assignment: ArrayLike<number>, vmCount: number): TasksOnVms {
  const tasksOf = Array.from({ length: vmCount }, () => [] as number[])
  const placeOf = new Int32Array(assignment.length)
  for (let task = 0; task < assignment.length; task++) placeOf[task] = tasksOf[assignment[task]!]!.push(task) - 1
  return {
    draw(vm, rng) {
      const tasks = tasksOf[vm]!
      return tasks.length > 0 ? tasks[pickIndex(rng, tasks.length)]! : -1
    },
    transfer(task, from, to) {
      const last = tasksOf[from]!.pop()!
      if (last !== task) {
        tasksOf[from]![placeOf[task]!] = last
        placeOf[last] = placeOf[task]!
      }
      placeOf[task] = tasksOf[to]!.push(task) - 1
    },
  }
}
