import { recurrentReference } from './recurrent-reference.ts'
import { signsReference } from './signs-reference.ts'
import { activationCodes, type ActivationCode, type Kernels, type Numbers, type Offset } from './kernels.ts'

/**
 * The kernels in plain TypeScript: what runs where WebAssembly has no SIMD, and what the tests hold the others against.
 *
 * @param precision - `float64` only to check gradients by differences
 */
export function createReferenceKernels(precision: 'float32' | 'float64' = 'float32'): Kernels {
  const create = precision === 'float32' ? (n: number) => new Float32Array(n) : (n: number) => new Float64Array(n)
  let memory: Numbers = create(1024)
  let top = 0
  return {
    ...recurrentReference(() => memory),
    ...signsReference(() => memory),
    backend: 'typescript',
    allocate: (count) => {
      const offset = top
      top += count
      if (top > memory.length) {
        const grown = create(Math.max(top, 2 * memory.length))
        grown.set(memory)
        memory = grown
      }
      memory.fill(0, offset, top)
      return offset
    },
    view: (offset, count) => memory.subarray(offset, offset + count),
    mark: () => top,
    release: (mark) => {
      top = mark
    },

    gemm: (m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow, accumulate) => {
      const x = memory
      for (let i = 0; i < m; i++) {
        const row = c + i * cRow
        if (!accumulate) x.fill(0, row, row + n)
        for (let p = 0; p < k; p++) {
          const factor = x[a + i * aRow + p * aColumn]!
          const source = b + p * bRow
          for (let j = 0; j < n; j++) x[row + j]! += factor * x[source + j * bColumn]!
        }
      }
    },
    setRows: (rows, columns, row, x) => {
      for (let i = 0; i < rows; i++) memory.copyWithin(x + i * columns, row, row + columns)
    },
    columnSums: (rows, columns, x, stride, sums, accumulate) => {
      if (!accumulate) memory.fill(0, sums, sums + columns)
      for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) memory[sums + j]! += memory[x + i * stride + j]!
    },
    present: (rows, columns, signed, maskRows, mask, x, xStride, z, zStride, accumulate) => {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const source = memory[x + i * xStride + j]!
          const value = signed ? (source >= 0 ? 1 : -1) : source
          const shown = maskRows > 0 ? value * memory[mask + (i % maskRows) * columns + j]! : value
          const target = z + i * zStride + j
          memory[target] = accumulate ? memory[target]! + shown : shown
        }
      }
    },
    activate: (f, count, x) => {
      for (let i = x; i < x + count; i++) memory[i] = apply(f, memory[i]!)
    },
    activationGradient: (f, count, y, d) => {
      for (let i = 0; i < count; i++)
        memory[d + i] = slope(f, memory[y + i]!) && memory[d + i]! * slope(f, memory[y + i]!)
    },
    activationCurvature: (f, count, y, d, r, q) => {
      const shift = f === activationCodes.sigmoid ? 1 : 0
      for (let i = 0; i < count; i++) memory[q + i]! += (shift - 2 * memory[y + i]!) * memory[d + i]! * memory[r + i]!
    },
    scale: (count, alpha, x, y) => {
      for (let i = 0; i < count; i++) memory[y + i] = alpha * memory[x + i]!
    },
    addScaled: (count, alpha, x, y) => {
      for (let i = 0; i < count; i++) memory[y + i]! += alpha * memory[x + i]!
    },
    addProduct: (count, alpha, a, x, y, z) => {
      for (let i = 0; i < count; i++) memory[z + i] = memory[y + i]! + alpha * memory[a + i]! * memory[x + i]!
    },

    squaredError: (count, output, target, gradient) => {
      let sum = 0
      for (let i = 0; i < count; i++) {
        const error = memory[output + i]! - memory[target + i]!
        sum += error * error
        memory[gradient + i] = (2 * error) / count
      }
      return sum / count
    },
    softmaxCrossEntropy: (rows, columns, logits, target, probabilities, gradient) => {
      let loss = 0
      for (let i = 0; i < rows; i++) {
        const row = (array: Offset): Numbers => memory.subarray(array + i * columns, array + (i + 1) * columns)
        const [z, t, p, g] = [row(logits), row(target), row(probabilities), row(gradient)]
        const largest = Math.max(...z)
        let total = 0
        let weight = 0
        for (let j = 0; j < columns; j++) {
          total += Math.exp(z[j]! - largest)
          weight += t[j]!
        }
        for (let j = 0; j < columns; j++) {
          loss -= t[j]! * (z[j]! - largest - Math.log(total))
          p[j] = Math.exp(z[j]! - largest) / total
          g[j] = (p[j]! * weight - t[j]!) / rows
        }
      }
      return loss / rows
    },
    softmaxHessian: (rows, columns, probabilities, r, q) => {
      for (let i = 0; i < rows * columns; i += columns) {
        let dot = 0
        for (let j = i; j < i + columns; j++) dot += memory[probabilities + j]! * memory[r + j]!
        for (let j = i; j < i + columns; j++)
          memory[q + j] = (memory[probabilities + j]! * (memory[r + j]! - dot)) / rows
      }
    },

    adam: (count, parameters, gradients, first, second, rate, beta1, beta2, epsilon, correction1, correction2) => {
      for (let i = 0; i < count; i++) {
        const g = memory[gradients + i]!
        const m = beta1 * memory[first + i]! + (1 - beta1) * g
        const v = beta2 * memory[second + i]! + (1 - beta2) * g * g
        memory[first + i] = m
        memory[second + i] = v
        memory[parameters + i]! -= (rate * correction1 * m) / (Math.sqrt(correction2 * v) + epsilon)
      }
    },
    sgd: (count, parameters, gradients, velocity, rate, momentum) => {
      for (let i = 0; i < count; i++) {
        memory[velocity + i] = momentum * memory[velocity + i]! + memory[gradients + i]!
        memory[parameters + i]! -= rate * memory[velocity + i]!
      }
    },
  }
}

function apply(f: ActivationCode, x: number): number {
  if (f === activationCodes.relu) return Math.max(0, x)
  if (f === activationCodes.tanh) return Math.tanh(x)
  if (f === activationCodes.sigmoid) return 1 / (1 + Math.exp(-x))
  return f === activationCodes.exp ? Math.exp(x) : x
}

/** f'(x) written in y = f(x). */
function slope(f: ActivationCode, y: number): number {
  if (f === activationCodes.relu) return y > 0 ? 1 : 0
  if (f === activationCodes.tanh) return 1 - y * y
  if (f === activationCodes.sigmoid) return y * (1 - y)
  return f === activationCodes.exp ? y : 1
}
