import { createProblem, evaluate, executionSeconds } from 'cloudsched'
import { costPerVm, createSimulation, type SimulatedSchedule, simulate, type Simulation } from 'cloudsched/simulate'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Instance, instances, problemOf } from './instances.ts'

const modes = fc.record({ sharing: fc.constantFrom('space' as const, 'time' as const), offGrid: fc.boolean() })
const plain = modes.chain(instances)
const everything = modes.chain((mode) => instances({ ...mode, failures: true, checkpoints: true, migrations: true }))

function check(arbitrary: fc.Arbitrary<Instance>, predicate: (instance: Instance) => void): void {
  fc.assert(fc.property(arbitrary, predicate), { numRuns: 150 })
}

const run = (instance: Instance): SimulatedSchedule =>
  simulate(problemOf(instance), instance.assignment, instance.options)

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

describe('for any instance', () => {
  test('no task is lost: without failures for good, all finish', () => {
    check(everything, (instance) => {
      const { tasks } = run(instance)
      expect(tasks).toHaveLength(instance.tasks.length)
      for (const { status } of tasks)
        expect(hasDeadVm(instance) ? ['finished', 'failed'] : ['finished']).toContain(status)
    })
  })

  test('finish >= start >= arrival, and a finished task has taken its time', () => {
    check(everything, (instance) => {
      const problem = problemOf(instance)
      simulate(problem, instance.assignment, instance.options).tasks.forEach(
        ({ startSeconds, finishSeconds, vm, status }, task) => {
          if (startSeconds !== null) expect(startSeconds).toBeGreaterThanOrEqual(instance.tasks[task]!.arrivalSeconds!)
          if (status !== 'finished') return
          const hasMoved = instance.options.migrations!.some((move) => move.task === task)
          const least = hasMoved ? 0 : executionSeconds(problem, task, vm)
          expect(finishSeconds! - startSeconds!).toBeGreaterThanOrEqual(least - 1e-9)
        },
      )
    })
  })

  test('work is conserved: what the cores computed is what the tasks needed and what was lost', () => {
    check(everything, (instance) => {
      fc.pre(!hasDeadVm(instance))
      const { coreSeconds, interruptions } = run(instance)
      const speed = (vm: number): number => instance.vms[vm]!.speedMips!
      const computed = sum(coreSeconds.map((seconds, vm) => seconds * speed(vm)))
      const needed = sum(instance.tasks.map(({ lengthMi, cores }) => lengthMi! * cores!))
      const lost = sum(
        interruptions.map(({ task, vm, lostSeconds }) => lostSeconds * speed(vm) * instance.tasks[task]!.cores!),
      )
      expect(computed).toBeCloseTo(needed + lost, 6)
    })
  })

  test('cost is busy seconds times price, and no VM does more than its cores can', () => {
    check(everything, (instance) => {
      const schedule = run(instance)
      const { busySeconds, coreSeconds, downSeconds, endSeconds, cost } = schedule
      expect(cost).toBeCloseTo(sum(busySeconds.map((seconds, vm) => seconds * instance.vms[vm]!.pricePerSecond!)), 9)
      expect(cost).toBe(sum(costPerVm(problemOf(instance), schedule)!))
      busySeconds.forEach((seconds, vm) => {
        expect(seconds + downSeconds[vm]!).toBeLessThanOrEqual(endSeconds + 1e-9)
        expect(coreSeconds[vm]).toBeGreaterThanOrEqual(seconds - 1e-9)
        expect(coreSeconds[vm]).toBeLessThanOrEqual(instance.vms[vm]!.cores! * seconds + 1e-9)
      })
    })
  })

  test('no core is used twice in space sharing, and nothing runs on a VM that is not up', () => {
    check(everything, (instance) => {
      fc.pre(!hasDeadVm(instance))
      const simulation = createSimulation(problemOf(instance), instance.options)
      while (nextPlaced(simulation, instance)) {
        instance.vms.forEach(({ cores }, vm) => {
          const { running, status, freeCores } = simulation.vm(vm)
          const used = sum(running.map((task) => instance.tasks[task]!.cores!))
          if (instance.options.sharing === 'space') expect(used).toBe(cores! - freeCores)
          if (status !== 'up') expect(running).toEqual([])
        })
      }
    })
  })

  test('busy seconds are the union of the intervals in which tasks compute', () => {
    check(plain, (instance) => {
      fc.pre(instance.tasks.every(({ outputMegabytes }) => outputMegabytes === 0))
      const { tasks, busySeconds } = run(instance)
      busySeconds.forEach((seconds, vm) => {
        const intervals = tasks.flatMap((task) =>
          task.vm === vm ? [[task.startSeconds!, task.finishSeconds!] as const] : [],
        )
        expect(seconds).toBeCloseTo(lengthOfUnion(intervals), 9)
      })
    })
  })

  test('placing each task when it arrives gives what an assignment gives', () => {
    check(everything, (instance) => {
      fc.pre(!hasDeadVm(instance))
      const simulation = createSimulation(problemOf(instance), instance.options)
      while (nextPlaced(simulation, instance)) expect(simulation.awaitingPlacement()).toEqual([])
      expect(simulation.schedule().tasks).toEqual(run(instance).tasks)
    })
  })

  test('the same input gives the same schedule, and stays as it was', () => {
    check(everything, (instance) => {
      const before = structuredClone(instance)
      expect(run(instance)).toEqual(run(instance))
      expect(instance).toEqual(before)
    })
  })

  test('a schedule survives JSON', () => {
    check(everything, (instance) => {
      const schedule = run(instance)
      expect(JSON.parse(JSON.stringify(schedule))).toEqual(schedule)
    })
  })
})

describe('the static model: one core, all there at 0, space sharing', () => {
  const amount = fc.double({ min: 1e-3, max: 1e6, noNaN: true })
  const sized = <T>(values: fc.Arbitrary<T>, max: number): fc.Arbitrary<T[]> =>
    fc.array(values, { minLength: 1, maxLength: max })

  test('on uniform machines the makespan is that of evaluate', () => {
    fc.assert(
      fc.property(sized(amount, 20), sized(amount, 5), fc.infiniteStream(fc.nat()), (lengths, speeds, choices) => {
        const problem = createProblem({
          tasks: lengths.map((lengthMi) => ({ lengthMi })),
          vms: speeds.map((speedMips) => ({ speedMips, pricePerSecond: 1 })),
        })
        expectStatic(
          problem,
          lengths.map(() => choices.next().value! % speeds.length),
        )
      }),
    )
  })

  test('on unrelated machines, too, also with tasks of no time', () => {
    const row = fc.tuple(...Array.from({ length: 3 }, () => fc.oneof(amount, fc.constant(0))))
    fc.assert(
      fc.property(sized(fc.record({ times: row, vm: fc.nat(2) }), 20), (rows) => {
        expectStatic(
          createProblem({ etc: rows.map(({ times }) => times) }),
          rows.map(({ vm }) => vm),
        )
      }),
    )
  })

  function expectStatic(problem: ReturnType<typeof createProblem>, assignment: number[]): void {
    const { makespanSeconds, busySeconds } = simulate(problem, assignment)
    const { timeSeconds, vmSeconds } = evaluate(problem, assignment)
    // Ends that are one instant to the simulator, 1e-12 of their time apart, let the next task start at the later one.
    expect(Math.abs(makespanSeconds - timeSeconds)).toBeLessThanOrEqual(1e-10 * timeSeconds)
    vmSeconds.forEach((seconds, vm) =>
      expect(busySeconds[vm]! / Math.max(seconds, 1e-9)).toBeCloseTo(seconds > 0 ? 1 : 0, 9),
    )
  }
})

function hasDeadVm({ options }: Instance): boolean {
  return options.failures!.some(({ repairSeconds }) => repairSeconds === null)
}

/** The next event; a task that arrives is placed where the assignment has it. */
function nextPlaced(simulation: Simulation, { assignment }: Instance): boolean {
  const event = simulation.nextEvent()
  if (event?.kind === 'arrival') simulation.place(event.task, assignment[event.task]!)
  return event !== null
}

function lengthOfUnion(intervals: readonly (readonly [number, number])[]): number {
  let total = 0
  let reached = 0
  for (const [start, finish] of intervals.toSorted(([a], [b]) => a - b)) {
    total += Math.max(0, finish - Math.max(start, reached))
    reached = Math.max(reached, finish)
  }
  return total
}
