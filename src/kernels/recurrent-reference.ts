import type { Kernels, Numbers } from './kernels.ts'

type Cells = Pick<
  Kernels,
  | 'gruAfter'
  | 'gruAfterBackward'
  | 'gruGates'
  | 'gruState'
  | 'gruStateBackward'
  | 'gruResetBackward'
  | 'lstm'
  | 'lstmBackward'
>

/** The recurrent cells of the reference kernels. */
export function recurrentReference(memoryOf: () => Numbers): Cells {
  return {
    gruAfter: (batch, units, hard, gates, sums, bias, previous, previousStride, inner, next, nextStride) => {
      const x = memoryOf()
      eachUnit(batch, units, (b, j) => {
        const g = gates + 3 * b * units + j
        const s = sums + 3 * b * units + j
        const r = gate(x[g]! + x[s]!, hard)
        const z = gate(x[g + units]! + x[s + units]!, hard)
        const m = x[s + 2 * units]! + x[bias + j]!
        const n = Math.tanh(x[g + 2 * units]! + r * m)
        x[g] = r
        x[g + units] = z
        x[g + 2 * units] = n
        x[inner + b * units + j] = m
        x[next + b * nextStride + j] = n + z * (x[previous + b * previousStride + j]! - n)
      })
    },
    gruAfterBackward: (
      batch,
      units,
      hard,
      stateGradient,
      stride,
      carry,
      gates,
      previous,
      previousStride,
      inner,
      gateGradient,
    ) => {
      const x = memoryOf()
      eachUnit(batch, units, (b, j) => {
        const g = gates + 3 * b * units + j
        const dg = gateGradient + 3 * b * units + j
        const at = b * units + j
        const [r, z, n] = [x[g]!, x[g + units]!, x[g + 2 * units]!]
        const d = x[stateGradient + b * stride + j]! + x[carry + at]!
        const dn = d * (1 - z) * (1 - n * n)
        x[dg] = dn * x[inner + at]! * gateSlope(r, hard)
        x[dg + units] = d * (x[previous + b * previousStride + j]! - n) * gateSlope(z, hard)
        x[dg + 2 * units] = dn
        x[inner + at] = dn * r
        x[carry + at] = d * z
      })
    },
    gruGates: (batch, units, hard, gates, sums, previous, previousStride, inner) => {
      const x = memoryOf()
      eachUnit(batch, units, (b, j) => {
        const g = gates + 3 * b * units + j
        const s = sums + 3 * b * units + j
        x[g] = gate(x[g]! + x[s]!, hard)
        x[g + units] = gate(x[g + units]! + x[s + units]!, hard)
        x[inner + b * units + j] = x[g]! * x[previous + b * previousStride + j]!
      })
    },
    gruState: (batch, units, gates, sums, previous, previousStride, next, nextStride) => {
      const x = memoryOf()
      eachUnit(batch, units, (b, j) => {
        const g = gates + 3 * b * units + j
        const n = Math.tanh(x[g + 2 * units]! + x[sums + (3 * b + 2) * units + j]!)
        x[g + 2 * units] = n
        x[next + b * nextStride + j] = n + x[g + units]! * (x[previous + b * previousStride + j]! - n)
      })
    },
    gruStateBackward: (
      batch,
      units,
      hard,
      stateGradient,
      stride,
      carry,
      gates,
      previous,
      previousStride,
      gateGradient,
    ) => {
      const x = memoryOf()
      eachUnit(batch, units, (b, j) => {
        const g = gates + 3 * b * units + j
        const dg = gateGradient + 3 * b * units + j
        const [z, n] = [x[g + units]!, x[g + 2 * units]!]
        const d = x[stateGradient + b * stride + j]! + x[carry + b * units + j]!
        x[dg + units] = d * (x[previous + b * previousStride + j]! - n) * gateSlope(z, hard)
        x[dg + 2 * units] = d * (1 - z) * (1 - n * n)
        x[carry + b * units + j] = d * z
      })
    },
    gruResetBackward: (batch, units, hard, resetGradient, carry, gates, previous, previousStride, gateGradient) => {
      const x = memoryOf()
      eachUnit(batch, units, (b, j) => {
        const r = x[gates + 3 * b * units + j]!
        const d = x[resetGradient + b * units + j]!
        x[gateGradient + 3 * b * units + j] = d * x[previous + b * previousStride + j]! * gateSlope(r, hard)
        x[carry + b * units + j]! += d * r
      })
    },
    lstm: (batch, units, hard, gates, previousCell, cell, next, nextStride) => {
      const x = memoryOf()
      eachUnit(batch, units, (b, j) => {
        const at = gates + 4 * b * units + j
        const i = gate(x[at]!, hard)
        const f = gate(x[at + units]!, hard)
        const g = Math.tanh(x[at + 2 * units]!)
        const o = gate(x[at + 3 * units]!, hard)
        const c = f * x[previousCell + b * units + j]! + i * g
        x[at] = i
        x[at + units] = f
        x[at + 2 * units] = g
        x[at + 3 * units] = o
        x[cell + b * units + j] = c
        x[next + b * nextStride + j] = o * Math.tanh(c)
      })
    },
    lstmBackward: (
      batch,
      units,
      hard,
      stateGradient,
      stride,
      carry,
      cellCarry,
      previousCell,
      cell,
      gates,
      gateGradient,
    ) => {
      const x = memoryOf()
      eachUnit(batch, units, (b, j) => {
        const row = b * units + j
        const at = 4 * b * units + j
        const [i, f, g, o] = [0, 1, 2, 3].map((block) => x[gates + at + block * units]!) as [
          number,
          number,
          number,
          number,
        ]
        const squashed = Math.tanh(x[cell + row]!)
        const d = x[stateGradient + b * stride + j]! + x[carry + row]!
        const dc = d * o * (1 - squashed * squashed) + x[cellCarry + row]!
        x[gateGradient + at] = dc * g * gateSlope(i, hard)
        x[gateGradient + at + units] = dc * x[previousCell + row]! * gateSlope(f, hard)
        x[gateGradient + at + 2 * units] = dc * i * (1 - g * g)
        x[gateGradient + at + 3 * units] = d * squashed * gateSlope(o, hard)
        x[cellCarry + row] = dc * f
      })
    },
  }
}

function eachUnit(batch: number, units: number, visit: (row: number, unit: number) => void): void {
  for (let b = 0; b < batch; b++) for (let j = 0; j < units; j++) visit(b, j)
}

function gate(x: number, hard: 0 | 1): number {
  return hard ? Math.max(0, Math.min(1, 0.2 * x + 0.5)) : 1 / (1 + Math.exp(-x))
}

/** Derivative of the gate by its value. */
function gateSlope(y: number, hard: 0 | 1): number {
  if (hard) return y > 0 && y < 1 ? 0.2 : 0
  return y * (1 - y)
}
