import {
  alwaysPositive,
  decisionScores,
  needsScheduling,
  onsetScores,
  persistence,
  sameTimeLastSeason,
  windowPersistence,
} from 'cloudsched/forecast'
import { describe, expect, test } from 'vitest'
import { caught } from '../../caught.ts'

//               0  1  2  3  4  5  6  7
const values = [1, 8, 2, 2, 8, 8, 1, 1]
const options = { threshold: 8, horizon: 2 }

describe('the needs-scheduling label', () => {
  test('is 1 when one of the next steps reaches the threshold, equality included', () => {
    // Origins 1, 2, 3, 5: next two are 2 2, 2 8, 8 8, 1 1.
    expect([...needsScheduling(values, [1, 2, 3, 5], options)]).toEqual([0, 1, 1, 0])
  })

  test('or when their mean does', () => {
    expect([...needsScheduling(values, [1, 2, 3, 5], { ...options, aggregate: 'mean' })]).toEqual([0, 0, 1, 0])
  })

  test('refuses an origin too late and a missing value', () => {
    expect(caught(() => needsScheduling(values, [6], options)).path).toBe('values[8]')
    expect(caught(() => needsScheduling([1, Number.NaN, 3], [0], options)).path).toBe('values[1]')
    expect(caught(() => needsScheduling(values, [1], {} as never)).path).toBe('options.threshold')
  })
})

describe('rules without a model', () => {
  test('persistence looks at the present', () => {
    expect([...persistence(values, [1, 2, 3, 5], options)]).toEqual([1, 0, 0, 1])
  })

  test('window persistence looks at as many past steps as the label at next ones', () => {
    // Last two: 1 8, 8 2, 2 2, 8 8.
    expect([...windowPersistence(values, [1, 2, 3, 5], options)]).toEqual([1, 1, 0, 1])
    expect([...windowPersistence(values, [1, 5], { ...options, aggregate: 'mean' })]).toEqual([0, 1])
  })

  test('the same time last season shifts the label', () => {
    // A season of 3: origin 4 asks what steps 2 and 3 did, origin 5 steps 3 and 4.
    expect([...sameTimeLastSeason(values, [4, 5], 3, options)]).toEqual([0, 1])
    expect(caught(() => sameTimeLastSeason(values, [4], 1, options)).code).toBe('invalid-option')
  })
})

test('at the onset persistence finds nothing, by construction', () => {
  const origins = [0, 1, 2, 3, 4, 5]
  const labels = needsScheduling(values, origins, options)
  const present = origins.map((origin) => values[origin]!)
  expect([...labels]).toEqual([1, 0, 1, 1, 1, 0])
  const onset = (decisions: Uint8Array): unknown => onsetScores(labels, decisions, present, 8)
  // Calm origins 0, 2 and 3, all with label 1.
  expect(onset(persistence(values, origins, options))).toMatchObject({ count: 3, baseRate: 1, f1: 0 })
  expect(onset(alwaysPositive(origins))).toMatchObject({ count: 3, f1: 1 })
  expect(decisionScores(labels, persistence(values, origins, options)).f1).toBeGreaterThan(0)
})

test('at the onset a missing present is an error, not one decision fewer', () => {
  expect(caught(() => onsetScores([1, 0], [1, 0], [1, Number.NaN], 8)).path).toBe('present[1]')
  expect(caught(() => onsetScores([1, 0], [1, 0], [1, 2], Number.NaN)).path).toBe('threshold')
})
