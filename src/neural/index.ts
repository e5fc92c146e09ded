export { loadTensorflow, type LoadedTensorflow, type Tensorflow, type TensorflowBackend } from './tensorflow.ts'
export { safeOps, type SafeOps } from './safe-ops.ts'
export { createRecurrentOp, type RecurrentOp } from './recurrent-op.ts'
