import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cusumDetector } from '../../../src/live/anomaly/cusum.ts'
import { type AnomalyDetector, detect } from '../../../src/live/anomaly/detector.ts'
import { ewmaDetector } from '../../../src/live/anomaly/ewma.ts'
import { fixedThresholdDetector } from '../../../src/live/anomaly/fixed-threshold.ts'
import { robustZDetector } from '../../../src/live/anomaly/robust-z.ts'
import { seasonalDetector } from '../../../src/live/anomaly/seasonal.ts'
import { createRng } from '../../../src/random/rng.ts'

const noise = (count: number, seed = 1): number[] => {
  const rng = createRng(seed)
  return Array.from({ length: count }, () => 50 + 4 * (rng() - 0.5))
}

const detectors: Record<string, () => AnomalyDetector> = {
  'robust z': () => robustZDetector({ window: 40, warmUp: 10 }),
  ewma: () => ewmaDetector({ window: 40, warmUp: 10 }),
  cusum: () => cusumDetector({ window: 40, warmUp: 10 }),
  seasonal: () => seasonalDetector({ season: 12, seasons: 2, window: 40, warmUp: 10 }),
  'fixed threshold': () => fixedThresholdDetector({ upper: 90, lower: 5 }),
}

describe.each(Object.entries(detectors))('%s', (_, create) => {
  test('keeps quiet on noise and tells of a jump', () => {
    const quiet = noise(200)
    expect(detect(create(), quiet).filter(({ raised }) => raised)).toEqual([])
    const verdicts = detect(create(), [...quiet, ...Array.from({ length: 20 }, () => 95)])
    const first = verdicts.findIndex(({ raised }) => raised)
    expect(first).toBeGreaterThanOrEqual(200)
    expect(first).toBeLessThan(206)
  })

  test('is a pure function of plain state', () => {
    const detector = create()
    let state = detector.start()
    let copy = structuredClone(state)
    for (const value of [...noise(60), 97, 98, 12, ...noise(30, 2)]) {
      const before = JSON.stringify(state)
      const step = detector.observe(state, { value })
      expect(JSON.stringify(state)).toBe(before)
      const twin = detector.observe(copy, { value })
      expect(twin.verdict).toEqual(step.verdict)
      state = step.state
      copy = JSON.parse(JSON.stringify(twin.state))
    }
  })

  test('gives a confidence in [0, 1] that is at least a half only when the verdict is anomalous', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 120 }), (values) => {
        for (const { confidence, anomalous, raised, ratio } of detect(create(), values)) {
          expect(confidence).toBeGreaterThanOrEqual(0)
          expect(confidence).toBeLessThanOrEqual(1)
          if (confidence >= 0.5) expect(anomalous).toBe(true)
          expect(ratio).not.toBeNaN()
          if (raised) expect(anomalous).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('refuses what is not a number', () => {
    const detector = create()
    expect(() => detector.observe(detector.start(), { value: NaN })).toThrow(
      /measurement.value must be a finite number/,
    )
    expect(() => detector.observe(detector.start(), { value: 1, expected: Infinity })).toThrow(/measurement.expected/)
  })
})

test('the robust z of a value is its distance from the median in 1.4826 MAD', () => {
  // Past 1 2 3 4 5: median 3, distances 2 1 0 1 2, MAD 1, scale 1.4826. The value 10 is 7 / 1.4826 = 4.7214 away; limit 3.
  const verdicts = detect(robustZDetector({ window: 5, warmUp: 5, limit: 3 }), [1, 2, 3, 4, 5, 10])
  expect(verdicts.at(-1)!.ratio).toBeCloseTo(7 / 1.4826 / 3, 12)
  expect(verdicts.at(-1)!.raised).toBe(true)
})

test('residuals against a forecast are judged, not values', () => {
  const rising = Array.from({ length: 80 }, (_, step) => ({ value: step * step, expected: step * step + (step % 3) }))
  expect(detect(robustZDetector({ window: 30, warmUp: 10 }), rising).some(({ anomalous }) => anomalous)).toBe(false)
  expect(
    detect(robustZDetector({ window: 30, warmUp: 10 }), [...rising, { value: 6400, expected: 6300 }]).at(-1)!.raised,
  ).toBe(true)
})

test('the average of EWMA follows its recursion', () => {
  // Past 0 0 1 1 -1 -1: median 0, MAD 1, scale 1.4826. Three values 3 * 1.4826 are u = 3 each while the window still has
  // median 0 and MAD 1. average: 0.5*3 = 1.5; the band is 2 sqrt(0.5/1.5) = 1.1547, the ratio 1.2990.
  const past = [0, 0, 1, 1, -1, -1]
  const verdicts = detect(ewmaDetector({ window: 6, warmUp: 6, smoothing: 0.5, limit: 2 }), [...past, 3 * 1.4826])
  expect(verdicts.at(-1)!.ratio).toBeCloseTo(1.5 / (2 * Math.sqrt(1 / 3)), 12)
})

test('CUSUM adds what exceeds the allowance and starts again after an alarm', () => {
  // As above u = 3: S+ = 3 - 1 = 2 against the limit 2, an alarm; then the sum starts at 0.
  const detector = cusumDetector({ window: 6, warmUp: 6, allowance: 1, limit: 2 })
  let state = detector.start()
  for (const value of [0, 0, 1, 1, -1, -1]) state = detector.observe(state, { value }).state
  const step = detector.observe(state, { value: 3 * 1.4826 })
  expect(step.verdict.ratio).toBeCloseTo(1, 12)
  expect(step.verdict.raised).toBe(true)
  expect(step.state.upper).toBe(0)
})

test('the seasonal detector accepts every day alike and reports the day that is not', () => {
  const day = Array.from({ length: 24 }, (_, hour) => (hour >= 9 && hour <= 17 ? 80 : 20) + (hour % 3))
  const days = Array.from({ length: 6 }, () => day).flat()
  const sunday = [...days, ...day.map((value, hour) => (hour === 12 ? 21 : value))]
  const verdicts = detect(seasonalDetector({ season: 24, seasons: 3, window: 48, warmUp: 12, leastScale: 2 }), sunday)
  expect(verdicts.findIndex(({ raised }) => raised)).toBe(6 * 24 + 12)
  // A threshold on the value sees nothing: 21 is a usual value at night.
  expect(detect(fixedThresholdDetector({ upper: 90, lower: 10 }), sunday).some(({ raised }) => raised)).toBe(false)
})

test('a past without spread calls every difference anomalous, unless a least scale is given', () => {
  const flat = Array.from({ length: 30 }, () => 7)
  expect(detect(robustZDetector({ window: 20, warmUp: 5 }), [...flat, 7.01]).at(-1)).toMatchObject({
    ratio: Infinity,
    confidence: 1,
  })
  expect(detect(robustZDetector({ window: 20, warmUp: 5, leastScale: 1 }), [...flat, 7.01]).at(-1)!.anomalous).toBe(
    false,
  )
})

test('options are checked', () => {
  expect(() => robustZDetector({ window: 2 })).toThrow(/options.window/)
  expect(() => fixedThresholdDetector({})).toThrow(/an upper or a lower limit/)
  expect(() => cusumDetector({ allowance: -1 })).toThrow(/options.allowance/)
  expect(() => ewmaDetector({ smoothing: 0 })).toThrow(/options.smoothing/)
})
