import {
  createFleet,
  createTaskMix,
  leastFragmentation,
  pack,
  type PackingTask,
  packOnline,
  restoreTaskMix,
  scarcityAware,
} from 'cloudsched/packing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caught } from '../caught.ts'

const rules = ['firstFit', 'bestFit', 'worstFit', 'dotProduct', 'leastFragmentation', 'scarcity'] as const

describe('packOnline', () => {
  const machines = [{ capacity: { cpu: 4 } }, { capacity: { cpu: 4 } }]

  it('places in the order of arrival and tells why it refused', () => {
    const tasks = [3, 2, 2, 1].map((cpu) => ({ demand: { cpu } }))
    // 3 on machine 0 (1 left), 2 and 2 on machine 1 (0 left), 1 on machine 0 (0 left).
    const packing = packOnline(machines, [...tasks, { demand: { cpu: 1 } }], { rule: 'firstFit' })
    expect([...packing.machineOf]).toEqual([0, 1, 1, 0, -1])
    expect(packing.refused).toEqual([{ task: 4, reasons: [{ kind: 'resource', name: 'cpu', machines: 2 }] }])
    expect(packing.placedCount).toBe(4)
    expect(packing.usedMachineCount).toBe(2)
    expect(packing.allocated).toEqual({ cpu: 1 })
  })

  it('gives no figure for a resource that no machine has', () => {
    expect(packOnline([{ capacity: { cpu: 1, gpu: 0 } }], []).allocated).toEqual({ cpu: 0, gpu: null })
    expect(packOnline([], [{}]).refused).toEqual([{ task: 0, reasons: [] }])
  })

  it('takes a rule of the user', () => {
    const last = packOnline(machines, [{ demand: { cpu: 1 } }], { rule: () => ({ score: (machine) => -machine }) })
    expect([...last.machineOf]).toEqual([1])
  })
})

describe('pack', () => {
  it('in decreasing order is first-fit decreasing', () => {
    const machines = Array.from({ length: 4 }, () => ({ capacity: { cpu: 10 } }))
    const tasks = [2, 5, 4, 7, 1, 3, 8].map((cpu) => ({ demand: { cpu } }))
    // 8 | 7 | 5; 4 beside 5; 3 beside 7; 2 beside 8; 1 beside 5 and 4: three machines, all full.
    const packing = pack(machines, tasks, { rule: 'firstFit', order: 'decreasing', improve: false })
    expect([...packing.machineOf]).toEqual([0, 2, 2, 1, 2, 1, 0])
    expect(packing.usedMachineCount).toBe(3)
  })

  it('in decreasing order takes the tighter limit of equal ones first', () => {
    const machines = Array.from({ length: 3 }, () => ({ capacity: { cpu: 2 } }))
    const free: PackingTask = { demand: { cpu: 1 } }
    const spread: PackingTask = { demand: { cpu: 1 }, group: 'g', maxPerMachine: 1 }
    const packing = pack(machines, [free, free, spread, spread], { rule: 'firstFit', order: 'decreasing' })
    expect([...packing.machineOf]).toEqual([0, 1, 0, 1])
  })

  it('moves a task that stands in the way', () => {
    // First fit puts the task without wishes on the machine in zone x; the one that needs x then finds it full.
    const machines = [{ capacity: { cpu: 2 }, labels: { zone: 'x' } }, { capacity: { cpu: 2 } }]
    const tasks = [{ demand: { cpu: 2 } }, { demand: { cpu: 2 }, requiredLabels: { zone: 'x' } }]
    expect(pack(machines, tasks, { rule: 'firstFit', improve: false }).placedCount).toBe(1)
    expect([...pack(machines, tasks, { rule: 'firstFit' }).machineOf]).toEqual([1, 0])
    // The rule that knows the list sees it coming.
    expect([...pack(machines, tasks, { rule: 'scarcity', improve: false }).machineOf]).toEqual([1, 0])
  })

  it('ejects a task for one that is worth more', () => {
    // Worth: 1/2 + 1/5 for the first, 1/2 + 4/5 for the second.
    const packing = pack([{ capacity: { cpu: 4 } }], [{ demand: { cpu: 1 } }, { demand: { cpu: 4 } }])
    expect([...packing.machineOf]).toEqual([-1, 0])
  })
})

describe('least fragmentation', () => {
  it('puts a half where it spoils nothing, as computed by hand', () => {
    // Typical: halves and whole devices. Machine 0 has two whole devices, machine 1 one half and one whole.
    // A half on machine 0 takes 1 from what halves can use and 1 from what whole tasks can; in the half of machine 1
    // it takes 1/2 from the halves and nothing from the whole ones.
    const machines = [{ capacity: { gpu: 2 } }, { capacity: { gpu: 2 } }]
    const half: PackingTask = { demand: { gpu: 0.5 } }
    const whole: PackingTask = { demand: { gpu: 1 } }
    const packing = packOnline(machines, [half, whole, half], { rule: 'leastFragmentation' })
    expect(packing.machineOf[2]).toBe(packing.machineOf[0])
    expect(packing.devicesOf[2]).toEqual(packing.devicesOf[0])
  })
})

describe('scarcity', () => {
  it('keeps a task that may go anywhere off the machines that others need', () => {
    const machines = [
      { capacity: { cpu: 8 }, labels: { zone: 'x' } },
      { capacity: { cpu: 8 }, labels: { zone: 'y' } },
    ]
    const anywhere: PackingTask = { demand: { cpu: 1 } }
    const inX: PackingTask = { demand: { cpu: 1 }, requiredLabels: { zone: 'x' } }
    const packing = packOnline(machines, [inX, anywhere, anywhere, anywhere], { rule: 'scarcity' })
    expect([...packing.machineOf]).toEqual([0, 1, 1, 1])
  })
})

describe.each([
  ['least fragmentation', leastFragmentation],
  ['scarcity', scarcityAware],
])('%s', (_, makeRule) => {
  it('chooses alike whether it has followed the fleet or sees it for the first time', () => {
    const shares = [0, 0.25, 0.5, 0.8, 1, 2]
    const event = fc.record({
      share: fc.constantFrom(...shares),
      cpu: fc.nat(5),
      zone: fc.boolean(),
      keep: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), (events) => {
        const fleet = createFleet([
          { capacity: { cpu: 20, gpu: 3 }, labels: { zone: 'x' } },
          { capacity: { cpu: 10, gpu: 4 } },
          { capacity: { cpu: 30, gpu: 2 }, labels: { zone: 'x' } },
        ])
        const mix = createTaskMix()
        const follower = makeRule(mix)
        events.forEach(({ share, cpu, zone, keep }, k) => {
          if (k === 15) fleet.addMachine({ capacity: { cpu: 10, gpu: 8, disk: 1 }, labels: { zone: 'y' } })
          if (k === 25) fleet.removeMachine(1)
          const wanted = zone ? { requiredLabels: { zone: 'x' } } : {}
          const request = fleet.request({ demand: { cpu: cpu / 3, gpu: share }, ...wanted })
          mix.observe(request)
          const chosen = fleet.choose(request, follower)
          expect(fleet.choose(request, makeRule(mix))).toEqual(chosen)
          if (chosen) fleet.place(String(k), request, chosen.machine, chosen.device)
          if (!keep) fleet.release(String(k - 2))
        })
      }),
      { numRuns: 60 },
    )
  })
})

describe('a task mix', () => {
  const fleet = createFleet([])

  it('has a class for each kind of devices and labels, with the mean of the rest', () => {
    const demands = [{ cpu: 1, gpu: 0.5 }, { cpu: 4, gpu: 0.5 }, { cpu: 1, gpu: 1 }, {}]
    const mix = createTaskMix(demands.map((demand) => fleet.request({ demand })))
    expect(mix.classes().map(({ weight, meanAmounts }) => [weight, meanAmounts])).toEqual([
      [2, [2.5e6, 0.5e6]],
      [1, [1e6, 1e6]],
    ])
  })

  it('stays bounded, and goes on from a snapshot as if nothing had happened', () => {
    const requests = Array.from({ length: 300 }, (_, k) =>
      fleet.request({ demand: { gpu: ((7 * k) % 157) / 200 + 0.01 } }),
    )
    const mix = createTaskMix()
    for (const request of requests.slice(0, 200)) mix.observe(request)
    const twin = restoreTaskMix(JSON.parse(JSON.stringify(mix.snapshot())))
    for (const request of requests.slice(200)) {
      mix.observe(request)
      twin.observe(request)
    }
    expect(twin.snapshot()).toEqual(mix.snapshot())
    expect(mix.classes().length).toBe(96)
  })
})

/** Holds a packing against sums made anew, from the input alone. */
function expectWithinCapacity(
  machines: readonly Machine[],
  tasks: readonly PackingTask[],
  packing: ReturnType<typeof pack>,
): void {
  machines.forEach(({ capacity, labels }, machine) => {
    const here = tasks
      .map((task, index) => ({ task, index }))
      .filter(({ index }) => packing.machineOf[index] === machine)
    const devices = Array.from({ length: capacity.gpu }, () => 0)
    for (const { task, index } of here) {
      for (const device of packing.devicesOf[index]!) devices[device]! += Math.min(1, task.demand!['gpu']!)
      expect(packing.devicesOf[index]!.length).toBe(Math.ceil(task.demand!['gpu']!))
      expect([labels.zone, undefined]).toContain(task.requiredLabels?.['zone'])
    }
    expect(here.reduce((sum, { task }) => sum + task.demand!['cpu']!, 0)).toBeLessThanOrEqual(capacity.cpu + 1e-9)
    for (const used of devices) expect(used).toBeLessThanOrEqual(1 + 1e-9)
    const counts = new Map<string, number>()
    for (const { task } of here) if (task.group) counts.set(task.group, (counts.get(task.group) ?? 0) + 1)
    for (const { task } of here)
      if (task.group) expect(counts.get(task.group)!).toBeLessThanOrEqual(task.maxPerMachine!)
  })
}

interface Machine {
  readonly capacity: { readonly cpu: number; readonly gpu: number }
  readonly labels: { readonly zone: string }
}

describe('every rule', () => {
  const anyMachine: fc.Arbitrary<Machine> = fc.record({
    capacity: fc.record({ cpu: fc.nat(8), gpu: fc.nat(3) }),
    labels: fc.record({ zone: fc.constantFrom('x', 'y') }),
  })
  const anyDemand = fc.record({
    cpu: fc.nat(40).map((tenths) => tenths / 10),
    gpu: fc.constantFrom(0, 0, 0.3, 0.5, 1, 2),
  })
  const anyTask: fc.Arbitrary<PackingTask> = fc.oneof(
    fc.record({ demand: anyDemand }),
    fc.record({ demand: anyDemand, requiredLabels: fc.constantFrom({ zone: 'x' }, { zone: 'y' }) }),
    fc.record({ demand: anyDemand, group: fc.constant('g'), maxPerMachine: fc.constantFrom(1, 2, 3, Infinity) }),
  )

  it.each(rules)('%s keeps to capacity, labels and limits, and repeats itself', (rule) => {
    fc.assert(
      fc.property(fc.array(anyMachine, { maxLength: 4 }), fc.array(anyTask, { maxLength: 25 }), (machines, tasks) => {
        const given = JSON.stringify([machines, tasks])
        for (const run of [
          () => packOnline(machines, tasks, { rule }),
          () => pack(machines, tasks, { rule }),
          () => pack(machines, tasks, { rule, order: 'decreasing' }),
        ]) {
          const packing = run()
          expectWithinCapacity(machines, tasks, packing)
          expect(packing.placedCount + packing.refused.length).toBe(tasks.length)
          // A refusal counts at least one reason for each machine.
          for (const { reasons } of packing.refused) {
            expect(reasons.reduce((sum, reason) => sum + reason.machines, 0)).toBeGreaterThanOrEqual(machines.length)
          }
          expect(JSON.stringify(run())).toBe(JSON.stringify(packing))
        }
        expect(JSON.stringify([machines, tasks])).toBe(given)
      }),
      { numRuns: 25 },
    )
  })

  it('is never worse for local search', () => {
    fc.assert(
      fc.property(
        fc.array(anyMachine, { maxLength: 4 }),
        fc.array(fc.record({ demand: anyDemand }), { maxLength: 25 }),
        (machines, tasks) => {
          const total = (name: 'cpu' | 'gpu'): number => tasks.reduce((sum, { demand }) => sum + demand[name], 0)
          const capacity = (name: 'cpu' | 'gpu'): number => machines.reduce((sum, one) => sum + one.capacity[name], 0)
          const pressure = (name: 'cpu' | 'gpu'): number => (capacity(name) === 0 ? 0 : total(name) / capacity(name))
          // Where a resource is missing altogether or both are as short, which one counts is not this test's matter.
          fc.pre(capacity('cpu') > 0 && capacity('gpu') > 0 && pressure('cpu') !== pressure('gpu'))
          const shortest = pressure('cpu') > pressure('gpu') ? 'cpu' : 'gpu'
          const worth = ({ machineOf }: ReturnType<typeof pack>): number =>
            tasks.reduce((sum, { demand }, index) => {
              const part = demand[shortest] / total(shortest)
              return machineOf[index] === -1 ? sum : sum + 1 / tasks.length + part
            }, 0)
          const plain = pack(machines, tasks, { rule: 'firstFit', improve: false })
          expect(worth(pack(machines, tasks, { rule: 'firstFit' }))).toBeGreaterThanOrEqual(worth(plain) - 1e-9)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('bad input', () => {
  it('is refused with all findings at once', () => {
    const error = caught(() => pack([], [{ demand: { cpu: -1 } }, { demand: { gpu: 2.5 } }]))
    expect(error.findings.map(({ path }) => path)).toEqual(['tasks[0].demand.cpu', 'tasks[1].demand.gpu'])
    expect(caught(() => pack([], 3 as never)).path).toBe('tasks')
    expect(caught(() => packOnline(null as never, [])).path).toBe('machines')
    expect(caught(() => pack([], [], { rule: 'best' as never })).code).toBe('invalid-option')
    expect(caught(() => packOnline([], [], { order: 'given' } as never)).path).toBe('options.order')
  })
})
