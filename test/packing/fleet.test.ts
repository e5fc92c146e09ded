import { bestFit, createFleet, describeRefusal, dotProduct, firstFit, worstFit } from 'cloudsched/packing'
import { describe, expect, it } from 'vitest'
import { caught } from '../caught.ts'

const gpuMachine = { id: 'a', capacity: { cpu: 8, memoryMib: 1024, gpu: 2 }, labels: { gpuModel: 'T4' } }

describe('a fleet', () => {
  it('takes what is placed and gives it back', () => {
    const fleet = createFleet([gpuMachine])
    const request = fleet.request({ demand: { cpu: 2.5, memoryMib: 24, gpu: 0.25 } })
    expect(fleet.place('t', request, 0)).toEqual({ machine: 0, devices: [0] })
    expect(fleet.free(0)).toEqual({ cpu: 5.5, memoryMib: 1000, gpu: 1.75 })
    expect(fleet.devicesFree(0)).toEqual([0.75, 1])
    expect(fleet.tasksOn(0)).toEqual(['t'])
    expect(fleet.placement('t')).toEqual({ machine: 0, devices: [0] })
    expect(fleet.release('t')).toBe(true)
    expect(fleet.release('t')).toBe(false)
    expect(fleet.free(0)).toEqual({ cpu: 8, memoryMib: 1024, gpu: 2 })
    expect(fleet.devicesFree(0)).toEqual([1, 1])
    expect(fleet.taskCount()).toBe(0)
  })

  it('fills a one with ten tenths: amounts are no binary fractions', () => {
    const fleet = createFleet([{ capacity: { cpu: 1 } }])
    const tenth = fleet.request({ demand: { cpu: 0.1 } })
    for (let k = 0; k < 10; k++) fleet.place(`t${k}`, tenth, 0)
    expect(fleet.free(0)).toEqual({ cpu: 0 })
    expect(fleet.fits(tenth, 0)).toBe(false)
  })

  it('gives a share the fullest device that has it, and whole devices only where nothing else is', () => {
    const fleet = createFleet([{ capacity: { gpu: 4 } }])
    const share = (gpu: number) => fleet.request({ demand: { gpu } })
    expect(fleet.place('a', share(0.5), 0).devices).toEqual([0])
    expect(fleet.place('b', share(0.6), 0).devices).toEqual([1])
    // Free are 0.5, 0.4, 1, 1: 0.4 is the least that has 0.3.
    expect(fleet.place('c', share(0.3), 0).devices).toEqual([1])
    expect(fleet.place('d', share(2), 0).devices).toEqual([2, 3])
    // 0.5 + 0.1 are free in sum, but no whole one.
    expect(fleet.refusals(share(1), 0)).toEqual([{ kind: 'resource', resource: 'gpu', needed: 1, free: 0.6 }])
    expect(fleet.refusals(share(0.55), 0)).toEqual([{ kind: 'fragmented', resource: 'gpu', needed: 0.55, usable: 0.5 }])
    expect(fleet.place('e', share(0.1), 0, 0).devices).toEqual([0])
    expect(caught(() => fleet.place('f', share(0.2), 0, 1)).path).toBe('devices')
    // As `placement` told it: whole devices other than the first free ones.
    const twin = createFleet([{ capacity: { cpu: 100, gpu: 4 } }])
    const pair = twin.request({ demand: { gpu: 2 } })
    expect(twin.place('x', pair, 0, [3, 1]).devices).toEqual([3, 1])
    expect(caught(() => twin.place('y', pair, 0, [0, 1])).path).toBe('devices')
    expect(caught(() => twin.place('y', pair, 0, [0])).path).toBe('devices')
    expect(caught(() => twin.place('y', pair, 0, [0, 0])).path).toBe('devices')
    fleet.release('d')
    expect(fleet.devicesFree(0)).toEqual([0.4, 0.1, 1, 1])
  })

  it('names every reason of a refusal', () => {
    const fleet = createFleet([gpuMachine, { id: 'b', capacity: { cpu: 2 }, labels: { zone: 'x' } }])
    const request = fleet.request({
      demand: { cpu: 9, memoryMib: 100, fpga: 1 },
      requiredLabels: { gpuModel: ['P100', 'V100'], zone: 'x' },
    })
    expect(fleet.refusals(request, 0).map(describeRefusal)).toEqual([
      'needs 9 cpu, 8 free',
      'needs 1 fpga, 0 free',
      'needs label gpuModel = P100 or V100, has T4',
      'needs label zone = x, has no such label',
    ])
    expect(fleet.explain(request)).toEqual([
      { kind: 'resource', name: 'cpu', machines: 2 },
      { kind: 'resource', name: 'fpga', machines: 2 },
      { kind: 'label', name: 'gpuModel', machines: 2 },
      { kind: 'label', name: 'zone', machines: 1 },
      { kind: 'resource', name: 'memoryMib', machines: 1 },
    ])
    const one = fleet.request({ demand: { gpu: 0.5 } })
    fleet.place('t0', fleet.request({ demand: { gpu: 0.8 } }), 0)
    fleet.place('t1', fleet.request({ demand: { gpu: 0.6 } }), 0)
    expect(fleet.refusals(one, 0).map(describeRefusal)).toEqual(['needs 0.5 of one gpu, at most 0.4 of one is free'])
  })

  it('keeps to the limit of a group', () => {
    const fleet = createFleet([{ capacity: { cpu: 9 } }, { capacity: { cpu: 9 } }])
    const request = fleet.request({ demand: { cpu: 1 }, group: 'web', maxPerMachine: 2 })
    fleet.place('a', request, 0)
    fleet.place('b', request, 0)
    expect(fleet.refusals(request, 0).map(describeRefusal)).toEqual(['has 2 tasks of group web, 2 allowed'])
    expect([...fleet.fitting(request)]).toEqual([1])
    // Who sets no limit of its own is held by those who are there.
    const easy = fleet.request({ group: 'web' })
    expect(fleet.refusals(easy, 0)).toEqual([{ kind: 'group', group: 'web', limit: 2, placed: 2 }])
    fleet.place('c', easy, 1)
    fleet.place('d', easy, 1)
    expect(fleet.fits(easy, 1)).toBe(true)
    expect(fleet.refusals(request, 1)).toEqual([{ kind: 'group', group: 'web', limit: 2, placed: 2 }])
    fleet.release('a')
    expect([...fleet.fitting(request)]).toEqual([0])
  })

  it('asks nothing where nothing is asked', () => {
    const fleet = createFleet([{ capacity: {} }])
    expect(fleet.fits(fleet.request({}), 0)).toBe(true)
    expect(fleet.fits(fleet.request({ demand: { gpu: 0, fpga: 0 } }), 0)).toBe(true)
  })

  it('adds, changes and removes machines under stable indices', () => {
    const fleet = createFleet([gpuMachine, { id: 'b', capacity: { cpu: 4 } }])
    const request = fleet.request({ demand: { cpu: 3, disk: 5 } })
    expect(fleet.fitting(request).length).toBe(0)
    // 'disk' is a new resource: requests made before learn of it.
    expect(fleet.addMachine({ id: 'c', capacity: { cpu: 4, disk: 10, gpu: 3 } })).toBe(2)
    expect([...fleet.fitting(request)]).toEqual([2])
    fleet.place('t', request, 2)
    fleet.changeMachine(2, { id: 'c', capacity: { cpu: 2, disk: 10 }, labels: { zone: 'x' } })
    expect(fleet.free(2)).toEqual({ cpu: -1, memoryMib: 0, gpu: 0, disk: 5 })
    fleet.release('t')
    expect(fleet.free(2)).toEqual({ cpu: 2, memoryMib: 0, gpu: 0, disk: 10 })
    const holder = fleet.request({ demand: { cpu: 1 } })
    fleet.place('u', holder, 1)
    fleet.place('v', holder, 1)
    expect(fleet.removeMachine(1)).toEqual(['u', 'v'])
    expect(fleet.placement('u')).toBeNull()
    expect(fleet.machineCount()).toBe(2)
    expect([...fleet.fitting(holder)]).toEqual([0, 2])
    expect(fleet.addMachine({ id: 'd', capacity: { cpu: 1 } })).toBe(1)
    expect(fleet.machineIndex('d')).toBe(1)
    expect(fleet.machineIndex('b')).toBe(-1)
    expect(fleet.devicesFree(0)).toEqual([1, 1])
  })

  it('does not let a machine lose a device in use', () => {
    const fleet = createFleet([gpuMachine])
    fleet.place('t', fleet.request({ demand: { gpu: 2 } }), 0)
    const error = caught(() => fleet.changeMachine(0, { ...gpuMachine, capacity: { gpu: 1 } }))
    expect(error.message).toContain('machine.capacity.gpu must be more than 1: a task holds device 1')
    expect(fleet.free(0)).toEqual({ cpu: 8, memoryMib: 1024, gpu: 0 })
  })

  it('goes two ways after a copy', () => {
    const fleet = createFleet([gpuMachine])
    const request = fleet.request({ demand: { cpu: 1, gpu: 1 }, group: 'g', maxPerMachine: 2 })
    fleet.place('t', request, 0)
    const copy = fleet.copy()
    copy.place('u', request, 0)
    copy.release('t')
    expect(fleet.tasksOn(0)).toEqual(['t'])
    expect(fleet.devicesFree(0)).toEqual([0, 1])
    expect(copy.devicesFree(0)).toEqual([1, 0])
    expect(fleet.fits(request, 0)).toBe(true)
  })

  it('counts another resource in devices where it is told so', () => {
    const fleet = createFleet([{ capacity: { nic: 2, gpu: 0.5 } }], { devices: 'nic' })
    fleet.place('t', fleet.request({ demand: { nic: 0.6, gpu: 0.4 } }), 0)
    fleet.place('u', fleet.request({ demand: { nic: 0.6 } }), 0)
    expect(fleet.devicesFree(0)).toEqual([0.4, 0.4])
  })
})

describe('rules', () => {
  // Free parts of capacity (cpu, memory): 1/2 + 1/2 = 1, 1/4 + 1/2 = 3/4, 1 + 1/4 = 5/4.
  const fleet = createFleet([
    { capacity: { cpu: 4, memoryMib: 8 } },
    { capacity: { cpu: 4, memoryMib: 8 } },
    { capacity: { cpu: 4, memoryMib: 8 } },
  ])
  fleet.place('x', fleet.request({ demand: { cpu: 2, memoryMib: 4 } }), 0)
  fleet.place('y', fleet.request({ demand: { cpu: 3, memoryMib: 4 } }), 1)
  fleet.place('z', fleet.request({ demand: { memoryMib: 6 } }), 2)
  const request = fleet.request({ demand: { cpu: 1, memoryMib: 1 } })

  it('choose as computed by hand', () => {
    expect(fleet.choose(request, firstFit)).toEqual({ machine: 0 })
    expect(fleet.choose(request, bestFit)).toEqual({ machine: 1 })
    expect(fleet.choose(request, worstFit)).toEqual({ machine: 2 })
    // Demand (1/4, 1/8) against (1/2, 1/2), (1/4, 1/2), (1, 1/4): cosines 0.949, 0.800, 0.976.
    expect(fleet.choose(request, dotProduct)).toEqual({ machine: 2 })
  })

  it('pass over what the filter holds back, and say when nothing is left', () => {
    expect(fleet.choose(request, bestFit, (machine) => machine !== 1)).toEqual({ machine: 0 })
    expect(fleet.choose(request, bestFit, () => false)).toBeNull()
  })
})

describe('bad input', () => {
  it.each([
    ['machines', { nodes: 1 }],
    ['machines[0]', [null]],
    ['machines[0].capacity', [{ id: 'a' }]],
    ['machines[0].capacity.cpu', [{ capacity: { cpu: -1 } }]],
    ['machines[0].capacity.cpu', [{ capacity: { cpu: Number.NaN } }]],
    ['machines[0].capacity.memory', [{ capacity: { memory: 1e12 } }]],
    ['machines[0].capacity.gpu', [{ capacity: { gpu: 1.5 } }]],
    ['machines[0].labels.zone', [{ capacity: {}, labels: { zone: 3 } }]],
    ['machines[0].label', [{ capacity: {}, label: {} }]],
    [
      'machines[1].id',
      [
        { id: 'a', capacity: {} },
        { id: 'a', capacity: {} },
      ],
    ],
    ['machines[0].id', [{ id: '', capacity: {} }]],
  ])('of %s is refused', (path, machines) => {
    const error = caught(() => createFleet(machines as never))
    expect([error.code, error.path]).toEqual(['invalid-input', path])
  })

  const fleet = createFleet([{ capacity: { cpu: 1 } }])

  it.each([
    ['task', null],
    ['task.id', { id: 3 }],
    ['task.demand.cpu', { demand: { cpu: '1' } }],
    ['task.demand.gpu', { demand: { gpu: 1.5 } }],
    ['task.demnd', { demnd: {} }],
    ['task.requiredLabels.zone', { requiredLabels: { zone: [1] } }],
    ['task.maxPerMachine', { group: 'g', maxPerMachine: 0 }],
    ['task.group', { maxPerMachine: 1 }],
  ])('%s is refused', (path, task) => {
    const error = caught(() => fleet.request(task as never))
    expect([error.code, error.path]).toEqual(['invalid-input', path])
  })

  it('in calls is refused and changes nothing', () => {
    const request = fleet.request({ demand: { cpu: 1 } })
    fleet.place('t', request, 0)
    const before = JSON.stringify([fleet.free(0), fleet.tasksOn(0)])
    expect(caught(() => fleet.place('t', request, 0)).path).toBe('id')
    expect(caught(() => fleet.place('', request, 0)).path).toBe('id')
    expect(caught(() => fleet.place('u', request, 0)).message).toContain('needs 1 cpu, 0 free')
    for (const machine of [-1, 1, 0.5, 'a' as never]) {
      expect(caught(() => fleet.place('u', request, machine)).path).toBe('machine')
      expect(caught(() => fleet.removeMachine(machine)).path).toBe('machine')
    }
    expect(caught(() => fleet.addMachine({ id: '0', capacity: {} })).path).toBe('machine.id')
    expect(caught(() => createFleet([], { device: 'x' } as never)).code).toBe('invalid-option')
    expect(JSON.stringify([fleet.free(0), fleet.tasksOn(0)])).toBe(before)
    expect(fleet.machineCount()).toBe(1)
  })
})
