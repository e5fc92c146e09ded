import type { Rng } from '../../random/rng.ts'
import type { ParameterLayout } from './architecture.ts'
import type { Values } from './arithmetic.ts'

/** Shares of what is switched off in training, each in [0, 1). */
export interface DropoutRates {
  /** Of the input of every recurrent layer and of what the head reads. */
  readonly dropout: number
  /** Of the previous state, as the recurrent product sees it. */
  readonly recurrentDropout: number
}

/**
 * The masks of one batch. Each is drawn once and holds for all steps of a window (Gal and Ghahramani 2016), or the
 * recurrence would forget what the network is; kept entries are scaled by 1 / (1 - rate), so that inference needs none.
 */
export interface DropoutMasks {
  /** By layer and direction: (batch x inputs); `null` for no dropout. */
  readonly input: readonly (readonly (Values | null)[])[]
  /** By layer and direction: (batch x units). */
  readonly state: readonly (readonly (Values | null)[])[]
  /** (batch x readout width). */
  readonly readout: Values | null
}

/** Draws the masks of a batch. */
export function drawMasks(
  rng: Rng,
  { dropout, recurrentDropout }: DropoutRates,
  { layers, head }: ParameterLayout,
  batch: number,
): DropoutMasks {
  const draw = (length: number, rate: number): Values | null => {
    if (rate === 0) return null
    const kept = 1 / (1 - rate)
    return Float32Array.from({ length }, () => (rng() < rate ? 0 : kept))
  }
  return {
    input: layers.map((directions) => directions.map(({ inputs }) => draw(batch * inputs, dropout))),
    state: layers.map((directions) => directions.map(({ units }) => draw(batch * units, recurrentDropout))),
    readout: draw(batch * head.kernel.rows, dropout),
  }
}
