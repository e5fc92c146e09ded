import { createProblem, type TaskInput, type VmInput } from 'cloudsched'
import { type SimulatedSchedule, type SimulateOptions, simulate } from 'cloudsched/simulate'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caught } from '../caught.ts'

/** Seconds alone on a VM of 1000 MIPS, and whatever else. */
type Task = Omit<TaskInput, 'lengthMi'> & { readonly seconds: number }

const vm: VmInput = { speedMips: 1000, pricePerSecond: 1 }

function run(
  tasks: readonly Task[],
  vms: readonly VmInput[],
  options: SimulateOptions = {},
  assignment = tasks.map(() => 0),
): SimulatedSchedule {
  const inputs = tasks.map(({ seconds, ...rest }) => ({ lengthMi: 1000 * seconds, ...rest }))
  return simulate(createProblem({ tasks: inputs, vms }), assignment, options)
}

/** Start and finish of each task. */
const times = ({ tasks }: SimulatedSchedule): (readonly [number | null, number | null])[] =>
  tasks.map(({ startSeconds, finishSeconds }) => [startSeconds, finishSeconds])

describe('transfers and boot', () => {
  test('input delays the start, output the finish; neither holds a core', () => {
    const tasks = [{ seconds: 1, inputMegabytes: 10, outputMegabytes: 5 }, { seconds: 3 }]
    const schedule = run(tasks, [{ ...vm, bandwidthMbps: 8 }])
    // Input 8 * 10 / 8 = 10 s, 1 s of computing, output 8 * 5 / 8 = 5 s; the other task runs meanwhile.
    expect(times(schedule)).toEqual([
      [10, 16],
      [0, 3],
    ])
    expect(schedule.busySeconds).toEqual([4])
    expect(schedule.cost).toBe(4)
  })

  test('tasks stand in line as their input comes in', () => {
    const schedule = run(
      [
        { seconds: 2, inputMegabytes: 1 },
        { seconds: 4, arrivalSeconds: 0.5 },
      ],
      [{ ...vm, bandwidthMbps: 4 }],
    )
    // 8 * 1 / 4 = 2 s of input: by then the later arrival has the core, from 0.5 to 4.5.
    expect(times(schedule)).toEqual([
      [4.5, 6.5],
      [0.5, 4.5],
    ])
  })

  test('without a bandwidth data moves in no time', () => {
    expect(times(run([{ seconds: 1, inputMegabytes: 1e6 }], [vm]))).toEqual([[0, 1]])
  })

  test('nothing starts before the VM has booted', () => {
    expect(times(run([{ seconds: 2 }, { seconds: 1, arrivalSeconds: 9 }], [{ ...vm, bootSeconds: 3 }]))).toEqual([
      [3, 5],
      [9, 10],
    ])
  })
})

describe('failures', () => {
  const failures = [{ vm: 0, atSeconds: 4, repairSeconds: 2 }]

  test('a task begins again when its VM is repaired', () => {
    const schedule = run([{ seconds: 10 }, { seconds: 1 }], [vm], { failures })
    // 4 s are lost; 4 + 2 = 6, 6 + 10 = 16; the other one waits for the core, as before.
    expect(times(schedule)).toEqual([
      [0, 16],
      [16, 17],
    ])
    expect(schedule.interruptions).toEqual([
      { task: 0, vm: 0, atSeconds: 4, cause: 'failure', lostSeconds: 4, resumedSeconds: 6 },
    ])
    // Busy 0-4 and 6-17.
    expect(schedule).toMatchObject({ busySeconds: [15], downSeconds: [2], cost: 15, endSeconds: 17 })
  })

  test('or goes on from its last checkpoint', () => {
    const schedule = run([{ seconds: 10 }], [vm], { failures, checkpointSeconds: 3 })
    // Saved at 3, so 1 s is lost and 7 s are left: 6 + 7 = 13.
    expect(times(schedule)).toEqual([[0, 13]])
    expect(schedule.interruptions[0]!.lostSeconds).toBeCloseTo(1, 12)
  })

  test('a checkpoint at the very moment of the failure counts', () => {
    // 0.1 + 0.1 + ... is not 4 in floating point, but forty checkpoints were written by then.
    const schedule = run([{ seconds: 10 }], [vm], { failures, checkpointSeconds: 0.1 })
    expect(schedule.tasks[0]!.finishSeconds).toBeCloseTo(12, 9)
    expect(schedule.interruptions[0]!.lostSeconds).toBeCloseTo(0, 9)
  })

  test('checkpoints count from the last start', () => {
    const twice = [...failures, { vm: 0, atSeconds: 8, repairSeconds: 1 }]
    // Runs 0-4 (saved 3), 6-8 (2 s, nothing saved): 7 s are left at 9.
    expect(times(run([{ seconds: 10 }], [vm], { failures: twice, checkpointSeconds: 3 }))).toEqual([[0, 16]])
  })

  test('a task that ends at that moment has ended', () => {
    expect(run([{ seconds: 4 }], [vm], { failures })).toMatchObject({ interruptions: [], makespanSeconds: 4 })
  })

  test('stopped tasks keep their turn, also behind a wide one', () => {
    const tasks = [{ seconds: 8 }, { seconds: 6 }, { seconds: 3, cores: 2 }, { seconds: 1 }]
    // Two cores: 0 and 1 run, fail at 4 and start again at 6, before the two that came later.
    // 1 ends at 12, the narrow 3 fits in 12-13; 0 ends at 14, and the wide 2 follows.
    expect(times(run(tasks, [{ ...vm, cores: 2 }], { failures }))).toEqual([
      [0, 14],
      [0, 12],
      [14, 17],
      [12, 13],
    ])
  })

  test('in time sharing all tasks of the VM lose what they have', () => {
    const broken = [{ vm: 0, atSeconds: 6, repairSeconds: 1 }]
    const tasks = [{ seconds: 4 }, { seconds: 6 }]
    // By 6 each has had 3 s. From 7: both at half speed until 4 s each are done (15), then 2 s alone (17).
    expect(times(run(tasks, [vm], { sharing: 'time', failures: broken }))).toEqual([
      [0, 15],
      [0, 17],
    ])
    // Saved 2 s each, left 2 and 4: at half speed until 11, then 2 s alone.
    expect(times(run(tasks, [vm], { sharing: 'time', failures: broken, checkpointSeconds: 2 }))).toEqual([
      [0, 11],
      [0, 13],
    ])
  })

  test('overlapping failures end with the last repair', () => {
    const overlapping = [...failures, { vm: 0, atSeconds: 5, repairSeconds: 10 }]
    expect(run([{ seconds: 5 }], [vm], { failures: overlapping })).toMatchObject({
      makespanSeconds: 20,
      downSeconds: [11],
    })
  })

  test('tasks of a VM that is never repaired have failed, those that come later, too', () => {
    const broken = [{ vm: 0, atSeconds: 4, repairSeconds: null }]
    const tasks = [{ seconds: 3 }, { seconds: 3 }, { seconds: 3 }, { seconds: 1, arrivalSeconds: 7 }, { seconds: 5 }]
    const schedule = run(tasks, [vm, vm], { failures: broken }, [0, 0, 0, 0, 1])
    expect(schedule.tasks).toEqual([
      { vm: 0, startSeconds: 0, finishSeconds: 3, status: 'finished' },
      { vm: 0, startSeconds: 3, finishSeconds: null, status: 'failed' },
      { vm: 0, startSeconds: null, finishSeconds: null, status: 'failed' },
      { vm: 0, startSeconds: null, finishSeconds: null, status: 'failed' },
      { vm: 1, startSeconds: 0, finishSeconds: 5, status: 'finished' },
    ])
    // The last event is the arrival at 7, of a task that cannot run any more.
    expect(schedule).toMatchObject({ makespanSeconds: 5, endSeconds: 7, busySeconds: [4, 5], downSeconds: [3, 0] })
  })

  test('failures after the last task do not prolong the simulation', () => {
    const late = [{ vm: 0, atSeconds: 1000, repairSeconds: 1 }]
    expect(run([{ seconds: 2 }], [vm], { failures: late })).toMatchObject({ endSeconds: 2, downSeconds: [0] })
  })
})

describe('migrations', () => {
  const vms = [
    { ...vm, bandwidthMbps: 100 },
    { ...vm, speedMips: 2000, bandwidthMbps: 50 },
  ]

  test('a running task is down while its memory is copied, and keeps what it has done', () => {
    const schedule = run([{ seconds: 10, memoryMegabytes: 100 }], vms, {
      migrations: [{ task: 0, vm: 1, atSeconds: 4 }],
    })
    // 8 * 100 / min(100, 50) = 16 s of downtime; 0.6 of 5 s are left: 4 + 16 + 3 = 23.
    expect(schedule.tasks).toEqual([{ vm: 1, startSeconds: 0, finishSeconds: 23, status: 'finished' }])
    expect(schedule.busySeconds).toEqual([4, 3])
    expect(schedule.interruptions).toEqual([
      { task: 0, vm: 0, atSeconds: 4, cause: 'migration', lostSeconds: 0, resumedSeconds: 20 },
    ])
  })

  test('a task with nothing done takes its input along instead, and its place in line is free', () => {
    const tasks = [
      { seconds: 10 },
      { seconds: 4, inputMegabytes: 25, memoryMegabytes: 100 },
      { seconds: 1, arrivalSeconds: 3 },
    ]
    const schedule = run(tasks, vms, { migrations: [{ task: 1, vm: 1, atSeconds: 5 }] })
    // Input 2 s to VM 0, where it waits; 8 * 25 / 50 = 4 s to VM 1, then 4 / 2 s of computing: 5 + 4 + 2 = 11.
    expect(times(schedule)).toEqual([
      [0, 10],
      [9, 11],
      [10, 11],
    ])
    expect(schedule.interruptions).toEqual([])
  })

  test('in time sharing the others speed up', () => {
    const tasks = [{ seconds: 4 }, { seconds: 6 }]
    const schedule = run(tasks, vms, { sharing: 'time', migrations: [{ task: 0, vm: 1, atSeconds: 2 }] })
    // By 2 each has had 1 s. Task 0: 3 / 2 s on VM 1. Task 1: 5 s alone.
    expect(times(schedule)).toEqual([
      [0, 3.5],
      [0, 7],
    ])
  })

  test('what cannot move is left where it is, with a reason', () => {
    const migrations = [
      { task: 0, vm: 0, atSeconds: 1 },
      { task: 0, vm: 1, atSeconds: 12 },
      { task: 1, vm: 1, atSeconds: 1 },
      { task: 2, vm: 1, atSeconds: 1 },
      { task: 3, vm: 1, atSeconds: 1 },
      { task: 4, vm: 0, atSeconds: 1 },
    ]
    const tasks = [
      { seconds: 10 },
      { seconds: 1, arrivalSeconds: 20 },
      { seconds: 1, inputMegabytes: 100 },
      { seconds: 1 },
      { seconds: 1 },
    ]
    const failures = [{ vm: 0, atSeconds: 0.5, repairSeconds: null }]
    const healthy = run(tasks, vms, { migrations }, [0, 0, 0, -1, 1])
    expect(healthy.skippedMigrations.map(({ task, reason }) => [task, reason])).toEqual([
      [0, 'the task is on that VM'],
      [1, 'the task has not arrived'],
      [2, 'the task is on its way to a VM'],
      [3, 'the task has no VM'],
      [4, 'the task has computed all its work'],
      [0, 'the task has computed all its work'],
    ])
    const broken = run(tasks, vms, { migrations, failures }, [1, 1, 1, -1, 1])
    expect(broken.skippedMigrations).toContainEqual({
      task: 4,
      vm: 0,
      atSeconds: 1,
      reason: 'the VM broke down for good',
    })
  })
})

describe('events at one instant', () => {
  test('a core that falls free serves who arrives at that moment', () => {
    const tasks = [
      { seconds: 1 },
      { seconds: 2 },
      { seconds: 1, cores: 2, arrivalSeconds: 0.5 },
      { seconds: 1, arrivalSeconds: 2 },
    ]
    // At 2 the second core falls free: the wide task, which came earlier, goes before the one that arrives then.
    expect(times(run(tasks, [{ ...vm, cores: 2 }]))).toEqual([
      [0, 1],
      [0, 2],
      [2, 3],
      [3, 4],
    ])
  })

  test('0.1 + 0.2 and 0.3 are one instant', () => {
    const tasks = [{ seconds: 0.1 }, { seconds: 0.3 }, { seconds: 0.2 }, { seconds: 1, cores: 2 }, { seconds: 1 }]
    const schedule = run(tasks, [{ ...vm, cores: 2 }])
    // Both cores fall free together, so that the wide task fits and the narrow one stays behind it.
    expect(schedule.tasks[3]!.startSeconds).toBeCloseTo(0.3, 12)
    expect(schedule.tasks[4]!.startSeconds).toBeCloseTo(1.3, 12)
  })

  test('equal tasks that share a VM end at one and the same number', () => {
    const seconds = fc.double({ min: 1e-3, max: 1e3, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(seconds, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 2, max: 5 }),
        (lengths, copies) => {
          const tasks = lengths.flatMap((length) => Array.from({ length: copies }, () => ({ seconds: length })))
          const { tasks: done } = run(tasks, [{ ...vm, cores: 3 }], { sharing: 'time' })
          for (let i = 0; i < tasks.length; i++) {
            const twin = done[i - (i % copies)]!
            expect(done[i]!.finishSeconds).toBe(twin.finishSeconds)
          }
        },
      ),
    )
  })

  test('planned migrations set out by index, whatever their order in the list', () => {
    const migrations = [2, 1].map((task) => ({ task, vm: 1, atSeconds: 1 }))
    const schedule = run([{ seconds: 5 }, { seconds: 3 }, { seconds: 3 }], [vm, vm], { migrations })
    // Both go to VM 1 at 1 in no time, task 1 first.
    expect(times(schedule).map(([start]) => start)).toEqual([0, 1, 4])
  })

  test('tasks that come at once stand in line by index, inputs and arrivals alike', () => {
    const tasks = [
      { seconds: 1, arrivalSeconds: 2 },
      { seconds: 1, inputMegabytes: 2 },
      { seconds: 1, arrivalSeconds: 2 },
    ]
    // 8 * 2 / 8 = 2 s of input.
    expect(times(run(tasks, [{ ...vm, bandwidthMbps: 8 }])).map(([start]) => start)).toEqual([2, 3, 4])
  })
})

describe('what else a problem may hold', () => {
  test('an ETC matrix: a task runs its seconds alone on the VM, also none', () => {
    const problem = createProblem({
      etc: [
        [3, 1],
        [0, 2],
        [4, 9],
      ],
    })
    const [space, time] = (['space', 'time'] as const).map((sharing) =>
      times(simulate(problem, [0, 0, 0], { sharing })),
    )
    expect(space).toEqual([
      [0, 3],
      [3, 3],
      [3, 7],
    ])
    // Half speed each until 6, then 1 s alone.
    expect(time).toEqual([
      [0, 6],
      [0, 0],
      [0, 7],
    ])
  })

  test('no task at all', () => {
    expect(simulate(createProblem({ tasks: [], vms: [vm] }), [])).toMatchObject({
      tasks: [],
      makespanSeconds: 0,
      endSeconds: 0,
      busySeconds: [0],
      cost: 0,
    })
  })

  test('tasks without a VM stay unplaced, and are not waited for', () => {
    const schedule = run([{ seconds: 1 }, { seconds: 1, arrivalSeconds: 50 }], [vm], {}, [0, -1])
    expect(schedule.tasks[1]).toEqual({ vm: -1, startSeconds: null, finishSeconds: null, status: 'unplaced' })
    expect(schedule.endSeconds).toBe(1)
  })

  test('an early end leaves tasks running and waiting, without a number', () => {
    const tasks = [{ seconds: 3 }, { seconds: 4 }, { seconds: 5 }, { seconds: 1, arrivalSeconds: 8 }]
    const schedule = run(tasks, [vm], { untilSeconds: 5 })
    expect(schedule.tasks.map(({ status }) => status)).toEqual(['finished', 'running', 'waiting', 'waiting'])
    expect(times(schedule)).toEqual([
      [0, 3],
      [3, null],
      [null, null],
      [null, null],
    ])
    expect(schedule).toMatchObject({ endSeconds: 5, makespanSeconds: 3, busySeconds: [5], cost: 5 })
    expect(run(tasks, [vm], { untilSeconds: 100 }).endSeconds).toBe(13)
  })

  test('no prices, no cost', () => {
    expect(simulate(createProblem({ etc: [[1]] }), [0]).cost).toBeNull()
  })
})

describe('bad input', () => {
  const problem = createProblem({
    tasks: [{ lengthMi: 1 }, { lengthMi: 1, cores: 2 }],
    vms: [{ speedMips: 1 }, { speedMips: 1, cores: 2 }],
  })
  const findings = (options: unknown): unknown =>
    caught(() => simulate(problem, [0, 1], options as SimulateOptions)).findings.map(({ path, expected }) => [
      path,
      expected,
    ])

  test('an assignment of another problem', () => {
    expect(caught(() => simulate(problem, [0]))).toMatchObject({ code: 'invalid-input', path: 'assignment' })
    expect(caught(() => simulate(problem, [0, 0]))).toMatchObject({ code: 'invalid-input', path: 'assignment[1]' })
  })

  test.each([
    [{ sharing: 'both' }, 'options.sharing', "one of 'space', 'time'"],
    [{ checkpointSeconds: 0 }, 'options.checkpointSeconds', 'a finite number > 0'],
    [{ untilSeconds: -1 }, 'options.untilSeconds', 'a finite number >= 0'],
    [{ failures: 3 }, 'options.failures', 'a list of failures'],
    [{ failures: [null] }, 'options.failures[0]', 'an object of vm, atSeconds and repairSeconds'],
    [{ migrations: {} }, 'options.migrations', 'a list of migrations'],
    [{ migrations: [7] }, 'options.migrations[0]', 'an object of task, vm and atSeconds'],
    [{ migrations: [{ task: 1, vm: 0, atSeconds: 1 }] }, 'options.migrations[0].vm', 'a VM that may take the task'],
  ])('%j', (options, path, expected) => {
    expect(findings(options)).toEqual([[path, expected]])
    expect(caught(() => simulate(problem, [0, 1], options as SimulateOptions)).code).toBe('invalid-option')
  })

  test('an unknown option', () => {
    expect(caught(() => simulate(problem, [0, 1], { shareing: 'time' } as SimulateOptions))).toMatchObject({
      code: 'invalid-option',
      path: 'options.shareing',
      hint: "Maybe 'sharing' was meant.",
    })
  })

  test('every broken rule at once', () => {
    const options = {
      failures: [{ vm: 2, atSeconds: -1, repairSeconds: undefined, cause: 'fire' }],
      migrations: [{ task: -1, vm: 0.5, atSeconds: NaN }],
    }
    expect(findings(options)).toEqual([
      ['options.failures[0].cause', 'one of vm, atSeconds, repairSeconds'],
      ['options.failures[0].vm', 'a whole number in [0, 1]'],
      ['options.failures[0].atSeconds', 'a finite number >= 0'],
      ['options.failures[0].repairSeconds', 'a finite number >= 0, or null for never'],
      ['options.migrations[0].task', 'a whole number in [0, 1]'],
      ['options.migrations[0].vm', 'a whole number in [0, 1]'],
      ['options.migrations[0].atSeconds', 'a finite number >= 0'],
    ])
  })
})
