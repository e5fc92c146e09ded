import { createProblem, type Problem, type VmInput } from 'cloudsched'
import {
  createSimulation,
  restoreSimulation,
  simulate,
  type Simulation,
  type SimulationSnapshot,
} from 'cloudsched/simulate'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caught } from '../caught.ts'
import { type Instance, instances, problemOf } from './instances.ts'

const vm: VmInput = { speedMips: 1000, bandwidthMbps: 8 }

/** Tasks of 2, 3 and 4 s on a VM of 1000 MIPS; the second arrives at 1 and takes 1 s of input. */
const problem: Problem = createProblem({
  tasks: [
    { lengthMi: 2000 },
    { lengthMi: 3000, arrivalSeconds: 1, inputMegabytes: 1 },
    { lengthMi: 4000, memoryMegabytes: 3, outputMegabytes: 2 },
  ],
  vms: [vm, { ...vm, bootSeconds: 0.5 }],
})

describe('a simulation driven from outside', () => {
  test('hands out one event at a time, in the order of an instant', () => {
    const simulation = createSimulation(problem)
    simulation.place(0, 0)
    simulation.place(1, 0)
    simulation.place(2, 0)
    const events = []
    for (let event = simulation.nextEvent(); event; event = simulation.nextEvent()) events.push(event)
    // Task 1: input from 1 to 2; task 0 ends then, but task 2 came to stand in line before.
    expect(events).toEqual([
      { kind: 'arrival', atSeconds: 0, task: 0, vm: 0 },
      { kind: 'arrival', atSeconds: 0, task: 2, vm: 0 },
      { kind: 'start', atSeconds: 0, task: 0, vm: 0 },
      { kind: 'boot', atSeconds: 0.5, vm: 1 },
      { kind: 'arrival', atSeconds: 1, task: 1, vm: 0 },
      { kind: 'finish', atSeconds: 2, task: 0, vm: 0 },
      { kind: 'landing', atSeconds: 2, task: 1, vm: 0 },
      { kind: 'start', atSeconds: 2, task: 2, vm: 0 },
      { kind: 'computed', atSeconds: 6, task: 2, vm: 0 },
      { kind: 'start', atSeconds: 6, task: 1, vm: 0 },
      { kind: 'finish', atSeconds: 8, task: 2, vm: 0 },
      { kind: 'finish', atSeconds: 9, task: 1, vm: 0 },
    ])
    expect(simulation.nextEventSeconds()).toBeNull()
  })

  test('at one instant outputs and ends of computing go by index, VMs by what happens, then index', () => {
    const twins = createProblem({
      tasks: [{ lengthMi: 3000 }, { lengthMi: 1000, outputMegabytes: 2 }, { lengthMi: 3000 }],
      vms: [vm, { ...vm, bootSeconds: 4 }, vm, vm],
    })
    const simulation = createSimulation(twins, {
      failures: [
        { vm: 3, atSeconds: 2, repairSeconds: 2 },
        { vm: 2, atSeconds: 4, repairSeconds: null },
        { vm: 0, atSeconds: 4, repairSeconds: 9 },
      ],
    })
    ;[0, 3, 2].forEach((on, task) => simulation.place(task, on))
    simulation.advanceTo(1)
    const later = simulation.advanceTo(4).map((event) => [event.kind, 'task' in event ? event.task : event.vm])
    // Task 1 computes from 0 to 1 on VM 3, its output takes 8 * 2 / 8 = 2 s.
    expect(later).toEqual([
      ['failure', 3],
      ['finish', 0],
      ['finish', 1],
      ['finish', 2],
      ['failure', 0],
      ['failure', 2],
      ['repair', 3],
      ['boot', 1],
    ])
  })

  test('a policy places tasks as they come, and hears of those that need a VM', () => {
    const simulation = createSimulation(problem)
    expect(simulation.awaitingPlacement()).toEqual([])
    expect(simulation.advanceTo(0)).toHaveLength(2)
    expect(simulation.awaitingPlacement()).toEqual([0, 2])
    // Placed at one moment: they stand in line as they were placed.
    simulation.place(2, 0)
    simulation.place(0, 0)
    expect(simulation.vm(0)).toMatchObject({ waiting: [2, 0], running: [], freeCores: 1 })
    expect(simulation.nextEventSeconds()).toBe(0)
    simulation.advanceTo(3)
    expect(simulation.vm(0)).toMatchObject({ status: 'up', waiting: [0], running: [2], freeCores: 0, busySeconds: 3 })
    expect(simulation.task(2)).toEqual({ vm: 0, startSeconds: 0, finishSeconds: null, status: 'running' })
    expect(simulation.awaitingPlacement()).toEqual([1])
    // Task 2 has 1 of 4 s left; 8 * 3 / 8 = 3 s of downtime; VM 1 is idle: it ends at 7, its output (2 s) at 9.
    expect(simulation.migrate(2, 1)).toBe(3)
    // Task 1 takes its input (1 s) to VM 1 and starts at 4; 3 s until 7, so that task 2 starts then.
    simulation.place(1, 1)
    simulation.advanceTo(20)
    expect(simulation.schedule().tasks).toEqual([
      { vm: 0, startSeconds: 3, finishSeconds: 5, status: 'finished' },
      { vm: 1, startSeconds: 4, finishSeconds: 7, status: 'finished' },
      { vm: 1, startSeconds: 0, finishSeconds: 10, status: 'finished' },
    ])
    expect(simulation.nowSeconds()).toBe(20)
  })

  test('a waiting candidate that leaves makes room for the next', () => {
    const simulation = createSimulation(problem)
    simulation.advanceTo(0)
    simulation.place(0, 0)
    simulation.place(2, 0)
    simulation.migrate(0, 1)
    simulation.advanceTo(1)
    expect(simulation.vm(0).running).toEqual([2])
    expect(simulation.vm(1).running).toEqual([0])
    expect(simulation.task(0).startSeconds).toBe(0.5)
  })

  test('a task whose VM is gone may be placed again', () => {
    const simulation = createSimulation(problem, {
      failures: [{ vm: 0, atSeconds: 3, repairSeconds: null }],
      checkpointSeconds: 1,
    })
    simulation.place(2, 0)
    simulation.advanceTo(3)
    expect(simulation.vm(0)).toMatchObject({ status: 'dead', running: [], waiting: [] })
    expect(simulation.task(2).status).toBe('failed')
    expect(simulation.awaitingPlacement()).toEqual([0, 1, 2])
    // Its checkpoint of 3 s takes 8 * 3 / 8 = 3 s; 1 s is left, and 2 s of output: 3 + 3 + 1 + 2.
    simulation.place(2, 1)
    simulation.advanceTo(100)
    expect(simulation.task(2)).toMatchObject({ status: 'finished', finishSeconds: 9 })
    expect(simulation.schedule().interruptions).toEqual([
      { task: 2, vm: 0, atSeconds: 3, cause: 'failure', lostSeconds: 0, resumedSeconds: 6 },
    ])
  })

  test('tasks that lose their VM need a new one by index', () => {
    const simulation = createSimulation(createProblem({ tasks: { lengthMi: [1, 1, 1] }, vms: [vm] }), {
      failures: [{ vm: 0, atSeconds: 0, repairSeconds: null }],
    })
    for (const task of [2, 0, 1]) simulation.place(task, 0)
    simulation.advanceTo(0)
    expect(simulation.awaitingPlacement()).toEqual([0, 1, 2])
    const late = createSimulation(createProblem({ tasks: { lengthMi: [9, 9, 9] }, vms: [vm] }), {
      failures: [{ vm: 0, atSeconds: 0.001, repairSeconds: null }],
    })
    late.advanceTo(0)
    for (const task of [2, 0, 1]) late.place(task, 0)
    late.advanceTo(1)
    expect(late.awaitingPlacement()).toEqual([0, 1, 2])
  })

  test('says what a VM does', () => {
    const simulation = createSimulation(problem, { failures: [{ vm: 0, atSeconds: 1, repairSeconds: 1 }] })
    const status = (): string[] => [0, 1].map((index) => simulation.vm(index).status)
    expect(status()).toEqual(['up', 'booting'])
    simulation.advanceTo(1.5)
    expect(status()).toEqual(['down', 'up'])
    expect(simulation.vm(0).downSeconds).toBe(0.5)
    simulation.advanceTo(2)
    expect(status()).toEqual(['up', 'up'])
  })

  test('reports planned migrations, also those that cannot take place', () => {
    const migrations = [
      { task: 2, vm: 1, atSeconds: 1 },
      { task: 0, vm: 1, atSeconds: 2 },
    ]
    const simulation = createSimulation(problem, { migrations })
    simulation.place(2, 0)
    const moves = simulation.advanceTo(5).filter(({ kind }) => kind.endsWith('migration'))
    expect(moves).toEqual([
      { kind: 'migration', atSeconds: 1, task: 2, vm: 1 },
      { kind: 'skipped-migration', atSeconds: 2, task: 0, vm: 1 },
    ])
  })

  test('looking at the schedule on the way changes nothing', () => {
    const instance = instances({ sharing: 'time', failures: true, migrations: true, offGrid: true })
    fc.assert(
      fc.property(instance, (drawn) => {
        const watched = open(drawn)
        while (watched.nextEvent()) expect(watched.schedule().endSeconds).toBe(watched.nowSeconds())
        const unwatched = open(drawn)
        while (unwatched.nextEvent());
        expect(watched.schedule()).toEqual(unwatched.schedule())
      }),
      { numRuns: 50 },
    )
  })
})

describe('bad calls', () => {
  const narrow = createProblem({
    tasks: [{ lengthMi: 1, cores: 2 }, { lengthMi: 1 }],
    vms: [{ speedMips: 1 }, { speedMips: 1, cores: 2 }],
  })

  test.each([
    ['a task that does not exist', (it: Simulation) => it.place(2, 0), 'task', 'a whole number in [0, 1]'],
    ['a VM that does not exist', (it: Simulation) => it.place(0, 2), 'vm', 'a whole number in [0, 1]'],
    ['an index that is none', (it: Simulation) => it.migrate(0.5, 0), 'task', 'a whole number in [0, 1]'],
    ['a VM that may not take the task', (it: Simulation) => it.place(0, 0), 'vm', 'a VM that may take task 0'],
    [
      'a migration without a VM',
      (it: Simulation) => it.migrate(1, 0),
      'task',
      'one that can go to VM 0 now, but the task has no VM',
    ],
    ['time running backwards', (it: Simulation) => it.advanceTo(-1), 'seconds', 'a finite number >= 0, the time it is'],
    ['a time that is none', (it: Simulation) => it.advanceTo(NaN), 'seconds', 'a finite number >= 0, the time it is'],
    ['time without end', (it: Simulation) => it.advanceTo(Infinity), 'seconds', 'a finite number >= 0, the time it is'],
    ['the state of no task', (it: Simulation) => it.task(-1), 'task', 'a whole number in [0, 1]'],
    ['the state of no VM', (it: Simulation) => it.vm(9), 'vm', 'a whole number in [0, 1]'],
  ])('%s', (_, call, path, expected) => {
    expect(caught(() => call(createSimulation(narrow)))).toMatchObject({ code: 'invalid-input', path, expected })
  })

  test('a task that has a VM, or a VM that is gone', () => {
    const simulation = createSimulation(problem, { failures: [{ vm: 1, atSeconds: 0, repairSeconds: null }] })
    simulation.place(0, 0)
    const hasVm = 'one that can go to VM 0 now, but the task has a VM already'
    expect(caught(() => simulation.place(0, 0)).expected).toBe(hasVm)
    simulation.advanceTo(1)
    expect(caught(() => simulation.place(0, 0)).expected).toBe(hasVm)
    const isGone = 'one that can go to VM 1 now, but the VM broke down for good'
    expect(caught(() => simulation.migrate(0, 1)).expected).toBe(isGone)
    expect(caught(() => simulation.place(2, 1)).expected).toBe(isGone)
    expect(caught(() => simulation.advanceTo(0.5)).expected).toBe('a finite number >= 1, the time it is')
    simulation.advanceTo(9)
    expect(caught(() => simulation.place(0, 0)).expected).toBe(hasVm)
  })

  test('a problem without tasks', () => {
    const empty = createSimulation(createProblem({ tasks: [], vms: [vm] }))
    expect(caught(() => empty.place(0, 0)).expected).toBe('absent: the problem has none')
    expect(empty.nextEvent()).toBeNull()
  })
})

describe('a snapshot', () => {
  test.each(['space', 'time'] as const)('taken at any event goes on as if nothing had been, sharing %s', (sharing) => {
    fc.assert(
      fc.property(
        instances({ sharing, failures: true, checkpoints: true, migrations: true, offGrid: true }),
        (instance) => {
          const expected = simulateToEnd(open(instance))
          const simulation = open(instance)
          do {
            const snapshot = throughJson(simulation.snapshot())
            const restored = restoreSimulation(problemOf(instance), snapshot)
            expect(restored.snapshot()).toEqual(snapshot)
            expect(simulateToEnd(restored)).toEqual(expected)
          } while (simulation.nextEvent())
        },
      ),
      { numRuns: 25 },
    )
  })

  test('can be taken up by other decisions', () => {
    const simulation = createSimulation(problem)
    simulation.advanceTo(1)
    const snapshot = simulation.snapshot()
    const ends = [0, 1].map((index) => {
      const branch = restoreSimulation(problem, snapshot)
      branch.place(1, index)
      branch.place(2, 0)
      return simulateToEnd(branch).tasks[1]!.finishSeconds
    })
    // Input until 2, then 3 s: on VM 0 only after task 2, which computes from 1 to 5.
    expect(ends).toEqual([8, 5])
    expect(simulation.task(1).status).toBe('unplaced')
  })

  test('is refused when it is damaged, or of another version or problem', () => {
    const simulation = createSimulation(problem, { checkpointSeconds: 2 })
    simulation.place(0, 0)
    simulation.advanceTo(1)
    const snapshot = throughJson(simulation.snapshot())
    const other = createProblem({ tasks: [{ lengthMi: 2000 }, { lengthMi: 3000 }, { lengthMi: 4001 }], vms: [vm, vm] })
    const path = (damage: object, to: Problem = problem): string => {
      const error = caught(() => restoreSimulation(to, { ...snapshot, ...damage } as SimulationSnapshot))
      expect(error.code).toBe('checkpoint')
      return error.path
    }
    expect(path({}, other)).toBe('snapshot.problem')
    expect(path({ version: 2 })).toBe('snapshot.version')
    expect(path({ settings: { ...snapshot.settings, sharing: 'both' } })).toBe('snapshot.settings')
    expect(path({ settings: null })).toBe('snapshot.settings')
    expect(path({ counts: { ...snapshot.counts, nowSeconds: null } })).toBe('snapshot.counts.nowSeconds')
    expect(path({ counts: undefined })).toBe('snapshot.counts.nowSeconds')
    expect(path({ columns: undefined })).toBe('snapshot.columns.tasks.phase')
    expect(path({ columns: { ...snapshot.columns, tasks: { ...snapshot.columns.tasks, phase: [1] } } })).toBe(
      'snapshot.columns.tasks.phase',
    )
    expect(path({ queues: [{ slots: [0], times: ['soon'] }] })).toBe('snapshot.queues[0].times')
    expect(path({ queues: undefined })).toBe('snapshot.queues[0].slots')
    expect(path({ interruptions: 0 })).toBe('snapshot.interruptions')
    expect(caught(() => restoreSimulation(problem, null as unknown as SimulationSnapshot)).path).toBe('snapshot')
  })
})

function open(instance: Instance): Simulation {
  const simulation = createSimulation(problemOf(instance), instance.options)
  instance.assignment.forEach((on, task) => simulation.place(task, on))
  return simulation
}

function simulateToEnd(simulation: Simulation): ReturnType<typeof simulate> {
  while (simulation.nextEvent());
  return simulation.schedule()
}

function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
