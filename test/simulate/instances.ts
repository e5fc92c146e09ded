import { createProblem, type Problem, type TaskInput, type VmInput } from 'cloudsched'
import type { PlannedMigration, SimulationOptions, VmFailure } from 'cloudsched/simulate'
import fc from 'fast-check'

/** A random instance: what the simulator is given, and what the reference in `time-stepped.ts` reads. */
export interface Instance {
  readonly tasks: readonly TaskInput[]
  readonly vms: readonly VmInput[]
  readonly assignment: readonly number[]
  readonly options: SimulationOptions & { readonly sharing: 'space' | 'time' }
}

/** Which parts of the model an instance may use beside cores, arrivals, transfers and boot times. */
export interface Parts {
  readonly sharing: 'space' | 'time'
  readonly failures?: boolean
  readonly checkpoints?: boolean
  readonly migrations?: boolean
  /** Lengths and arrivals of any size, instead of such that keep the events on a grid. */
  readonly offGrid?: boolean
}

export function problemOf({ tasks, vms }: Instance): Problem {
  return createProblem({ tasks, vms })
}

/**
 * Instances whose events fall on a grid: speeds are 1, 2 or 4, lengths and all given times whole, so that in space
 * sharing every start and finish is a multiple of 1/64 s even after two migrations (each divides by 4 at most).
 */
export function instances({
  sharing,
  failures = false,
  checkpoints = false,
  migrations = false,
  offGrid = false,
}: Parts): fc.Arbitrary<Instance> {
  const whole = (low: number, high: number): fc.Arbitrary<number> => fc.integer({ min: low, max: high })
  const vm = fc.record({
    speedMips: fc.constantFrom(1, 2, 4),
    cores: whole(1, 3),
    pricePerSecond: whole(0, 3),
    bandwidthMbps: fc.constantFrom(8, 16),
    bootSeconds: fc.constantFrom(0, 0, 2),
  })
  return fc.array(vm, { minLength: 1, maxLength: 3 }).chain((vms) => {
    const task = whole(0, vms.length - 1).chain((on) =>
      fc.record({
        on: fc.constant(on),
        input: fc.record({
          lengthMi: offGrid
            ? fc.double({ min: 0.01, max: 25, noNaN: true })
            : whole(1, 6).map((quarters) => 4 * quarters),
          // Narrow enough for every VM, so that it may move to any.
          cores: whole(1, Math.min(...vms.map(({ cores }) => cores))),
          arrivalSeconds: offGrid ? fc.double({ min: 0, max: 9, noNaN: true }) : fc.constantFrom(0, 0, 0, 1, 2, 5, 9),
          inputMegabytes: fc.constantFrom(0, 0, 0, 2, 4),
          outputMegabytes: fc.constantFrom(0, 0, 0, 2),
          memoryMegabytes: fc.constantFrom(0, 2, 4),
        }),
      }),
    )
    const failure: fc.Arbitrary<VmFailure> = fc.record({
      vm: whole(0, vms.length - 1),
      atSeconds: whole(1, 20),
      repairSeconds: fc.constantFrom(0, 1, 3, 3, null),
    })
    return fc.array(task, { minLength: 1, maxLength: 8 }).chain((tasks) => {
      const migration: fc.Arbitrary<PlannedMigration> = fc.record({
        task: whole(0, tasks.length - 1),
        vm: whole(0, vms.length - 1),
        atSeconds: whole(0, 15),
      })
      return fc
        .record({
          failures: fc.array(failure, { maxLength: failures ? 3 : 0 }),
          migrations: fc.array(migration, { maxLength: migrations ? 2 : 0 }),
          checkpointSeconds: checkpoints ? fc.constantFrom(undefined, 1, 2) : fc.constant(undefined),
        })
        .map(({ failures: down, migrations: moves, checkpointSeconds }) => ({
          vms,
          tasks: tasks.map(({ input }) => input),
          assignment: tasks.map(({ on }) => on),
          options: {
            sharing,
            failures: down,
            migrations: moves,
            ...(checkpointSeconds === undefined ? {} : { checkpointSeconds }),
          },
        }))
    })
  })
}
