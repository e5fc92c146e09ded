export { loadTensorflow } from './tensorflow.ts'
export { createRecurrentOp } from './recurrent-op.ts'
