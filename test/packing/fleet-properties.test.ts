import { createFleet, type Fleet, type MachineInput, type PackingTask } from 'cloudsched/packing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const anyMachine: fc.Arbitrary<MachineInput> = fc.record({
  capacity: fc.record({ cpu: fc.nat(16), memoryMib: fc.nat(64), gpu: fc.nat(4) }),
  labels: fc.record({ zone: fc.constantFrom('x', 'y') }),
})
const anyTask: fc.Arbitrary<PackingTask> = fc.record({
  demand: fc.record({
    cpu: fc.integer({ min: 0, max: 40 }).map((tenths) => tenths / 10),
    memoryMib: fc.nat(16),
    gpu: fc.constantFrom(0, 0, 0.1, 0.3, 0.55, 1, 2),
  }),
  requiredLabels: fc.constantFrom({}, {}, { zone: 'x' }, { zone: ['x', 'y'] }),
  group: fc.constantFrom('a', 'b'),
  maxPerMachine: fc.constantFrom(1, 2, Infinity),
})
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('place' as const), task: anyTask, at: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), at: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('add' as const), machine: anyMachine }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), at: fc.nat(99) }) },
)

/** What a second bookkeeper, who only remembers who is where, knows. */
interface Book {
  readonly machines: Map<number, MachineInput>
  readonly tasks: Map<
    string,
    { readonly task: PackingTask; readonly machine: number; readonly devices: readonly number[] }
  >
}

/** All that a fleet shows. */
function show(fleet: Fleet): string {
  return JSON.stringify(
    Array.from({ length: fleet.state.size }, (_, index) =>
      fleet.state.present[index] === 1
        ? [fleet.machineId(index), fleet.free(index), fleet.devicesFree(index), fleet.tasksOn(index)]
        : null,
    ),
  )
}

/** Holds the fleet against the book, with sums made anew. */
function checkAgainst(fleet: Fleet, { machines, tasks }: Book): void {
  expect(fleet.machineCount()).toBe(machines.size)
  expect(fleet.taskCount()).toBe(tasks.size)
  for (const [index, { capacity }] of machines) {
    const here = [...tasks.values()].filter(({ machine }) => machine === index)
    const free = fleet.free(index)
    for (const resource of ['cpu', 'memoryMib', 'gpu']) {
      const used = here.reduce((sum, { task }) => sum + task.demand![resource]!, 0)
      expect(free[resource]).toBeCloseTo(capacity[resource]! - used, 9)
      expect(free[resource]).toBeGreaterThanOrEqual(0)
    }
    const devices = Array.from({ length: capacity['gpu']! }, () => 1)
    for (const { task, devices: given } of here) {
      const gpu = task.demand!['gpu']!
      expect(given.length).toBe(Math.ceil(gpu))
      for (const device of given) devices[device]! -= Math.min(1, gpu)
    }
    for (const { task } of here) {
      const ofGroup = here.filter((other) => other.task.group === task.group).length
      expect(ofGroup).toBeLessThanOrEqual(task.maxPerMachine!)
    }
    fleet.devicesFree(index).forEach((freeShare, device) => {
      expect(freeShare).toBeCloseTo(devices[device]!, 9)
      expect(freeShare).toBeGreaterThanOrEqual(0)
    })
  }
}

describe('a fleet under random events', () => {
  it('never gives out more than there is, and says why where it refuses', () => {
    fc.assert(
      fc.property(
        fc.array(anyMachine, { minLength: 1, maxLength: 4 }),
        fc.array(step, { maxLength: 40 }),
        (first, steps) => {
          const fleet = createFleet(first)
          const book: Book = { machines: new Map(first.entries()), tasks: new Map() }
          steps.forEach((event, k) => {
            if (event.kind === 'add') {
              book.machines.set(fleet.addMachine({ ...event.machine, id: `added-${k}` }), event.machine)
            } else if (event.kind === 'remove') {
              const index = [...book.machines.keys()][event.at % Math.max(1, book.machines.size)]
              if (index === undefined) return
              for (const id of fleet.removeMachine(index)) expect(book.tasks.delete(id)).toBe(true)
              book.machines.delete(index)
            } else if (event.kind === 'release') {
              const id = [...book.tasks.keys()][event.at % Math.max(1, book.tasks.size)]
              expect(fleet.release(id ?? 'nobody')).toBe(id !== undefined)
              if (id) book.tasks.delete(id)
            } else {
              const request = fleet.request(event.task)
              const fitting = [...fleet.fitting(request)]
              for (const index of book.machines.keys()) {
                expect(fleet.refusals(request, index).length === 0).toBe(fitting.includes(index))
              }
              const target = fitting[event.at % Math.max(1, fitting.length)]
              if (target === undefined) return
              const { devices } = fleet.place(`task-${k}`, request, target)
              book.tasks.set(`task-${k}`, { task: event.task, machine: target, devices })
            }
            checkAgainst(fleet, book)
          })
        },
      ),
      { numRuns: 150 },
    )
  })

  it('is as before when what was placed is released, in any order', () => {
    fc.assert(
      fc.property(
        fc.array(anyMachine, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(anyTask, fc.nat()), { maxLength: 20 }),
        (machines, tasks) => {
          const fleet = createFleet(machines)
          const before = show(fleet)
          const placed: { readonly id: string; readonly turn: number }[] = []
          tasks.forEach(([input, turn], k) => {
            const request = fleet.request(input)
            const [target] = fleet.fitting(request)
            if (target === undefined) return
            fleet.place(`task-${k}`, request, target)
            placed.push({ id: `task-${k}`, turn })
          })
          for (const { id } of placed.sort((a, b) => a.turn - b.turn)) fleet.release(id)
          expect(show(fleet)).toBe(before)
          expect(fleet.state.groups.size).toBe(0)
        },
      ),
      { numRuns: 200 },
    )
  })
})
