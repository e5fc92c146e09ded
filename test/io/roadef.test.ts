import { describe, expect, test } from 'vitest'
import { readRoadefAssignment, readRoadefModel } from '../../src/io/roadef.ts'
import { caught } from '../caught.ts'

/** Two resources, two machines, two services, three processes, one balance term. */
const source = `2
1 7
0 3
2
0 0 50 70 40 60 0 2
1 2 55 75 45 65 4 0
2
2 0
1 1 0
3
0 11 21 31
0 12 22 32
1 13 23 33
1
0 1 5
9
1 2 3
`

describe('readRoadefModel', () => {
  test('every part', () => {
    expect(readRoadefModel(source)).toEqual({
      resources: [
        { isTransient: true, weight: 7 },
        { isTransient: false, weight: 3 },
      ],
      machines: [
        { neighbourhood: 0, location: 0, capacity: [50, 70], safetyCapacity: [40, 60], moveCosts: [0, 2] },
        { neighbourhood: 1, location: 2, capacity: [55, 75], safetyCapacity: [45, 65], moveCosts: [4, 0] },
      ],
      services: [
        { spreadMin: 2, dependsOn: [] },
        { spreadMin: 1, dependsOn: [0] },
      ],
      processes: [
        { service: 0, demand: [11, 21], moveCost: 31 },
        { service: 0, demand: [12, 22], moveCost: 32 },
        { service: 1, demand: [13, 23], moveCost: 33 },
      ],
      balances: [{ resource: 0, other: 1, target: 5, weight: 9 }],
      moveWeights: { process: 1, service: 2, machine: 3 },
    })
  })

  test.each<[string, string, string]>([
    ['an empty file', '', 'line 1'],
    ['a cut-off file', source.slice(0, -5), 'line 17'],
    ['a number too many', `${source}7\n`, 'line 18'],
    ['a transient mark that is neither 0 nor 1', source.replace('1 7\n', '2 7\n'), 'line 2, transient'],
    ['a dependency on a service that does not exist', source.replace('1 1 0\n', '1 1 5\n'), 'line 9, service'],
    ['a process of a service that does not exist', source.replace('1 13 23 33', '2 13 23 33'), 'line 13, service'],
    ['a balance of a resource that does not exist', source.replace('0 1 5', '0 2 5'), 'line 15, resource'],
    ['a broken size', source.replace(/^2/, 'two'), 'line 1, number of resources'],
  ])('%s is refused', (_, text, path) => {
    expect(caught(() => readRoadefModel(text))).toMatchObject({ code: 'format', path })
  })
})

describe('readRoadefAssignment', () => {
  const model = readRoadefModel(source)

  test('a machine per process', () => {
    expect(readRoadefAssignment('0 1\n1\n', model)).toEqual([0, 1, 1])
  })

  test.each<[string, string, string]>([
    ['too few', '0 1', 'line 1'],
    ['too many', '0 1 1 0', 'line 1'],
    ['a machine that does not exist', '0 1 2', 'line 1, machine'],
  ])('%s is refused', (_, text, path) => {
    expect(caught(() => readRoadefAssignment(text, model))).toMatchObject({ code: 'format', path })
  })
})
