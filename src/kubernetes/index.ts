export { createExtender, type Extender, extenderDefaults, type ExtenderOptions } from './extender.ts'
export {
  extenderHandler,
  type ExtenderRequest,
  type ExtenderResponse,
  handlerDefaults,
  type HandlerOptions,
} from './handler.ts'
export type { Binding, Container, Node, ObjectMeta, Pod, ResourceList } from './objects.ts'
export { planPods, type PlanPodsOptions, type PodPlan } from './plan-pods.ts'
export { parseQuantity } from './quantity.ts'
export { bindingOf, machineFromNode, taskFromPod, taskIdOf } from './translate.ts'
export type {
  ExtenderArgs,
  ExtenderBindingArgs,
  ExtenderBindingResult,
  ExtenderFilterResult,
  HostPriority,
} from './wire.ts'
export type * from '../live/index.ts'
