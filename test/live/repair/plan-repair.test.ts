import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Anomaly } from '../../../src/live/monitor/anomaly.ts'
import { loadOf } from '../../../src/live/monitor/observation.ts'
import { planRepair, type RepairTask } from '../../../src/live/repair/plan-repair.ts'

const anomaly = (kind: Anomaly['kind'], subject: string): Anomaly => ({
  kind,
  subject,
  sinceSeconds: 0,
  confidence: 0.9,
  detail: '',
})
const machines = ['a', 'b', 'c'].map((id) => ({ id, capacity: { cpu: 10 } }))
const task = (id: string, machine: string, cpu: number, rest: Partial<RepairTask> = {}): RepairTask => ({
  id,
  machine,
  demand: { cpu },
  ...rest,
})

test('tasks leave a silent machine, the largest first, for the emptiest that has room', () => {
  const tasks = [task('s', 'a', 2), task('l', 'a', 5), task('b1', 'b', 4), task('c1', 'c', 3)]
  // l: b 9 of 10 is beyond 0.8, c 8 is not. Then s: b 6, c 10: b.
  expect(planRepair([anomaly('silent-machine', 'a')], machines, tasks, 0)).toEqual({
    actions: [
      { kind: 'cordon', machine: 'a', because: 'silent-machine' },
      { kind: 'move', task: 'l', from: 'a', to: 'c', cost: 1, because: 'silent-machine' },
      { kind: 'move', task: 's', from: 'a', to: 'b', cost: 1, because: 'silent-machine' },
    ],
    cost: 2,
    unrepaired: [],
  })
})

test('a task of a lost machine fills another one up rather than getting nothing', () => {
  const tasks = [task('big', 'a', 5), task('b1', 'b', 5), task('c1', 'c', 4)]
  // Beyond 0.8 on either; c would be at 0.9, b at 1.
  expect(planRepair([anomaly('silent-machine', 'a')], machines, tasks, 0).actions).toMatchObject([
    { kind: 'cordon' },
    { kind: 'move', task: 'big', to: 'c' },
  ])
})

test('what has no room is named', () => {
  const plan = planRepair([anomaly('stuck-machine', 'a')], machines, [task('huge', 'a', 11)], 0)
  expect(plan.unrepaired).toEqual([{ subject: 'huge', reason: 'no machine has room' }])
})

test('the cheapest relief leaves an overloaded machine, and no more of it than needed', () => {
  const tasks = [
    task('dear', 'a', 4, { migrationCost: 8 }),
    task('cheap', 'a', 3),
    task('small', 'a', 2.5),
    task('b1', 'b', 1),
  ]
  // 9.5 of 10. 'cheap' relieves 3 for 1, the best rate; then 6.5 is below 8. It goes to c, the emptiest.
  expect(planRepair([anomaly('overloaded-machine', 'a')], machines, tasks, 0).actions).toEqual([
    { kind: 'move', task: 'cheap', from: 'a', to: 'c', cost: 1, because: 'overloaded-machine' },
  ])
})

test('a task that has just moved, or swings, stays; what cannot be helped is named', () => {
  const tasks = [task('x', 'a', 5, { movedSeconds: 5000 }), task('y', 'a', 5)]
  const plan = planRepair([anomaly('overloaded-machine', 'a'), anomaly('oscillating-task', 'y')], machines, tasks, 6000)
  expect(plan.actions).toEqual([{ kind: 'hold', task: 'y', untilSeconds: 9600, because: 'oscillating-task' }])
  expect(plan.unrepaired).toEqual([{ subject: 'a', reason: 'no task of it may leave for a machine with room' }])
})

test('a stuck task is restarted', () => {
  expect(planRepair([anomaly('stuck-task', 'x')], machines, [task('x', 'a', 1)], 0).actions).toEqual([
    { kind: 'restart', task: 'x', because: 'stuck-task' },
  ])
})

describe('properties', () => {
  const site = fc.array(
    fc.record({
      machine: fc.constantFrom('a', 'b', 'c', 'd'),
      cpu: fc.integer({ min: 0, max: 6 }),
      cost: fc.integer({ min: 1, max: 4 }),
    }),
    { maxLength: 14 },
  )
  const own = ['a', 'b', 'c', 'd'].map((id) => ({ id, capacity: { cpu: 12 } }))

  test('touches only what is affected, fills nothing beyond the target, and relief leaves no machine fuller than the fullest was', () => {
    fc.assert(
      fc.property(site, fc.constantFrom('overloaded-machine' as const, 'silent-machine' as const), (rows, kind) => {
        const tasks = rows.map(({ machine, cpu, cost }, k) => task(`t${k}`, machine, cpu, { migrationCost: cost }))
        const plan = planRepair([anomaly(kind, 'a')], own, tasks, 0)
        const place = new Map(tasks.map(({ id, machine }) => [id, machine]))
        const load = (machine: string): number =>
          loadOf(
            {
              cpu: tasks
                .filter(({ id }) => place.get(id) === machine)
                .reduce((sum, { demand }) => sum + demand['cpu']!, 0),
            },
            { cpu: 12 },
          )
        const before = new Map(own.map(({ id }) => [id, load(id)]))
        for (const action of plan.actions) {
          if (action.kind !== 'move') continue
          expect(action.from).toBe('a')
          expect(place.get(action.task)).toBe('a')
          place.set(action.task, action.to)
          expect(load(action.to)).toBeLessThanOrEqual(kind === 'silent-machine' ? 1 : 0.8)
        }
        const fullest = Math.max(...before.values())
        for (const { id } of own)
          expect(load(id)).toBeLessThanOrEqual(kind === 'silent-machine' ? Math.max(fullest, 1) : fullest)
        if (kind === 'silent-machine') {
          const left = tasks.filter(({ id }) => place.get(id) === 'a').map(({ id }) => id)
          expect(plan.unrepaired.map(({ subject }) => subject).sort()).toEqual(left.sort())
        }
      }),
      { numRuns: 200 },
    )
  })
})
