import { normal } from '../random/distributions.ts'
import type { Rng } from '../random/rng.ts'
import { pickIndex, uniform } from '../random/sample.ts'

/** What a curve of use over time is made of, each as a share of the limit of its task. */
export interface DemandShape {
  /** Level around which all else happens. */
  readonly level: number
  /** Height of a daily wave above and below the level. */
  readonly dailySwing: number
  /** Height of a pulse of two steps that comes back every 12 steps: hourly, in steps of 5 minutes. */
  readonly hourlyPulse: number
  /** Standard deviation of the noise, a first-order autoregression with coefficient 0.7. */
  readonly noise: number
  /** How often the level jumps, and how far at most. */
  readonly shiftsPerDay: number
  readonly shiftSize: number
  /** How often a spike comes, and how high at most; it loses a quarter of its height per step. */
  readonly spikesPerDay: number
  readonly spikeSize: number
}

/**
 * Shapes as they are met in the CPU series of virtual machines published with the Numenta anomaly benchmark: a daily
 * wave, an hourly batch under noise, a service near its limit, sudden changes of level, an idle machine with spikes.
 */
export const demandShapes: Readonly<Record<'daily' | 'hourly' | 'hot' | 'shifting' | 'spiky', DemandShape>> = {
  daily: shapeOf({ level: 0.45, dailySwing: 0.25, noise: 0.03 }),
  hourly: shapeOf({ level: 0.4, hourlyPulse: 0.25, noise: 0.06 }),
  hot: shapeOf({ level: 0.85, noise: 0.03, shiftsPerDay: 0.1, shiftSize: 0.1 }),
  shifting: shapeOf({ level: 0.45, noise: 0.02, shiftsPerDay: 0.5, shiftSize: 0.4 }),
  spiky: shapeOf({ level: 0.2, noise: 0.02, spikesPerDay: 4, spikeSize: 0.7 }),
}

function shapeOf(parts: Partial<DemandShape>): DemandShape {
  const none = { level: 0, dailySwing: 0, hourlyPulse: 0, noise: 0 }
  return Object.freeze({ ...none, shiftsPerDay: 0, shiftSize: 0, spikesPerDay: 0, spikeSize: 0, ...parts })
}

const pulsePeriod = 12
const pulseSteps = 2
const persistence = 0.7
/** sqrt(1 - 0.7^2): keeps the deviation of the noise at what the shape says. */
const innovation = 0.714142842854285
const spikeDecay = 0.75

/**
 * One curve: shares of a limit, not yet cut to [0, 1].
 *
 * @param stepsPerDay - length of the daily wave
 */
export function demandCurve(shape: DemandShape, stepCount: number, stepsPerDay: number, rng: Rng): Float64Array {
  const dayPhase = rng()
  const pulsePhase = pickIndex(rng, pulsePeriod)
  const curve = new Float64Array(stepCount)
  let level = shape.level
  let noise = 0
  let spike = 0
  for (let step = 0; step < stepCount; step++) {
    if (rng() * stepsPerDay < shape.shiftsPerDay) level = shape.level + uniform(rng, -1, 1) * shape.shiftSize
    if (rng() * stepsPerDay < shape.spikesPerDay) spike = uniform(rng, 0.4, 1) * shape.spikeSize
    noise = persistence * noise + innovation * normal(rng, 0, shape.noise)
    const isPulse = (step + pulsePhase) % pulsePeriod < pulseSteps
    curve[step] =
      level + shape.dailySwing * wave(step / stepsPerDay + dayPhase) + (isPulse ? shape.hourlyPulse : 0) + noise + spike
    spike *= spikeDecay
  }
  return curve
}

/** A wave of period 1 and height 1 from two parabolas: within 0.06 of a sine, and the same bits on every engine. */
function wave(turns: number): number {
  const x = 2 * (turns - Math.floor(turns)) - 1
  return -4 * x * (1 - Math.abs(x))
}
