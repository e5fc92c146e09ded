import { describe, expect, test } from 'vitest'
import { CloudschedError } from '../../src/errors/cloudsched-error.ts'
import {
  functionLike,
  integerIn,
  numberAbove,
  numberIn,
  type OptionRule,
  oneOf,
  readOptions,
  requireOptions,
  satisfying,
  trueOrFalse,
} from '../../src/errors/read-options.ts'
import { caught } from '../caught.ts'

const entries = { episodes: integerIn(1), discount: numberIn(0, 1), preset: oneOf('paper', 'stage') }
const defaults = Object.freeze({ episodes: 100, discount: 0.9 })

test('defaults are filled in where an option is absent or undefined, and the result is frozen', () => {
  const read = readOptions(entries, defaults, { episodes: 7, discount: undefined })
  expect(read).toEqual({ episodes: 7, discount: 0.9 })
  expect(Object.isFrozen(read)).toBe(true)
  expect(defaults).toEqual({ episodes: 100, discount: 0.9 })
})

test('every finding is reported at once', () => {
  const error = caught(() => readOptions(entries, defaults, { episodes: 0.5, discount: 2, preset: 'x' }))
  expect(error.code).toBe('invalid-option')
  expect(error.findings).toEqual([
    { path: 'options.episodes', received: 0.5, expected: 'a whole number >= 1' },
    { path: 'options.discount', received: 2, expected: 'a number in [0, 1]' },
    { path: 'options.preset', received: 'x', expected: `one of 'paper', 'stage'` },
  ])
})

describe('an unknown key is an error', () => {
  test.each([
    ['Episodes', `Maybe 'episodes' was meant.`],
    ['episode', `Maybe 'episodes' was meant.`],
    ['epissodes', `Maybe 'episodes' was meant.`],
    ['epizodes', `Maybe 'episodes' was meant.`],
    ['episo', 'Remove it, or correct its spelling.'],
    ['omega', 'Remove it, or correct its spelling.'],
    ['toString', 'Remove it, or correct its spelling.'],
  ])('%s: %s', (key, hint) => {
    expect(caught(() => readOptions(entries, defaults, { [key]: 1 })).findings).toEqual([
      {
        path: `options.${key}`,
        received: key,
        expected: 'one of the known options: discount, episodes, preset',
        hint,
      },
    ])
  })
})

test.each([[null], [3], ['fast'], [[]], [() => ({})]])('options that are no object: %s', (options) => {
  const read = (): unknown => readOptions(entries, defaults, options as unknown as object, 'options.whaql')
  expect(caught(read)).toMatchObject({ path: 'options.whaql', expected: 'an object of options' })
  expect(read).toThrow(CloudschedError)
})

test('an option without a default is asked for by its rule, all that are missing at once', () => {
  const sizes = { taskCount: integerIn(0, 9), vmCount: integerIn(1, 9) }
  requireOptions(sizes, { taskCount: 0, vmCount: 1 }, ['taskCount', 'vmCount'])
  expect(caught(() => requireOptions(sizes, {}, ['taskCount', 'vmCount'])).findings).toEqual([
    { path: 'options.taskCount', received: undefined, expected: 'a whole number in [0, 9]' },
    { path: 'options.vmCount', received: undefined, expected: 'a whole number in [1, 9]' },
  ])
})

describe('rules', () => {
  const holds = (option: OptionRule, value: unknown): boolean => option.accepts(value)
  const odd = [Number.NaN, '1', null, true, [1], 1n, { valueOf: () => 1 }]

  test('numberIn is a closed interval, numberAbove is open below; both without Infinity', () => {
    expect([0, 0.5, 1].every((x) => holds(numberIn(0, 1), x))).toBe(true)
    expect([-1e-9, 1.1, Infinity, ...odd].some((x) => holds(numberIn(0, 1), x))).toBe(false)
    expect([1e-300, 1].every((x) => holds(numberAbove(0, 1), x))).toBe(true)
    expect([0, 2, Infinity, ...odd].some((x) => holds(numberAbove(0, 1), x))).toBe(false)
    expect(holds(numberIn(0), 1e300) && holds(numberAbove(0), 1e300)).toBe(true)
    expect(holds(numberIn(0), Infinity) || holds(numberAbove(0), Infinity)).toBe(false)
  })

  test('each rule says what it is', () => {
    const schemas = [numberIn(2), numberIn(2, 3), numberAbove(2), numberAbove(2, 3), integerIn(2), integerIn(2, 3)]
    const rules = schemas.map(({ rule }) => rule)
    expect(rules).toEqual([
      'a finite number >= 2',
      'a number in [2, 3]',
      'a finite number > 2',
      'a number in (2, 3]',
      'a whole number >= 2',
      'a whole number in [2, 3]',
    ])
  })

  test('integerIn allows Infinity only where nothing is above', () => {
    expect([1, 5, Infinity].every((x) => holds(integerIn(1), x))).toBe(true)
    expect([0, 1.5, -Infinity, ...odd].some((x) => holds(integerIn(1), x))).toBe(false)
    expect(holds(integerIn(1, 9), 9)).toBe(true)
    expect(holds(integerIn(1, 9), 10) || holds(integerIn(1, 9), Infinity)).toBe(false)
  })

  test('words, truth, functions and own rules', () => {
    expect(holds(oneOf('a', 'b'), 'b')).toBe(true)
    expect(['c', '', 0, undefined].some((x) => holds(oneOf('a', 'b'), x))).toBe(false)
    expect(holds(trueOrFalse, false) && !holds(trueOrFalse, 0)).toBe(true)
    expect(holds(functionLike(), () => 1) && !holds(functionLike(), {})).toBe(true)
    expect(
      caught(() => readOptions({ even: satisfying((x) => Number(x) % 2 === 0, 'an even number') }, {}, { even: 3 })),
    ).toMatchObject({
      path: 'options.even',
      expected: 'an even number',
    })
  })
})
