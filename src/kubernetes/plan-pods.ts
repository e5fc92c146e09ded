import { checkOptions } from '../errors/read-options.ts'
import { createScheduler, type DecideOptions, type SchedulerOptions } from '../live/index.ts'
import type { Binding, Node, Pod } from './objects.ts'
import { bindingOf, machineFromNode, taskFromPod, taskIdOf } from './translate.ts'

/** What a planner is to do with waiting pods. */
export interface PodPlan {
  /** Bodies to be POSTed, in the order in which they were decided. */
  readonly bindings: readonly Binding[]
  /** Pods that no node takes, with what each node says. */
  readonly unschedulable: readonly {
    readonly pod: string
    readonly refusals: readonly { readonly machine: string; readonly reasons: readonly string[] }[]
  }[]
}

/** Options of {@link planPods}. */
export interface PlanPodsOptions extends Pick<SchedulerOptions, 'rule' | 'filter' | 'score'> {
  /** A batch solver for all pods at once. Its problem needs lengths, so pods get `lengthMi` from this function. */
  readonly batch?: { readonly lengthMi: (pod: Pod) => number; readonly solve: NonNullable<DecideOptions['solve']> }
}

/**
 * Plans many waiting pods at once, for a scheduler in Node that watches the pods of its own `schedulerName` and POSTs the
 * bindings itself. Pods that have a node count there; those that are over count nowhere; the rest is planned.
 *
 * @throws CloudschedError `format` for what is no pod or node; `invalid-input`
 */
export function planPods(pods: readonly Pod[], nodes: readonly Node[], options: PlanPodsOptions = {}): PodPlan {
  checkOptions(options)
  const { batch, ...hooks } = options
  const scheduler = createScheduler({ ...hooks, preemption: false })
  for (const node of nodes) scheduler.machineChanged(machineFromNode(node))
  const waiting = new Map<string, Pod>()
  for (const pod of pods) {
    if (['Succeeded', 'Failed'].includes(pod.status?.phase ?? '')) continue
    const task = taskFromPod(pod)
    scheduler.submit(batch ? { ...task, lengthMi: batch.lengthMi(pod) } : task)
    const node = pod.spec?.nodeName
    if (node) scheduler.assign(task.id, node, 0, { force: true })
    else waiting.set(taskIdOf(pod), pod)
  }
  const placements = scheduler.decide(0, batch ? { solve: batch.solve } : {})
  const bindings = placements.map(({ task, machine }) => bindingOf(waiting.get(task)!, machine))
  const unschedulable = scheduler.waiting().map(({ id }) => {
    const explanation = scheduler.explain(id)
    return { pod: id, refusals: explanation.state === 'waiting' ? explanation.refusals : [] }
  })
  return { bindings, unschedulable }
}
