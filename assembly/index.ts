// The WebAssembly module of src/kernels. Every offset and stride that crosses its border counts 32-bit numbers.

export { gemm } from './gemm'
export {
  activate,
  activationCurvature,
  activationGradient,
  addProduct,
  addScaled,
  columnSums,
  present,
  scale,
  setRows,
} from './elementwise'
export { softmaxCrossEntropy, softmaxHessian, squaredError } from './losses'
export {
  gruAfter,
  gruAfterBackward,
  gruGates,
  gruOfSigns,
  gruResetBackward,
  gruState,
  gruStateBackward,
  lstm,
  lstmBackward,
} from './recurrent'
export { packSigns, signProduct } from './signs'
export { adam, sgd } from './optimisers'

// The first free number: below it stand the packed panels.
export function firstFree(): i32 {
  return <i32>((__heap_base + 63) >> 6) << 4
}
