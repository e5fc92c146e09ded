import { describe, expect, test } from 'vitest'
import { createProblem } from '../../../src/model/problem.ts'
import { assignmentOf, assignmentProgram, canPlaceAll, pairsOf } from '../../../src/solvers/exact/assignment-program.ts'

const etc = [
  [4, 6],
  [Number.POSITIVE_INFINITY, 8],
]
const problem = createProblem({ etc, vms: { pricePerSecond: [3, 1] } })

/** By hand: times over 2, costs (12, 6, 8) over 4; task 1 may not go to VM 0. */
const pairs = [
  { task: 0, vm: 0, time: 2, cost: 3 },
  { task: 0, vm: 1, time: 3, cost: 1.5 },
  { task: 1, vm: 1, time: 4, cost: 2 },
]

describe('the programme of an assignment', () => {
  test('has a pair for each VM that may take a task, in shares of the scales', () => {
    expect(pairsOf(problem, 2, 4)).toEqual(pairs)
  })

  test('places each task once, ends each VM by 1 + t, and prices time and cost', () => {
    const { columns, rows } = assignmentProgram(pairs, 10, 2, 5)
    expect(columns.map(({ cost, upper, isBinary }) => [cost, upper, isBinary])).toEqual([
      [6, 1, true],
      [3, 1, true],
      [4, 1, true],
      [10, 4, false],
    ])
    expect(rows.map(({ terms, relation, rightSide }) => [relation, rightSide, ...terms.map(String)])).toEqual([
      ['=', 1, '0,1', '1,1'],
      ['=', 1, '2,1'],
      ['<=', 1, '0,2', '3,-1'],
      ['<=', 1, '1,3', '2,4', '3,-1'],
    ])
  })

  test('is read back with columns that are 0 or 1 up to rounding', () => {
    expect(Array.from(assignmentOf(pairs, Float64Array.of(1e-9, 1 - 1e-9, 1, 3.5), 2))).toEqual([1, 1])
    expect(Array.from(assignmentOf(pairs, Float64Array.of(1, 0, 1, 3), 2))).toEqual([0, 1])
  })

  test('needs a pair of every task', () => {
    expect(canPlaceAll(pairs, 2)).toBe(true)
    expect(canPlaceAll(pairs.slice(0, 2), 2)).toBe(false)
    expect(canPlaceAll([], 0)).toBe(true)
  })
})
