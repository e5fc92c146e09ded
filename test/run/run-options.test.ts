import { describe, expect, test } from 'vitest'
import { readOptions } from '../../src/errors/read-options.ts'
import { type RunOptions, runOptionEntries } from '../../src/run/run-options.ts'
import { caught } from '../caught.ts'

const read = (options: unknown): RunOptions => readOptions(runOptionEntries, {}, options as RunOptions)

test('what is right passes', () => {
  const options = {
    seed: 7,
    signal: new AbortController().signal,
    timeLimitMs: 0.5,
    maxEvaluations: 1,
    targetGap: 0,
    onProgress: (): void => undefined,
  }
  expect(read(options)).toEqual(options)
  expect(read({ seed: 'tuesday' })).toEqual({ seed: 'tuesday' })
})

describe('what is broken does not', () => {
  test.each([
    ['seed', Number.NaN],
    ['seed', null],
    ['seed', { s0: 1 }],
    ['signal', {}],
    ['signal', 'stop'],
    ['timeLimitMs', 0],
    ['timeLimitMs', -1],
    ['timeLimitMs', '5s'],
    ['maxEvaluations', 0],
    ['maxEvaluations', 2.5],
    ['targetGap', -0.1],
    ['targetGap', Number.NaN],
    ['onProgress', 'log'],
  ])('%s = %s', (key, value) => {
    expect(caught(() => read({ [key]: value }))).toMatchObject({ code: 'invalid-option', path: `options.${key}` })
  })
})
