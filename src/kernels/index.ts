export { openKernels } from './open-kernels.ts'
export type { KernelBackend, Kernels, Numbers, Offset } from './kernels.ts'
export { createMaml, type Maml, type MamlShape, type MetaBatch } from './maml.ts'
export { createRecurrentStack, type RecurrentStack, type StackShape } from './recurrent-stack.ts'
