import type { Sharing } from './sharing.ts'
import { dueSeconds, insert, remove } from './time-heap.ts'

/** A task holds its cores from start to end and runs at full speed: its end is known when it starts. */
export const spaceShared: Sharing = {
  fits: ({ vms }, vm, cores) => cores <= vms.cores[vm]! - vms.threads[vm]!,
  begin: ({ finishes, nowSeconds }, _vm, task, seconds) => insert(finishes, task, nowSeconds + seconds),
  end: ({ finishes }, _vm, task) => remove(finishes, task),
  stop({ finishes, nowSeconds }, _vm, task) {
    const secondsLeft = dueSeconds(finishes, task) - nowSeconds
    remove(finishes, task)
    return secondsLeft
  },
}
