import { simulate } from 'cloudsched/simulate'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Instance, instances, problemOf } from './instances.ts'
import { type SteppedTask, timeStepped } from './time-stepped.ts'

describe('a time-stepped simulation of its own agrees', () => {
  test('to rounding in space sharing, where all events fall on its grid', () => {
    const everything = instances({ sharing: 'space', failures: true, checkpoints: true, migrations: true })
    fc.assert(
      fc.property(everything, (instance) => expectNear(instance, timeStepped(instance, 1 / 64), 1e-9)),
      { numRuns: 200 },
    )
  })

  test('to its step in time sharing', () => {
    const stepSeconds = 1 / 256
    fc.assert(
      fc.property(instances({ sharing: 'time' }), (instance) => {
        expectNear(instance, timeStepped(instance, stepSeconds), lateness(instance, stepSeconds))
      }),
      { numRuns: 80 },
    )
  })

  test('to its step in time sharing with failures and migrations', () => {
    const stepSeconds = 1 / 256
    fc.assert(
      fc.property(instances({ sharing: 'time', failures: true, migrations: true }), (instance) => {
        const reference = timeStepped(instance, stepSeconds)
        const exact = simulate(problemOf(instance), instance.assignment, instance.options).tasks
        // Being late by a step may put an end behind a failure, which changes everything: such instances say nothing.
        fc.pre(![...exact, ...reference].some((task) => isKnifeEdge(instance, task, lateness(instance, stepSeconds))))
        expectNear(instance, reference, lateness(instance, stepSeconds))
      }),
      { numRuns: 80 },
    )
  })
})

/** A step for each finish that shifts what others get, times the largest number of tasks that slow each other down. */
function lateness({ tasks, options }: Instance, stepSeconds: number): number {
  const restarts = 1 + (options.failures?.length ?? 0) + (options.migrations?.length ?? 0)
  return 2 * tasks.length * restarts * stepSeconds
}

/** Whether a task's end of computing, or of its output, lies within `seconds` of a failure or a migration. */
function isKnifeEdge(
  { vms, options }: Instance,
  { finishSeconds }: Pick<SteppedTask, 'finishSeconds'>,
  seconds: number,
): boolean {
  if (finishSeconds === null) return false
  const longestOutput = (8 * 2) / Math.min(...vms.map(({ bandwidthMbps }) => bandwidthMbps!))
  const cuts = [...(options.failures ?? []), ...(options.migrations ?? [])].map(({ atSeconds }) => atSeconds)
  return cuts.some((cut) => cut > finishSeconds - longestOutput - seconds && cut < finishSeconds + seconds)
}

function expectNear(instance: Instance, reference: readonly SteppedTask[], tolerance: number): void {
  const { tasks } = simulate(problemOf(instance), instance.assignment, instance.options)
  reference.forEach(({ status, startSeconds, finishSeconds }, index) => {
    const task = tasks[index]!
    expect(task.status).toBe(status)
    expectTime(task.startSeconds, startSeconds, tolerance)
    expectTime(task.finishSeconds, finishSeconds, tolerance)
  })
}

function expectTime(seconds: number | null, expected: number | null, tolerance: number): void {
  if (seconds === null || expected === null) expect(seconds).toBe(expected)
  else expect(Math.abs(seconds - expected)).toBeLessThanOrEqual(tolerance)
}
