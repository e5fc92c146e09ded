import type { TimeSeries } from 'cloudsched/forecast'
import { createRng } from '../../src/random/rng.ts'

export const stepSeconds = 300

/** A season of 12 steps, a noise, and a spike now and then. */
export function noisySeries(length: number, seed: number, level: number = 50): TimeSeries {
  const rng = createRng(seed)
  const values = Float64Array.from({ length }, (_, t) => {
    const season = t % 12 === 0 ? 8 : 0
    const spike = rng() < 0.02 ? 30 : 0
    return level + season + spike + 4 * (rng() - 0.5)
  })
  return { values, stepSeconds }
}

/** A list of numbers as a series. */
export function seriesOf(...values: number[]): TimeSeries {
  return { values, stepSeconds }
}
