import fc from 'fast-check'
import { expect, test } from 'vitest'
import { append, createTaskLists, prepend, tasksOf, unlink } from '../../src/simulate/task-lists.ts'

test('lists over one pair of links behave like arrays', () => {
  const command = fc.record({ list: fc.nat(2), task: fc.nat(9), atFront: fc.boolean() })
  fc.assert(
    fc.property(fc.array(command, { maxLength: 50 }), (commands) => {
      const lists = createTaskLists(3, 10)
      const arrays: number[][] = [[], [], []]
      for (const { list, task, atFront } of commands) {
        const holder = arrays.findIndex((array) => array.includes(task))
        if (holder >= 0) {
          unlink(lists, holder, task)
          arrays[holder] = arrays[holder]!.filter((other) => other !== task)
        } else if (atFront) {
          prepend(lists, list, task)
          arrays[list]!.unshift(task)
        } else {
          append(lists, list, task)
          arrays[list]!.push(task)
        }
        arrays.forEach((array, index) => expect(tasksOf(lists, index)).toEqual(array))
      }
    }),
  )
})
