import { describe, expect, test } from 'vitest'
import { lpt, whaql } from 'cloudsched'
import { bestFit } from 'cloudsched/packing'
import { createScheduler, restoreScheduler, type Scheduler } from '../../../src/live/index.ts'

function cluster(count: number, capacity: Record<string, number> = { cpu: 4 }, options = {}): Scheduler {
  const scheduler = createScheduler(options)
  for (let k = 0; k < count; k++) {
    scheduler.machineChanged({ id: `m${k}`, capacity, labels: { zone: k % 2 === 0 ? 'east' : 'west', host: `m${k}` } })
  }
  return scheduler
}

const machinesOf = (placements: readonly { task: string; machine: string }[]): Record<string, string> =>
  Object.fromEntries(placements.map(({ task, machine }) => [task, machine]))

describe('placing', () => {
  test('what was just placed counts at once: a burst does not herd onto one machine', () => {
    const scheduler = cluster(3)
    for (let k = 0; k < 6; k++) scheduler.submit({ id: `t${k}`, demand: { cpu: 1 } })
    // Worst fit, ties by id: m0, m1, m2 and round again.
    expect(scheduler.decide(0).map(({ machine }) => machine)).toEqual(['m0', 'm1', 'm2', 'm0', 'm1', 'm2'])
  })

  test('best fit packs', () => {
    const scheduler = cluster(3, { cpu: 4 }, { rule: bestFit })
    for (let k = 0; k < 6; k++) scheduler.submit({ id: `t${k}`, demand: { cpu: 1 } })
    expect(scheduler.decide(0).map(({ machine }) => machine)).toEqual(['m0', 'm0', 'm0', 'm0', 'm1', 'm1'])
  })

  test('a task that does not fit does not hold up those behind it, and keeps its place in the line', () => {
    const scheduler = cluster(1)
    scheduler.submit({ id: 'first', demand: { cpu: 3 } })
    scheduler.submit({ id: 'large', demand: { cpu: 2 } })
    scheduler.submit({ id: 'small', demand: { cpu: 1 } })
    expect(machinesOf(scheduler.decide(0))).toEqual({ first: 'm0', small: 'm0' })
    scheduler.submit({ id: 'late', demand: { cpu: 2 } })
    scheduler.finished('first', { status: 'finished' })
    expect(scheduler.decide(1).map(({ task }) => task)).toEqual(['large'])
  })

  test('the more important task goes first', () => {
    const scheduler = cluster(1, { cpu: 1 })
    scheduler.submit({ id: 'low', demand: { cpu: 1 } })
    scheduler.submit({ id: 'high', demand: { cpu: 1 }, priority: 5 })
    expect(machinesOf(scheduler.decide(0))).toEqual({ high: 'm0' })
  })

  test('hooks forbid and prefer', () => {
    const scheduler = cluster(
      3,
      { cpu: 4 },
      {
        filter: (_: unknown, { id }: { id: string }) => (id === 'm0' ? 'is kept for others' : null),
        score: (_: unknown, { id }: { id: string }) => (id === 'm2' ? 1 : 0),
      },
    )
    scheduler.submit({ id: 't' })
    expect(machinesOf(scheduler.decide(0))).toEqual({ t: 'm2' })
    scheduler.submit({ id: 'u', demand: { cpu: 9 } })
    scheduler.decide(1)
    expect(scheduler.explain('u')).toEqual({
      state: 'waiting',
      attempts: 0,
      fitting: 0,
      refusals: [
        { machine: 'm0', reasons: ['is kept for others', 'needs 9 cpu, 4 free'] },
        { machine: 'm1', reasons: ['needs 9 cpu, 4 free'] },
        { machine: 'm2', reasons: ['needs 9 cpu, 4 free'] },
      ],
    })
  })

  test('a batch solver plans the waiting set, within demand, labels and taints', () => {
    const scheduler = createScheduler()
    scheduler.machineChanged({ id: 'fast', capacity: { cpu: 2 }, speedMips: 2000, pricePerSecond: 2 })
    scheduler.machineChanged({ id: 'slow', capacity: { cpu: 2 }, speedMips: 1000, pricePerSecond: 1 })
    scheduler.machineChanged({
      id: 'gone',
      capacity: { cpu: 9 },
      taints: [{ key: 'down', effect: 'NoSchedule' }],
      pricePerSecond: 0,
    })
    scheduler.submit({ id: 'a', demand: { cpu: 1 }, lengthMi: 4000 })
    scheduler.submit({ id: 'b', demand: { cpu: 1 }, lengthMi: 2000 })
    scheduler.submit({ id: 'c', demand: { cpu: 8 }, lengthMi: 1000 })
    // LPT: a takes 2 s on fast or 4 s on slow; b then 1 s on fast (3 s) or 2 s on slow: slow.
    expect(machinesOf(scheduler.decide(0, { solve: (problem) => lpt(problem, { timeWeight: 1 }) }))).toEqual({
      a: 'fast',
      b: 'slow',
    })
    expect(scheduler.explain('c')).toMatchObject({ state: 'waiting', fitting: 0 })
    scheduler.submit({ id: 'd', demand: { cpu: 1 }, lengthMi: 500 })
    expect(scheduler.decide(1, { solve: (problem) => whaql(problem, { timeWeight: 1, seed: 1 }) })).toHaveLength(1)
    scheduler.submit({ id: 'e', demand: { cpu: 1 } })
    expect(() => scheduler.decide(2, { solve: (problem) => lpt(problem) })).toThrow(
      /tasks\['e'\].lengthMi must be given/,
    )
    // What throws has changed nothing, the clock included.
    expect(scheduler.decide(1)).toMatchObject([{ task: 'e' }])
  })
})

test('a task whose planned machine was full goes anywhere at the next decision without a plan', () => {
  const scheduler = cluster(2, { cpu: 1 })
  for (const id of ['a', 'b']) scheduler.submit({ id, demand: { cpu: 1 }, lengthMi: 1 })
  expect(scheduler.decide(0, { solve: () => ({ assignment: [0, 0] }) })).toMatchObject([{ task: 'a', machine: 'm0' }])
  expect(scheduler.decide(1)).toMatchObject([{ task: 'b', machine: 'm1' }])
})

describe('constraints', () => {
  test('taints keep away whoever does not tolerate them', () => {
    const scheduler = createScheduler()
    scheduler.machineChanged({
      id: 'gpu',
      capacity: { cpu: 8 },
      taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }],
    })
    scheduler.machineChanged({
      id: 'soft',
      capacity: { cpu: 1 },
      taints: [{ key: 'spot', effect: 'PreferNoSchedule' }],
    })
    scheduler.submit({ id: 'plain', demand: { cpu: 1 } })
    scheduler.submit({ id: 'trainer', demand: { cpu: 1 }, tolerations: [{ key: 'gpu', value: 'yes' }] })
    scheduler.submit({ id: 'stranger', demand: { cpu: 2 }, tolerations: [{ key: 'gpu', value: 'no' }] })
    expect(machinesOf(scheduler.decide(0))).toEqual({ plain: 'soft', trainer: 'gpu' })
    expect(JSON.stringify(scheduler.explain('stranger'))).toContain('has the taint gpu=yes:NoSchedule')
    scheduler.submit({ id: 'tolerant', demand: { cpu: 2 }, tolerations: [{ operator: 'Exists' }] })
    expect(machinesOf(scheduler.decide(0))).toEqual({ tolerant: 'gpu' })
  })

  test('required labels and node affinity', () => {
    const scheduler = cluster(4)
    scheduler.submit({ id: 'a', requiredLabels: { zone: ['west', 'north'] }, demand: { cpu: 1 } })
    scheduler.submit({
      id: 'b',
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['east'] }] }],
          },
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 100, preference: { matchExpressions: [{ key: 'host', operator: 'In', values: ['m3'] }] } },
          ],
        },
      },
    })
    scheduler.submit({ id: 'c', requiredLabels: { zone: 'north' } })
    expect(machinesOf(scheduler.decide(0))).toEqual({ a: 'm1', b: 'm3' })
    expect(JSON.stringify(scheduler.explain('c'))).toContain('needs label zone = north, has east')
  })

  const web = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'host' }

  test('anti-affinity holds in both directions', () => {
    const scheduler = cluster(3)
    const labels = { app: 'web' }
    const apart = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [web] } }
    scheduler.submit({ id: 'shy', affinity: apart })
    expect(machinesOf(scheduler.decide(0))).toEqual({ shy: 'm0' })
    // 'shy' is no web task, but it keeps web tasks away from its machine.
    scheduler.submit({ id: 'w1', labels, affinity: apart })
    scheduler.submit({ id: 'w2', labels, affinity: apart })
    scheduler.submit({ id: 'w3', labels, affinity: apart })
    expect(machinesOf(scheduler.decide(1))).toEqual({ w1: 'm1', w2: 'm2' })
    expect(JSON.stringify(scheduler.explain('w3'))).toContain('has a task whose anti-affinity keeps this one away')
    scheduler.cancel('shy')
    expect(machinesOf(scheduler.decide(2))).toEqual({ w3: 'm0' })
  })

  test('affinity joins those it means; the first of a group starts it', () => {
    const scheduler = cluster(4)
    const together = {
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...web, topologyKey: 'zone' }] },
    }
    scheduler.submit({ id: 'follower', affinity: together })
    expect(scheduler.decide(0)).toEqual([])
    scheduler.submit({ id: 'w', labels: { app: 'web' }, affinity: together, demand: { cpu: 1 } })
    expect(machinesOf(scheduler.decide(1))).toEqual({ w: 'm0' })
    // Zone east is m0 and m2; m2 is emptier.
    expect(machinesOf(scheduler.decide(2))).toEqual({ follower: 'm2' })
  })

  test('preferred affinity and anti-affinity pull and push', () => {
    const scheduler = cluster(2)
    scheduler.submit({ id: 'w', labels: { app: 'web' } })
    scheduler.decide(0)
    const wish = (weight: number) => ({
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight, podAffinityTerm: web }],
    })
    scheduler.submit({ id: 'friend', affinity: { podAffinity: wish(50) } })
    scheduler.submit({ id: 'foe', affinity: { podAntiAffinity: wish(50) } })
    expect(machinesOf(scheduler.decide(1))).toEqual({ friend: 'm0', foe: 'm1' })
  })

  test('spread allows at most the stated skew', () => {
    const scheduler = cluster(3)
    const labels = { app: 'web' }
    const spread = (id: string) => ({
      id,
      labels,
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'zone',
          whenUnsatisfiable: 'DoNotSchedule' as const,
          labelSelector: { matchLabels: labels },
        },
      ],
    })
    // East is m0 and m2, west m1. They alternate, and a full west stops the rest.
    for (const id of ['a', 'b', 'c', 'd']) scheduler.submit({ ...spread(id), demand: { cpu: 4 } })
    expect(machinesOf(scheduler.decide(0))).toEqual({ a: 'm0', b: 'm1', c: 'm2' })
    scheduler.machineChanged({ id: 'm4', capacity: { cpu: 4 }, labels: { zone: 'east' } })
    scheduler.submit({ ...spread('e'), demand: { cpu: 4 } })
    expect(scheduler.decide(1)).toEqual([])
    expect(JSON.stringify(scheduler.explain('e'))).toContain('would make the spread over zone uneven by 2, 1 allowed')
  })

  test('counts follow a machine whose labels change', () => {
    const scheduler = cluster(2)
    scheduler.submit({ id: 'w', labels: { app: 'web' } })
    scheduler.decide(0)
    scheduler.machineChanged({ id: 'm0', capacity: { cpu: 4 }, labels: { zone: 'west', host: 'renamed' } })
    scheduler.submit({ id: 'x', affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [web] } } })
    expect(machinesOf(scheduler.decide(1))).toEqual({ x: 'm0' })
  })
})

describe('preemption', () => {
  test('the cheapest victims leave, and none that could stay', () => {
    const scheduler = cluster(2)
    for (const id of ['a', 'b', 'c', 'd'])
      scheduler.submit({ id, demand: { cpu: 2 }, migrationCost: id === 'a' ? 9 : 1 })
    scheduler.decide(0) // a, c on m0; b, d on m1
    scheduler.submit({ id: 'urgent', demand: { cpu: 2 }, priority: 1 })
    // One victim is enough anywhere; on m0 it would be c, on m1 d (the later one): equal costs, so the first machine.
    expect(scheduler.decide(1)).toEqual([{ task: 'urgent', machine: 'm0', attempt: 1, atSeconds: 1, evicts: ['c'] }])
    expect(scheduler.explain('c')).toMatchObject({ state: 'waiting', attempts: 1 })
    scheduler.cancel('b')
    expect(scheduler.decide(2)).toEqual([{ task: 'c', machine: 'm1', attempt: 2, atSeconds: 2, evicts: [] }])
  })

  test('no task of equal priority, none that may not be moved, and none when it is switched off', () => {
    for (const options of [{}, { preemption: false }]) {
      const scheduler = cluster(1, { cpu: 2 }, options)
      scheduler.submit({ id: 'a', demand: { cpu: 2 }, preemptible: 'preemption' in options })
      scheduler.decide(0)
      scheduler.submit({ id: 'b', demand: { cpu: 2 }, priority: 0 })
      scheduler.submit({ id: 'c', demand: { cpu: 2 }, priority: 9 })
      expect(scheduler.decide(1)).toEqual([])
    }
  })

  test('devices are freed as they are held', () => {
    const scheduler = cluster(1, { cpu: 8, gpu: 2 })
    scheduler.submit({ id: 'half', demand: { gpu: 0.5 } })
    scheduler.submit({ id: 'whole', demand: { gpu: 1 } })
    scheduler.decide(0)
    scheduler.submit({ id: 'urgent', demand: { gpu: 1 }, priority: 1 })
    // Either would do; the later of two equally cheap tasks leaves.
    expect(scheduler.decide(1)[0]).toMatchObject({ task: 'urgent', evicts: ['whole'] })
  })
})

describe('events', () => {
  test('a failed task waits again until it has failed as often as allowed', () => {
    const scheduler = cluster(1, { cpu: 1 }, { maxAttempts: 2 })
    scheduler.submit({ id: 't' })
    scheduler.decide(0)
    expect(scheduler.finished('t', { status: 'failed', attempt: 1 })).toBe('waiting')
    expect(scheduler.decide(1)[0]).toMatchObject({ attempt: 2 })
    expect(scheduler.finished('t', { status: 'failed', attempt: 2 })).toBe('abandoned')
    expect(scheduler.explain('t')).toEqual({ state: 'abandoned' })
  })

  test('a machine that goes gives its tasks back', () => {
    const scheduler = cluster(2, { cpu: 1 })
    for (const id of ['a', 'b']) scheduler.submit({ id, demand: { cpu: 1 } })
    scheduler.decide(0)
    expect(scheduler.machineRemoved('m0')).toEqual(['a'])
    expect(() => scheduler.finished('a', { status: 'finished' })).toThrow(/it waits/)
    scheduler.machineChanged({ id: 'm9', capacity: { cpu: 1 } })
    expect(scheduler.decide(1)[0]).toMatchObject({ task: 'a', machine: 'm9', attempt: 2 })
  })

  test('a machine whose capacity falls keeps its tasks and takes no more', () => {
    const scheduler = cluster(1)
    scheduler.submit({ id: 'a', demand: { cpu: 3 } })
    scheduler.decide(0)
    scheduler.machineChanged({ id: 'm0', capacity: { cpu: 2 } })
    scheduler.submit({ id: 'b', demand: { cpu: 1 } })
    expect(scheduler.decide(1)).toEqual([])
    expect(scheduler.free('m0')).toEqual({ cpu: -1 })
    expect(restoreScheduler(scheduler.snapshot()).free('m0')).toEqual({ cpu: -1 })
  })

  test.each([
    [
      'an unknown task',
      (s: Scheduler) => s.finished('nobody', { status: 'finished' }),
      /must be that of a task that has a machine/,
    ],
    ['a waiting task reported as finished', (s: Scheduler) => s.finished('waits', { status: 'finished' }), /it waits/],
    ['a repeated submission', (s: Scheduler) => s.submit({ id: 'runs' }), /has a machine/],
    ['a repeated submission of an ended task', (s: Scheduler) => s.submit({ id: 'over' }), /was finished/],
    [
      'a report of an earlier attempt',
      (s: Scheduler) => s.finished('runs', { status: 'failed', attempt: 7 }),
      /about an earlier placement/,
    ],
    ['a repeated cancellation', (s: Scheduler) => s.cancel('over'), /it was finished/],
    ['a report that it started, twice', (s: Scheduler) => s.started('runs', 1), /not been reported as started/],
    [
      'an old statement of a machine',
      (s: Scheduler) => s.machineChanged({ id: 'm0', capacity: { cpu: 9 }, version: 3 }),
      /above 3/,
    ],
    [
      'a negative capacity',
      (s: Scheduler) => s.machineChanged({ id: 'm0', capacity: { cpu: -1 }, version: 4 }),
      /machine.capacity.cpu/,
    ],
    ['a negative demand', (s: Scheduler) => s.submit({ id: 'n', demand: { cpu: -1 } }), /task.demand.cpu/],
    ['a demand that is no number', (s: Scheduler) => s.submit({ id: 'n', demand: { cpu: NaN } }), /task.demand.cpu/],
    ['an unknown field', (s: Scheduler) => s.submit({ id: 'n', cpu: 1 } as never), /one of the known fields/],
    ['no task at all', (s: Scheduler) => s.submit(null as never), /task must be an object/],
    ['an unknown machine', (s: Scheduler) => void s.machineRemoved('m7'), /that of a machine/],
    ['a clock that runs backwards', (s: Scheduler) => void s.decide(-5), /the time of the last decision/],
    ['a status that is none', (s: Scheduler) => s.finished('runs', { status: 'done' as never }), /outcome must be/],
    [
      'a taint without effect',
      (s: Scheduler) => s.machineChanged({ id: 'x', capacity: {}, taints: [{ key: 'a' } as never] }),
      /machine.taints/,
    ],
  ])('%s is refused and changes nothing', (_, event, message) => {
    const scheduler = createScheduler()
    scheduler.machineChanged({ id: 'm0', capacity: { cpu: 2 }, version: 3 })
    for (const id of ['runs', 'over']) scheduler.submit({ id, demand: { cpu: 1 } })
    scheduler.decide(0)
    scheduler.started('runs', 1)
    scheduler.finished('over', { status: 'finished' })
    scheduler.submit({ id: 'waits', demand: { cpu: 5 } })
    const before = JSON.stringify(scheduler.snapshot())
    expect(() => event(scheduler)).toThrow(message)
    expect(JSON.stringify(scheduler.snapshot())).toBe(before)
  })

  test('what has ended is forgotten, the oldest first', () => {
    const scheduler = cluster(1, { cpu: 1 }, { remembered: 3 })
    for (let k = 0; k < 50; k++) {
      scheduler.submit({ id: `t${k}` })
      scheduler.decide(k)
      scheduler.finished(`t${k}`, { status: 'finished' })
    }
    expect(scheduler.snapshot().ended.map(([id]) => id)).toEqual(['t47', 't48', 't49'])
  })
})

describe('snapshots', () => {
  test('another kind or version of data is refused', () => {
    const data = cluster(1).snapshot()
    expect(() => restoreScheduler({ ...data, version: 2 as never })).toThrow(/snapshot must be/)
    expect(() => restoreScheduler(null as never)).toThrow(/snapshot must be/)
    expect(() => restoreScheduler({ ...data, running: [{ task: { id: 'a' }, machine: 'nowhere' } as never] })).toThrow(
      /machine of the snapshot/,
    )
  })
})

describe('moves and sizes', () => {
  test('a running task is moved where it fits, with a new attempt', () => {
    const scheduler = cluster(3)
    scheduler.submit({ id: 't', demand: { cpu: 3 } })
    scheduler.submit({ id: 'u', demand: { cpu: 2 } })
    scheduler.decide(0) // t on m0, u on m1
    expect(() => scheduler.assign('t', 'm1', 1)).toThrow(/needs 3 cpu, 2 free/)
    expect(() => scheduler.assign('t', 'm0', 1)).toThrow(/another machine/)
    expect(scheduler.assign('t', 'm2', 1)).toBe(2)
    expect(scheduler.explain('t')).toMatchObject({ machine: 'm2', attempt: 2 })
    expect(() => scheduler.finished('t', { status: 'finished', attempt: 1 })).toThrow(/earlier placement/)
  })

  test('what another scheduler has done is counted, also beyond the capacity', () => {
    const scheduler = cluster(1)
    for (const id of ['t', 'u']) scheduler.submit({ id, demand: { cpu: 3 } })
    expect(scheduler.assign('t', 'm0', 0)).toBe(1)
    expect(() => scheduler.assign('u', 'm0', 0)).toThrow(/needs 3 cpu, 1 free/)
    expect(scheduler.assign('u', 'm0', 0, { force: true })).toBe(1)
    expect(scheduler.free('m0')).toEqual({ cpu: -2 })
    scheduler.submit({ id: 'v', demand: { cpu: 1 } })
    expect(scheduler.decide(1)).toEqual([])
  })

  test('machines are assessed for a task that is not submitted', () => {
    const scheduler = cluster(2)
    scheduler.submit({ id: 't', demand: { cpu: 3 } })
    scheduler.decide(0)
    const before = JSON.stringify(scheduler.snapshot())
    expect(scheduler.assess({ id: 'x', demand: { cpu: 2 } }, ['m1', 'm0', 'unknown'])).toEqual([
      { machine: 'm1', reasons: [], score: -1 },
      { machine: 'm0', reasons: ['needs 2 cpu, 1 free'], score: null },
    ])
    expect(JSON.stringify(scheduler.snapshot())).toBe(before)
  })

  test('a task is resized in place where there is room, and keeps its devices', () => {
    const scheduler = cluster(1, { cpu: 4, gpu: 2 })
    for (const id of ['t', 'u']) scheduler.submit({ id, demand: { cpu: 1, gpu: 1 } })
    scheduler.decide(0)
    scheduler.resize('u', { cpu: 2, gpu: 1 })
    expect(scheduler.snapshot().running.map(({ devices }) => devices)).toEqual([[0], [1]])
    expect(scheduler.free('m0')).toEqual({ cpu: 1, gpu: 0 })
    const before = JSON.stringify(scheduler.snapshot())
    expect(() => scheduler.resize('t', { cpu: 3 })).toThrow(/needs 3 cpu, 2 free/)
    expect(() => scheduler.resize('t', { cpu: -3 })).toThrow(/demand.cpu/)
    expect(JSON.stringify(scheduler.snapshot())).toBe(before)
    scheduler.submit({ id: 'w', demand: { cpu: 9 } })
    expect(scheduler.decide(1)).toEqual([])
    scheduler.resize('w', { cpu: 1 })
    expect(scheduler.decide(1)).toMatchObject([{ task: 'w' }])
  })
})
