import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Offer, refusals, type Requirements } from '../../src/model/eligibility.ts'
import { allVms, createProblem, eligibleVms, isEligible } from '../../src/model/problem.ts'
import type { TaskInput } from '../../src/model/task.ts'
import type { VmInput } from '../../src/model/vm.ts'
import { caught } from '../caught.ts'

const plainTask: Requirements = { demand: {}, requiredLabels: {}, cores: 1 }
const plainVm: Offer = { capacity: {}, labels: {}, cores: 1 }

describe('refusals', () => {
  test('a VM that has as much as is asked for is good enough', () => {
    const vm = { capacity: { cpu: 2, gpu: 0 }, labels: { zone: 'eu' }, cores: 4 }
    expect(refusals({ demand: { cpu: 2, gpu: 0 }, requiredLabels: { zone: 'eu' }, cores: 4 }, vm)).toEqual([])
    expect(refusals(plainTask, vm)).toEqual([])
  })

  test('each broken requirement is a reason', () => {
    const task = { demand: { cpu: 3, memoryMib: 1 }, requiredLabels: { zone: ['eu', 'uk'], disk: 'ssd' }, cores: 2 }
    expect(refusals(task, { capacity: { cpu: 2 }, labels: { zone: 'us' }, cores: 1 })).toEqual([
      'needs 3 cpu, the VM has 2',
      'needs 1 memoryMib, the VM states none',
      'needs label zone = eu or uk, the VM has us',
      'needs label disk = ssd, the VM has no such label',
      'needs 2 cores, the VM has 1',
    ])
  })

  test('nothing is needed of a resource that the VM does not state when the demand is 0', () => {
    expect(refusals({ ...plainTask, demand: { gpu: 0 } }, plainVm)).toEqual([])
  })

  test('a list of label values that is empty is satisfied by none', () => {
    expect(
      refusals({ ...plainTask, requiredLabels: { zone: [] } }, { ...plainVm, labels: { zone: 'eu' } }),
    ).toHaveLength(1)
  })
})

describe('a problem with requirements', () => {
  const vms: VmInput[] = [
    { speedMips: 1, capacity: { cpu: 2 }, labels: { zone: 'eu' } },
    { speedMips: 1, capacity: { cpu: 8 }, labels: { zone: 'us' } },
    { speedMips: 1, capacity: { cpu: 8, gpu: 1 }, labels: { zone: 'eu' }, cores: 4 },
  ]
  const vmsFor = (task: Omit<TaskInput, 'lengthMi'>): number[] => {
    const problem = createProblem({ tasks: [{ lengthMi: 1, ...task }], vms })
    return Array.from(eligibleVms(problem, 0, allVms(problem)))
  }

  test('lists the VMs that have what the task needs', () => {
    expect(vmsFor({})).toEqual([0, 1, 2])
    expect(vmsFor({ demand: { cpu: 4 } })).toEqual([1, 2])
    expect(vmsFor({ demand: { cpu: 4, gpu: 1 } })).toEqual([2])
    expect(vmsFor({ requiredLabels: { zone: 'eu' } })).toEqual([0, 2])
    expect(vmsFor({ requiredLabels: { zone: ['eu', 'us'] }, demand: { cpu: 3 } })).toEqual([1, 2])
    expect(vmsFor({ cores: 2 })).toEqual([2])
  })

  test('needs no table when every VM may take every task', () => {
    const tasks = [{ lengthMi: 1, demand: { cpu: 2 } }, { lengthMi: 1 }]
    expect(createProblem({ tasks, vms }).eligibility).toBeNull()
  })

  test('puts tasks that ask for the same into one class, in whatever order they say it', () => {
    const tasks: TaskInput[] = [
      { lengthMi: 1, demand: { cpu: 4, gpu: 1 } },
      { lengthMi: 2, demand: { gpu: 1, cpu: 4 } },
      { lengthMi: 3, demand: { cpu: 4 } },
      { lengthMi: 4 },
    ]
    const { eligibility } = createProblem({ tasks, vms })
    expect(Array.from(eligibility!.classOf)).toEqual([0, 0, 1, 2])
    expect(eligibility!.classes.map((c) => Array.from(c.vms))).toEqual([[2], [1, 2], [0, 1, 2]])
  })

  test('cores as a column count, too', () => {
    const problem = createProblem({
      tasks: { lengthMi: [1, 1], cores: [1, 2] },
      vms: { speedMips: [1, 1], cores: [1, 2] },
    })
    expect([0, 1].map((task) => isEligible(problem, task, 0))).toEqual([true, false])
  })

  test('requirements and forbidden times hold together', () => {
    const problem = createProblem({
      etc: [
        [1, 1, Infinity],
        [1, 1, 1],
      ],
      tasks: [{ demand: { cpu: 4 } }, {}],
      vms: [{ capacity: { cpu: 1 } }, { capacity: { cpu: 4 } }, { capacity: { cpu: 4 } }],
    })
    const all = allVms(problem)
    expect([0, 1].map((task) => Array.from(eligibleVms(problem, task, all)))).toEqual([[1], [0, 1, 2]])
  })
})

describe('a task that fits nowhere', () => {
  test('is an error that lists the reasons of the VMs', () => {
    const error = caught(() =>
      createProblem({
        tasks: [{ lengthMi: 1 }, { lengthMi: 1, demand: { gpu: 1 } }],
        vms: [{ speedMips: 1 }, { speedMips: 1, capacity: { gpu: 0 } }],
      }),
    )
    expect(error).toMatchObject({
      code: 'infeasible',
      path: 'tasks[1]',
      expected: 'runnable on at least one VM',
      hint: 'Refused by vms[0]: needs 1 gpu, the VM states none, vms[1]: needs 1 gpu, the VM has 0.',
    })
    expect(error.findings).toHaveLength(1)
  })

  test('may be one whose times are all Infinity', () => {
    expect(caught(() => createProblem({ etc: [[Infinity, Infinity]] })).hint).toBe(
      'Refused by vms[0] and 1 more: its time is Infinity.',
    )
  })

  test('of many, twenty are named; VMs with the same reason are told once', () => {
    const tasks = Array.from({ length: 30 }, () => ({ lengthMi: 1, cores: 9 }))
    const error = caught(() => createProblem({ tasks, vms: Array.from({ length: 7 }, () => ({ speedMips: 1 })) }))
    expect(error.findings).toHaveLength(20)
    expect(error.hint).toBe('Refused by vms[0] and 6 more: needs 9 cores, the VM has 1.')
  })

  test('of many reasons, three are told', () => {
    const vms = [1, 2, 3, 4].map((cores) => ({ speedMips: 1, cores }))
    expect(caught(() => createProblem({ tasks: [{ lengthMi: 1, cores: 9 }], vms })).hint).toBe(
      'Refused by vms[0]: needs 9 cores, the VM has 1, vms[1]: needs 9 cores, the VM has 2, vms[2]: needs 9 cores, the VM has 3, and others.',
    )
  })
})

test('eligibility is what refusals and times say, for every pair', () => {
  const resource = fc.dictionary(fc.constantFrom('cpu', 'gpu'), fc.integer({ min: 0, max: 3 }))
  const label = fc.constantFrom('eu', 'us')
  const offer = fc.record({
    capacity: resource,
    labels: fc.dictionary(fc.constant('zone'), label),
    cores: fc.integer({ min: 1, max: 2 }),
  })
  const asked = fc.record({
    demand: resource,
    requiredLabels: fc.dictionary(fc.constant('zone'), fc.oneof(label, fc.array(label, { minLength: 1 }))),
    cores: fc.integer({ min: 1, max: 2 }),
  })
  const instance = fc.record({
    tasks: fc.array(asked, { minLength: 1, maxLength: 5 }),
    vms: fc.array(offer, { minLength: 1, maxLength: 4 }),
    forbidden: fc.infiniteStream(fc.boolean()),
  })
  fc.assert(
    fc.property(instance, ({ tasks, vms, forbidden }) => {
      // Two VMs that have everything, one in each zone: so every task fits somewhere.
      const rich = ['eu', 'us'].map((zone) => ({ capacity: { cpu: 3, gpu: 3 }, labels: { zone }, cores: 2 }))
      const offers = [...vms, ...rich]
      const etc = tasks.map(() => offers.map((_, vm) => (vm < vms.length && forbidden.next().value ? Infinity : 1)))
      const problem = createProblem({ etc, tasks, vms: offers })
      const all = allVms(problem)
      tasks.forEach((task, i) => {
        const expected = offers.flatMap((vm, j) => (etc[i]![j] === 1 && refusals(task, vm).length === 0 ? [j] : []))
        expect(Array.from(eligibleVms(problem, i, all))).toEqual(expected)
        expect(offers.flatMap((_, j) => (isEligible(problem, i, j) ? [j] : []))).toEqual(expected)
      })
    }),
  )
})
