/**
 * The dense kernels that training and prediction without tfjs share, and the memory they compute in.
 *
 * There are two of them with one interface: WebAssembly with SIMD, and TypeScript. All numbers lie in one memory; an
 * {@link Offset} says where an array begins in it. Matrices are dense and row by row; a stride is the distance between
 * the beginnings of two rows. Loops that need speed are here; everything built of them (networks, MAML, recurrent
 * layers) is written once, in TypeScript, over this interface.
 */
export interface Kernels {
  readonly backend: KernelBackend
  /** Room for `count` numbers, all 0. Views taken before may be stale after it: take views last. */
  readonly allocate: (count: number) => Offset
  /** The numbers from `offset` on, to read and to write. */
  readonly view: (offset: Offset, count: number) => Numbers
  /** How much is allocated now, for {@link Kernels.release}. */
  readonly mark: () => Offset
  /** Gives back everything that was allocated after the mark was taken. */
  readonly release: (mark: Offset) => void

  /**
   * C[m,n] (=|+=) A[m,k] B[k,n]. Element (i, j) of a matrix stands at its offset + i row stride + j column stride; this is
   * how a transposed matrix is given. B needs one stride of 1; the columns of C have stride 1.
   */
  readonly gemm: (
    m: number,
    n: number,
    k: number,
    a: Offset,
    aRow: number,
    aColumn: number,
    b: Offset,
    bRow: number,
    bColumn: number,
    c: Offset,
    cRow: number,
    accumulate: Flag,
  ) => void

  /** x[i,:] = row, for each row i. */
  readonly setRows: (rows: number, columns: number, row: Offset, x: Offset) => void
  /** sums (=|+=) the sum over i of x[i,:]. */
  readonly columnSums: (
    rows: number,
    columns: number,
    x: Offset,
    stride: number,
    sums: Offset,
    accumulate: Flag,
  ) => void
  /** z[i,:] (=|+=) mask[i mod maskRows,:] x[i,:], elementwise. */
  readonly maskRows: (
    rows: number,
    columns: number,
    maskRows: number,
    mask: Offset,
    x: Offset,
    xStride: number,
    z: Offset,
    accumulate: Flag,
  ) => void
  /** x = f(x), in place. */
  readonly activate: (f: ActivationCode, count: number, x: Offset) => void
  /** d = d f'(x), where y = f(x). */
  readonly activationGradient: (f: ActivationCode, count: number, y: Offset, d: Offset) => void
  /** q += d (f''/f')(x) r, where y = f(x): the curvature term of Pearlmutter's R-operator, for tanh and sigmoid. */
  readonly activationCurvature: (f: ActivationCode, count: number, y: Offset, d: Offset, r: Offset, q: Offset) => void
  /** y = alpha x. */
  readonly scale: (count: number, alpha: number, x: Offset, y: Offset) => void
  /** y += alpha x. */
  readonly addScaled: (count: number, alpha: number, x: Offset, y: Offset) => void
  /** z = y + alpha a x, elementwise. */
  readonly addProduct: (count: number, alpha: number, a: Offset, x: Offset, y: Offset, z: Offset) => void

  /** @returns the mean of (output - target)^2; the gradient is written. */
  readonly squaredError: (count: number, output: Offset, target: Offset, gradient: Offset) => number
  /** @returns the mean over the rows of -sum target ln softmax(logits); probabilities and gradient are written. */
  readonly softmaxCrossEntropy: (
    rows: number,
    columns: number,
    logits: Offset,
    target: Offset,
    probabilities: Offset,
    gradient: Offset,
  ) => number
  /** q = the Hessian of the softmax head in its logits times r, for targets that sum to 1. */
  readonly softmaxHessian: (rows: number, columns: number, probabilities: Offset, r: Offset, q: Offset) => void

  /** One step of Adam (Kingma and Ba 2015, algorithm 1); the corrections are 1 / (1 - beta^t). */
  readonly adam: (
    count: number,
    parameters: Offset,
    gradients: Offset,
    first: Offset,
    second: Offset,
    rate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    correction1: number,
    correction2: number,
  ) => void
  /** velocity = momentum velocity + gradient; parameters -= rate velocity. */
  readonly sgd: (
    count: number,
    parameters: Offset,
    gradients: Offset,
    velocity: Offset,
    rate: number,
    momentum: number,
  ) => void
}

/** `wasm-simd` computes in 32 bits with the same result on every engine; `typescript` is the fallback and the oracle. */
export type KernelBackend = 'wasm-simd' | 'typescript'

/** Where an array begins in the memory of the kernels, in numbers. */
export type Offset = number

/** An array in the memory of the kernels: 32 bits, except in the float64 reference of the tests. */
export type Numbers = Float32Array | Float64Array

/** 1 adds to what is there, 0 overwrites it. */
export type Flag = 0 | 1

/** The elementwise functions, as the kernels number them. */
export const activationCodes = { linear: 0, relu: 1, tanh: 2, sigmoid: 3, exp: 4 } as const

/** A number of {@link activationCodes}. */
export type ActivationCode = (typeof activationCodes)[keyof typeof activationCodes]
