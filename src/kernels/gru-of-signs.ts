import type { Kernels } from './kernels.ts'
import { type PackedCell, previousState, type RecurrentPass, timeOf } from './recurrent-pass.ts'

/**
 * The states of a gated recurrent unit whose products see signs and whose reset gate changes none of them:
 *
 *     z = sigma(Wz x + Uz sign(h') + bz),  n = tanh(Wn x + Un sign(h') + bn),  h = z h' + (1 - z) n
 *
 * The sums W x + b of z and n of all steps already stand in `tape.gates`.
 */
export function gruOfSigns(
  kernels: Kernels,
  pass: RecurrentPass,
  { recurrent, recurrentScale, columns, stateBits }: PackedCell,
): void {
  const { batch, states, stateRow, tape } = pass
  const { units } = pass.shape
  kernels.packSigns(batch, units, tape.zeros, units, stateBits)
  for (let i = 0; i < pass.steps; i++) {
    const t = timeOf(pass, i)
    const { previous, stride } = previousState(pass, i)
    const sums = tape.gates + t * batch * columns
    const next = states + t * batch * stateRow
    kernels.signProduct(batch, columns, units, stateBits, recurrent, recurrentScale, sums, columns, sums, columns)
    kernels.gruOfSigns(batch, units, sums, previous, stride, next, stateRow, stateBits)
  }
}
