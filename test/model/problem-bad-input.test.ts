import { describe, expect, test } from 'vitest'
import type { CloudschedError } from '../../src/errors/cloudsched-error.ts'
import { createProblem, type ProblemInput } from '../../src/model/problem.ts'
import { caught } from '../caught.ts'

const task = { lengthMi: 1 }
const vm = { speedMips: 1 }

function refusal(input: unknown): CloudschedError {
  return caught(() => createProblem(input as ProblemInput))
}

/** The findings as `path: received`, which is what a user looks for first. */
function found(input: unknown): string[] {
  const error = refusal(input)
  expect(error.code).toBe('invalid-input')
  return error.findings.map(({ path, received }) => `${path}: ${String(received)}`)
}

describe('the problem as a whole', () => {
  test.each([[null], [undefined], [3], ['x']])('%s is no problem', (input) => {
    expect(refusal(input)).toMatchObject({ code: 'invalid-input', path: 'problem', received: input })
  })

  test('both tasks and VMs are missed', () => {
    expect(found({})).toEqual(['tasks: undefined', 'vms: undefined'])
    expect(found({ tasks: [task] })).toEqual(['vms: undefined'])
  })

  test('an unknown key is refused by name', () => {
    expect(refusal({ tasks: [task], vms: [vm], machines: [] })).toMatchObject({
      path: 'machines',
      expected: 'one of tasks, vms, etc',
    })
  })

  test('there is at least one VM', () => {
    expect(found({ tasks: [task], vms: [] })).toEqual(['vms: 0'])
    expect(found({ tasks: { lengthMi: [1] }, vms: { speedMips: [] } })).toEqual(['vms: 0'])
    expect(found({ tasks: [], vms: [] })).toEqual(['vms: 0'])
    expect(found({ etc: [] })).toEqual(['vms: 0'])
    expect(found({ etc: [[], []] })).toEqual(['vms: 0'])
  })

  test('everything that is wrong is said at once', () => {
    expect(
      found({
        tasks: [{ lengthMi: Number.NaN, lenght: 3 }, null, { lengthMi: -5, demand: { cpu: -1 }, id: 4 }],
        vms: [
          { speedMips: 0, capacity: 7 },
          { pricePerSecond: 1, labels: { zone: 1 } },
        ],
        timeWeight: 2,
      }),
    ).toEqual([
      'timeWeight: timeWeight',
      'tasks[0].lenght: 3',
      'tasks[1]: null',
      'tasks[0].lengthMi: NaN',
      'tasks[2].lengthMi: -5',
      'tasks[2].id: 4',
      'vms[0].speedMips: 0',
      'vms[1].speedMips: undefined',
      'vms[0].pricePerSecond: undefined',
      'tasks[2].demand.cpu: -1',
      'vms[0].capacity: 7',
      'vms[1].labels.zone: 1',
    ])
  })

  test('the text says what to change', () => {
    expect(refusal({ tasks: [task, { lengthMi: -5 }], vms: [vm] }).message).toBe(
      'tasks[1].lengthMi must be a finite number > 0, received -5. Maybe the unit is wrong: lengths are in million instructions (MI).',
    )
  })
})

describe('entities that are none', () => {
  test.each([[null], [5], ['many'], [true]])('tasks = %s', (tasks) => {
    expect(found({ tasks, vms: [vm] })).toEqual([`tasks: ${String(tasks)}`])
  })

  test('a typed array is no list of objects', () => {
    expect(refusal({ tasks: new Float64Array(3), vms: [vm] })).toMatchObject({ path: 'tasks', findings: { length: 1 } })
  })

  test.each([[null], [undefined], [5], ['x'], [[1]]])('tasks[1] = %s', (row) => {
    expect(found({ tasks: [task, row, task], vms: [vm] })).toEqual([`tasks[1]: ${String(row)}`])
    expect(found({ tasks: [task], vms: [vm, row] })).toEqual([`vms[1]: ${String(row)}`])
  })

  test('a hole in a list is no task', () => {
    const tasks: unknown[] = [task, task, task]
    delete tasks[1]
    expect(found({ tasks, vms: [vm] })).toEqual(['tasks[1]: undefined'])
  })

  test('the list of VMs may be wrong while the matrix is right', () => {
    expect(found({ etc: [[1]], tasks: null, vms: 4 })).toEqual(['tasks: null', 'vms: 4'])
  })
})

describe('numbers', () => {
  const wrong: Record<string, unknown[]> = {
    lengthMi: [0, -1, Number.NaN, Infinity, '5', null, [1], true, 1n],
    cores: [0, 1.5, -1, Number.NaN, Infinity, '2', null],
    arrivalSeconds: [-1, Number.NaN, Infinity, '0', null],
    deadlineSeconds: [-1, Number.NaN, '0', null],
    inputMegabytes: [-1, Number.NaN, Infinity, null],
    outputMegabytes: [-1, Number.NaN, Infinity, null],
  }
  const cases = Object.entries(wrong).flatMap(([field, values]) =>
    values.map((value): [string, unknown] => [field, value]),
  )
  test.each(cases)('task %s = %s', (field, value) => {
    const finding = `tasks[1].${field}: ${String(value)}`
    expect(found({ tasks: [task, { ...task, [field]: value }], vms: [vm] })).toEqual([finding])
    const columns = { tasks: { lengthMi: [1, 1], [field]: [1, value] }, vms: [vm] }
    expect(found(columns)).toEqual([`tasks.${field}[1]: ${String(value)}`])
  })

  const wrongOfVm: Record<string, unknown[]> = {
    speedMips: [0, -1, Number.NaN, Infinity, '5', null],
    pricePerSecond: [-1, Number.NaN, Infinity, '5', null],
    cores: [0, 1.5, Number.NaN, null],
    bandwidthMbps: [0, -1, Number.NaN, null],
  }
  const vmCases = Object.entries(wrongOfVm).flatMap(([field, values]) =>
    values.map((value): [string, unknown] => [field, value]),
  )
  test.each(vmCases)('vm %s = %s', (field, value) => {
    const row = { ...vm, pricePerSecond: 1 }
    expect(found({ tasks: [task], vms: [row, { ...row, [field]: value }] })).toEqual([
      `vms[1].${field}: ${String(value)}`,
    ])
    const columns = { tasks: [task], vms: { speedMips: [1, 1], [field]: [1, value] } }
    expect(found(columns)).toEqual([`vms.${field}[1]: ${String(value)}`])
  })

  test('length and speed are missed where they are needed', () => {
    expect(found({ tasks: [{ id: 'a' }], vms: [{}, vm] })).toEqual([
      'tasks[0].lengthMi: undefined',
      'vms[0].speedMips: undefined',
    ])
    expect(found({ tasks: { cores: [1] }, vms: { ids: ['a'] } })).toEqual([
      'tasks.lengthMi: undefined',
      'vms.speedMips: undefined',
    ])
    expect(found({ tasks: {}, vms: {} })).toEqual(['tasks.lengthMi: undefined', 'vms.speedMips: undefined'])
  })

  test('prices are given for all VMs or for none', () => {
    const error = refusal({ tasks: [task], vms: [{ ...vm, pricePerSecond: 1 }, vm, vm] })
    expect(error.findings.map(({ path }) => path)).toEqual(['vms[1].pricePerSecond', 'vms[2].pricePerSecond'])
    expect(error.hint).toBe('Give a price to every VM, 0 for a free one, or to none.')
  })
})

describe('requirements and offers', () => {
  test.each([[null], ['x'], [5], [[1]], [() => 1]])('a record is an object of its own, not %s', (record) => {
    for (const key of ['demand', 'requiredLabels']) {
      expect(refusal({ tasks: [{ ...task, [key]: record }], vms: [vm] })).toMatchObject({
        path: `tasks[0].${key}`,
        expected: 'an object',
      })
    }
    for (const key of ['capacity', 'labels']) {
      expect(refusal({ tasks: [task], vms: [{ ...vm, [key]: record }] })).toMatchObject({
        path: `vms[0].${key}`,
        expected: 'an object',
      })
    }
  })

  test.each([[-1], [Number.NaN], [Infinity], ['2'], [null], [[1]]])('an amount of %s', (amount) => {
    expect(refusal({ tasks: [{ ...task, demand: { cpu: amount } }], vms: [vm] })).toMatchObject({
      path: 'tasks[0].demand.cpu',
      expected: 'a finite number >= 0',
    })
    expect(refusal({ tasks: [task], vms: [{ ...vm, capacity: { cpu: amount } }] }).path).toBe('vms[0].capacity.cpu')
  })

  test.each([[1], [null], [['eu', 2]], [{ 0: 'eu' }]])('a label of %s', (label) => {
    expect(refusal({ tasks: [{ ...task, requiredLabels: { zone: label } }], vms: [vm] })).toMatchObject({
      path: 'tasks[0].requiredLabels.zone',
      expected: 'a string or a list of strings',
    })
    expect(refusal({ tasks: [task], vms: [{ ...vm, labels: { zone: label } }] }).path).toBe('vms[0].labels.zone')
  })
})

describe('columns', () => {
  test('are of one length', () => {
    expect(refusal({ tasks: { lengthMi: [1, 2], cores: [1] }, vms: [vm] })).toMatchObject({
      path: 'tasks.cores',
      received: 1,
      expected: 'as long as the other columns (2)',
    })
    expect(found({ tasks: { ids: ['a'], lengthMi: [1, 2] }, vms: [vm] })).toEqual(['tasks.lengthMi: 2'])
  })

  test.each([[5], ['abc'], [null], [{ length: 1 }]])('are lists, not %s', (column) => {
    expect(refusal({ tasks: { lengthMi: column }, vms: [vm] })).toMatchObject({
      path: 'tasks.lengthMi',
      expected: 'an array',
    })
  })

  test('have known names', () => {
    expect(found({ tasks: { lengthMi: [1], demand: [{}] }, vms: [vm] })).toEqual(['tasks.demand: [object Object]'])
  })

  test('hold no holes', () => {
    const lengthMi = [1, 1, 1]
    delete lengthMi[1]
    expect(found({ tasks: { lengthMi }, vms: [vm] })).toEqual(['tasks.lengthMi[1]: undefined'])
  })
})

describe('ids', () => {
  test.each([[7], [null], [{}], [true]])('are strings, not %s', (id) => {
    expect(found({ tasks: [{ ...task, id }], vms: [vm] })).toEqual([`tasks[0].id: ${String(id)}`])
    expect(found({ tasks: [task], vms: { ids: [id], speedMips: [1] } })).toEqual([`vms.ids[0]: ${String(id)}`])
  })

  test('are unique', () => {
    expect(refusal({ tasks: [{ ...task, id: 'a' }, task, { ...task, id: 'a' }], vms: [vm] })).toMatchObject({
      path: 'tasks[2].id',
      received: 'a',
      expected: 'unique, but tasks[0].id is the same',
    })
    expect(found({ tasks: [task], vms: { ids: ['x', 'x'], speedMips: [1, 1] } })).toEqual(['vms.ids[1]: x'])
  })

  test('must not be the index that names another entity', () => {
    expect(found({ tasks: [{ ...task, id: '1' }, task], vms: [vm] })).toEqual(['tasks[1].id: 1'])
  })
})

describe('the ETC matrix', () => {
  test('is rectangular', () => {
    expect(refusal({ etc: [[1, 2], [3], [4, 5, 6]] }).findings).toEqual([
      { path: 'etc[1]', received: 1, expected: 'as long as the first row (2 entries)' },
      { path: 'etc[2]', received: 3, expected: 'as long as the first row (2 entries)' },
    ])
  })

  test('has rows that are lists', () => {
    const rows: unknown[] = [[1], null, 5, '2', { length: 1 }, [1], [1]]
    delete rows[5]
    expect(found({ etc: rows })).toEqual([
      'etc[1]: null',
      'etc[2]: 5',
      'etc[3]: 2',
      'etc[4]: [object Object]',
      'etc[5]: undefined',
    ])
    expect(found({ etc: [5] })).toContain('etc[0]: 5')
  })

  test.each([[-1], [Number.NaN], [-Infinity], ['3'], [null], [undefined], [true]])('entry %s', (entry) => {
    expect(
      found({
        etc: [
          [1, 2],
          [3, entry],
        ],
      }),
    ).toEqual([`etc[1][1]: ${String(entry)}`])
    expect(found({ etc: { values: [1, 2, 3, entry], vmCount: 2 } })).toEqual([`etc.values[3]: ${String(entry)}`])
  })

  test('has as many rows as tasks and as many columns as VMs', () => {
    expect(found({ etc: [[1, 2]], tasks: [{}, {}], vms: [{}] })).toEqual(['etc: 1', 'etc: 2'])
    expect(found({ etc: { values: [1, 2], vmCount: 1 }, vms: [{}, {}] })).toEqual(['etc: 1'])
  })

  test('flat values fill whole rows', () => {
    expect(found({ etc: { values: [1, 2, 3], vmCount: 2 } })).toEqual(['etc.values: 3'])
  })

  test.each([[0], [-1], [1.5], [Number.NaN], ['2'], [null]])('vmCount = %s', (vmCount) => {
    expect(found({ etc: { values: [1, 2], vmCount } })).toEqual([`etc.vmCount: ${String(vmCount)}`])
  })

  test.each([[null], [5], ['x'], [{}], [{ values: 5, vmCount: 1 }], [{ values: [1] }], [new Float64Array(2)]])(
    'etc = %s',
    (etc) => {
      expect(refusal({ etc })).toMatchObject({ code: 'invalid-input', path: 'etc' })
    },
  )

  test('stands instead of lengths and speeds', () => {
    expect(found({ etc: [[1]], tasks: [task], vms: [vm] })).toEqual(['tasks[0].lengthMi: 1', 'vms[0].speedMips: 1'])
    expect(refusal({ etc: [[1]], tasks: [task] })).toMatchObject({
      expected: 'absent when etc is given',
      hint: 'Times come either from lengths and speeds or from the matrix.',
    })
  })

  test('a hundred thousand wrong rows are reported, too', () => {
    const etc = [[1, 2], ...Array.from({ length: 130_000 }, () => [1])]
    expect(refusal({ etc }).findings).toHaveLength(130_000)
  })
})

describe('sums that would not be finite', () => {
  test.each<[string, ProblemInput]>([
    ['times', { tasks: [{ lengthMi: 1e200 }], vms: [{ speedMips: 1e-200 }] }],
    ['sums of times', { etc: [[1e308], [1e308]] }],
    ['costs', { tasks: [{ lengthMi: 1e200 }], vms: [{ speedMips: 1, pricePerSecond: 1e200 }] }],
    ['work', { tasks: [{ lengthMi: 1e308 }, { lengthMi: 1e308 }], vms: [{ speedMips: 1e300 }] }],
    [
      'prices',
      {
        tasks: [task],
        vms: [
          { ...vm, pricePerSecond: 1e308 },
          { ...vm, pricePerSecond: 1e308 },
        ],
      },
    ],
  ])('%s', (_, input) => {
    expect(refusal(input)).toMatchObject({ code: 'invalid-input', received: Infinity })
  })

  test('an Infinity that keeps a task off a VM is none of them', () => {
    expect(() => createProblem({ etc: [[Infinity, 1]] })).not.toThrow()
  })
})
