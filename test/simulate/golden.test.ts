import { readFileSync } from 'node:fs'
import { createProblem, type Problem } from 'cloudsched'
import { simulate } from 'cloudsched/simulate'
import { describe, expect, test } from 'vitest'

/** Cases with the times that SimGrid 3.32 gives, in the words of the simulators of the field. */
interface GoldenCase {
  readonly name: string
  readonly instance: {
    readonly tasks: readonly { readonly length: number; readonly pes?: number; readonly arrival?: number }[]
    readonly vms: readonly { readonly mips: number; readonly pes: number; readonly costPerSec: number }[]
    readonly assignment: readonly number[]
  }
  readonly space: GoldenTimes
  readonly time: GoldenTimes
}

interface GoldenTimes {
  readonly tasks: readonly {
    readonly id: number
    readonly vm: number
    readonly start: number
    readonly finish: number
  }[]
  readonly makespan: number
  readonly busy: readonly number[]
  readonly cost: number
}

const cases = JSON.parse(readFileSync(new URL('golden-cases.json', import.meta.url), 'utf8')) as GoldenCase[]

/** The cases agree to a millionth of a second. */
const digits = 6

test('there are ten golden cases', () => {
  expect(cases).toHaveLength(10)
})

for (const sharing of ['space', 'time'] as const) {
  describe(`golden event times, sharing ${sharing}`, () => {
    test.each(cases)('$name', (golden) => {
      const schedule = simulate(problemOf(golden), golden.instance.assignment, { sharing })
      const expected = golden[sharing]
      expect(expected.tasks).toHaveLength(schedule.tasks.length)
      for (const { id, vm, start, finish } of expected.tasks) {
        const task = schedule.tasks[id]!
        expect(task).toMatchObject({ vm, status: 'finished' })
        expect(task.startSeconds).toBeCloseTo(start, digits)
        expect(task.finishSeconds).toBeCloseTo(finish, digits)
      }
      expect(schedule.makespanSeconds).toBeCloseTo(expected.makespan, digits)
      expect(schedule.endSeconds).toBe(schedule.makespanSeconds)
      expect(schedule.busySeconds).toHaveLength(expected.busy.length)
      expected.busy.forEach((seconds, vm) => expect(schedule.busySeconds[vm]).toBeCloseTo(seconds, digits))
      expect(schedule.cost).toBeCloseTo(expected.cost, digits)
    })
  })
}

function problemOf({ instance }: GoldenCase): Problem {
  return createProblem({
    tasks: instance.tasks.map(({ length, pes = 1, arrival = 0 }) => ({
      lengthMi: length,
      cores: pes,
      arrivalSeconds: arrival,
    })),
    vms: instance.vms.map(({ mips, pes, costPerSec }) => ({ speedMips: mips, cores: pes, pricePerSecond: costPerSec })),
  })
}
