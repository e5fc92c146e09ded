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
  /**
   * z[i,:] (=|+=) x[i,:]; with `signed` the sign of x, +1 for 0; times mask[i mod maskRows,:] where maskRows > 0. Rows lie
   * their strides apart; the mask is dense.
   */
  readonly present: (
    rows: number,
    columns: number,
    signed: Flag,
    maskRows: number,
    mask: Offset,
    x: Offset,
    xStride: number,
    z: Offset,
    zStride: number,
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

  /** bits[i,:] = the signs of x[i,:], a bit set for x >= 0, in rows of 2 ceil(columns / 64) words of 32 bits. */
  readonly packSigns: (rows: number, columns: number, x: Offset, xStride: number, bits: Offset) => void
  /**
   * c[i,j] = start[i,j] + scale[j] times the product of row i of a with row j of b, k signs each, which
   * {@link Kernels.packSigns} wrote. The product itself is exact. With `startRow` 0 all rows start from the same one.
   */
  readonly signProduct: (
    m: number,
    n: number,
    k: number,
    a: Offset,
    b: Offset,
    scale: Offset,
    start: Offset,
    startRow: number,
    c: Offset,
    cRow: number,
  ) => void

  /**
   * One step of a GRU with the reset gate after the product. `gates` (batch x 3 units) comes in as W x + b and goes out as
   * r, z, n; `sums` = U h; `inner` takes Un h + bias; next = n + z (h - n). `hard` takes the piecewise linear gate.
   */
  readonly gruAfter: (
    batch: number,
    units: number,
    hard: Flag,
    gates: Offset,
    sums: Offset,
    bias: Offset,
    previous: Offset,
    previousStride: number,
    inner: Offset,
    next: Offset,
    nextStride: number,
  ) => void
  /**
   * Its gradients: of the gates' sums; of Un h + bias, in `inner`. `carry` comes in as the gradient of the state from the
   * step after it and goes out as the part of the gradient of the state before that passes by the products.
   */
  readonly gruAfterBackward: (
    batch: number,
    units: number,
    hard: Flag,
    stateGradient: Offset,
    stride: number,
    carry: Offset,
    gates: Offset,
    previous: Offset,
    previousStride: number,
    inner: Offset,
    gateGradient: Offset,
  ) => void
  /** GRU with the reset gate before the product, first part: `gates` takes r and z, `inner` takes r h. */
  readonly gruGates: (
    batch: number,
    units: number,
    hard: Flag,
    gates: Offset,
    sums: Offset,
    previous: Offset,
    previousStride: number,
    inner: Offset,
  ) => void
  /** Second part: the third column block of `sums` = Un (r h); `gates` takes n; next = n + z (h - n). */
  readonly gruState: (
    batch: number,
    units: number,
    gates: Offset,
    sums: Offset,
    previous: Offset,
    previousStride: number,
    next: Offset,
    nextStride: number,
  ) => void
  /**
   * One step of a GRU whose products see signs, for prediction: a reset gate before the product, being positive, changes no
   * sign and is left out. `sums` (batch x 2 units) = W x + b + U h of z and n; next = n + z (h - n); `bits` takes its signs
   * as {@link Kernels.packSigns} writes them.
   */
  readonly gruOfSigns: (
    batch: number,
    units: number,
    sums: Offset,
    previous: Offset,
    previousStride: number,
    next: Offset,
    nextStride: number,
    bits: Offset,
  ) => void
  /** Gradients of the second part: of the sums of z and n; `carry` as in {@link Kernels.gruAfterBackward}. */
  readonly gruStateBackward: (
    batch: number,
    units: number,
    hard: Flag,
    stateGradient: Offset,
    stride: number,
    carry: Offset,
    gates: Offset,
    previous: Offset,
    previousStride: number,
    gateGradient: Offset,
  ) => void
  /** Gradients of the first part, given that of r h: of the sum of r; carry += resetGradient r. */
  readonly gruResetBackward: (
    batch: number,
    units: number,
    hard: Flag,
    resetGradient: Offset,
    carry: Offset,
    gates: Offset,
    previous: Offset,
    previousStride: number,
    gateGradient: Offset,
  ) => void
  /**
   * One step of an LSTM. `gates` (batch x 4 units) comes in as the sums of i, f, g, o and goes out as their values;
   * cell = f cell' + i g, next = o tanh(cell).
   */
  readonly lstm: (
    batch: number,
    units: number,
    hard: Flag,
    gates: Offset,
    previousCell: Offset,
    cell: Offset,
    next: Offset,
    nextStride: number,
  ) => void
  /**
   * Its gradients: of the gates' sums. `carry` is the gradient of the state from the step after it, and only read;
   * `cellCarry` comes in as that of the cell and goes out as that of the cell before.
   */
  readonly lstmBackward: (
    batch: number,
    units: number,
    hard: Flag,
    stateGradient: Offset,
    stride: number,
    carry: Offset,
    cellCarry: Offset,
    previousCell: Offset,
    cell: Offset,
    gates: Offset,
    gateGradient: Offset,
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
