import { isCloudschedError } from '../errors/cloudsched-error.ts'
import { functionLike, numberAbove, type OptionEntries, readOptions } from '../errors/read-options.ts'
import {
  createScheduler,
  type LiveTask,
  type MachineAssessment,
  type Scheduler,
  type SchedulerOptions,
} from '../live/index.ts'
import type { Binding, Node, Pod } from './objects.ts'
import { bindingOf, machineFromNode, taskFromPod, taskIdOf } from './translate.ts'
import type {
  ExtenderArgs,
  ExtenderBindingArgs,
  ExtenderBindingResult,
  ExtenderFilterResult,
  HostPriority,
} from './wire.ts'

/** Options of {@link createExtender}. */
export interface ExtenderOptions {
  /** How nodes are ranked, and a user's own constraints; pods are never pushed off by an extender. @defaultValue those of `createScheduler` */
  readonly scheduler?: Pick<SchedulerOptions, 'rule' | 'filter' | 'score'>
  /** Seconds that a booked node is kept for a pod that nobody reports as bound, > 0. @defaultValue 30 */
  readonly bookingSeconds?: number
  /** POSTs a binding to the API server, where the extender is to bind. @defaultValue none: the verb `bind` is refused */
  readonly bind?: (binding: Binding) => Promise<void>
}

/** Defaults of {@link createExtender}. */
export const extenderDefaults: Readonly<Required<Omit<ExtenderOptions, 'bind'>>> = Object.freeze({
  scheduler: {},
  bookingSeconds: 30,
})

const entries: OptionEntries = {
  scheduler: { accepts: (x) => typeof x === 'object' && x !== null, rule: 'an object of options' },
  bookingSeconds: numberAbove(0),
  bind: functionLike<NonNullable<ExtenderOptions['bind']>>(),
}

/** The three verbs of a scheduler extender over a stream scheduler, and the news that it lives by. */
export interface Extender {
  /** Which nodes take the pod, and why the others do not. */
  filter(args: ExtenderArgs, nowSeconds: number): ExtenderFilterResult
  /** How well each node would take it; the best one is booked, so that the next pod of a burst sees it. */
  prioritize(args: ExtenderArgs, nowSeconds: number): HostPriority[]
  bind(args: ExtenderBindingArgs, nowSeconds: number): Promise<ExtenderBindingResult>
  /** A node that was added or changed. @throws CloudschedError `format`, `invalid-input` */
  nodeChanged(node: Node): void
  nodeRemoved(name: string): void
  /** A pod that was added or changed: one that has a node counts there; one that is over counts nowhere. @throws CloudschedError `format` */
  podChanged(pod: Pod, nowSeconds: number): void
  podRemoved(pod: Pick<Pod, 'metadata'>): void
  /** Pods that have a node but could not be counted there, and why: a node that is not known yet, a device that is taken. */
  uncounted(): { readonly pod: string; readonly node: string; readonly reason: string }[]
  /** What is known, for metrics. */
  readonly scheduler: Pick<Scheduler, 'machines' | 'running' | 'free'>
}

/** Best score on the wire. */
const topScore = 10

/**
 * An extender of kube-scheduler: pure bookkeeping, no server and no clock.
 *
 * @throws CloudschedError `invalid-option`
 */
export function createExtender(options: ExtenderOptions = {}): Extender {
  const { scheduler: hooks, bookingSeconds, bind: post } = readOptions(entries, extenderDefaults, options)
  const scheduler = createScheduler({ ...hooks, preemption: false, remembered: 0 })
  /** Pods that were given a node by prioritize and not yet reported as bound, with the time at which that was. */
  const booked = new Map<string, number>()
  /** Where each known pod is, for news that say the same again. */
  const nodeOf = new Map<string, string>()

  /** Version of each node as it was last read. */
  const versionOf = new Map<string, string>()
  const uncounted = new Map<string, { readonly task: LiveTask; readonly node: string; readonly reason: string }>()

  return {
    filter,
    prioritize,
    bind,
    nodeChanged,
    nodeRemoved,
    podChanged,
    podRemoved,
    uncounted: () => Array.from(uncounted, ([pod, { node, reason }]) => ({ pod, node, reason })),
    scheduler,
  }

  function filter(args: ExtenderArgs, nowSeconds: number): ExtenderFilterResult {
    const { names, assessments } = assess(args, nowSeconds)
    const fitting = new Set(assessments.filter(({ score }) => score !== null).map(({ machine }) => machine))
    const failed = assessments.filter(({ score }) => score === null)
    const known = new Set(assessments.map(({ machine }) => machine))
    const unknown = names.filter((name) => !known.has(name))
    // With one node left kube-scheduler does not ask to prioritize: what it will do is known now.
    if (fitting.size === 1) book(taskFromPod(args.Pod), [...fitting][0]!, nowSeconds)
    return {
      Nodes: args.NodeNames ? null : { items: args.Nodes!.items.filter(({ metadata }) => fitting.has(metadata.name)) },
      NodeNames: args.NodeNames ? names.filter((name) => fitting.has(name)) : null,
      FailedNodes: Object.fromEntries(failed.map(({ machine, reasons }) => [machine, reasons.join('; ')])),
      FailedAndUnresolvableNodes: Object.fromEntries(unknown.map((name) => [name, 'is not known to the extender'])),
      Error: '',
    }
  }

  function prioritize(args: ExtenderArgs, nowSeconds: number): HostPriority[] {
    const { names, assessments } = assess(args, nowSeconds)
    const ranked = assessments.filter((one): one is MachineAssessment & { score: number } => one.score !== null)
    const best = ranked.toSorted((a, b) => a.score - b.score || (a.machine < b.machine ? -1 : 1))[0]
    if (best) book(taskFromPod(args.Pod), best.machine, nowSeconds)
    const worst = Math.max(...ranked.map(({ score }) => score))
    const scores = new Map(
      ranked.map(({ machine, score }) => {
        // One node alone has the top score: kube-scheduler breaks ties by chance, and the booking would be wrong.
        const share = worst === best!.score ? 1 : (worst - score) / (worst - best!.score)
        return [machine, machine === best!.machine ? topScore : Math.floor((topScore - 1) * share)]
      }),
    )
    return names.map((name) => ({ Host: name, Score: scores.get(name) ?? 0 }))
  }

  async function bind(args: ExtenderBindingArgs, nowSeconds: number): Promise<ExtenderBindingResult> {
    if (!post) return { Error: 'this extender does not bind' }
    const pod = { metadata: { name: args.PodName, namespace: args.PodNamespace, uid: args.PodUID } }
    try {
      await post(bindingOf(pod, args.Node))
    } catch (error) {
      return { Error: error instanceof Error ? error.message : String(error) }
    }
    const id = taskIdOf(pod)
    const isKnown = scheduler.machines().some((machine) => machine.id === args.Node)
    if (nodeOf.has(id) && nodeOf.get(id) !== args.Node && isKnown) {
      scheduler.assign(id, args.Node, nowSeconds, { force: true })
      nodeOf.set(id, args.Node)
    }
    if (nodeOf.has(id)) booked.set(id, nowSeconds)
    return { Error: '' }
  }

  function nodeChanged(node: Node): void {
    // Whole nodes come with every question: most of them have been read before.
    const { name, resourceVersion } = node.metadata ?? {}
    if (resourceVersion !== undefined && versionOf.get(name) === resourceVersion) return
    scheduler.machineChanged(machineFromNode(node))
    if (resourceVersion === undefined) versionOf.delete(name)
    else versionOf.set(name, resourceVersion)
    const here = Array.from(uncounted.values()).filter((one) => one.node === node.metadata.name)
    for (const { task } of here) settle(task, node.metadata.name, 0, true)
  }

  function nodeRemoved(name: string): void {
    versionOf.delete(name)
    for (const id of scheduler.machineRemoved(name)) forget(id)
  }

  function podChanged(pod: Pod, nowSeconds: number): void {
    const id = taskIdOf(pod)
    const node = pod.spec?.nodeName
    const isOver = ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '')
    if (isOver) return podRemoved(pod)
    if (!node) return
    booked.delete(id)
    if (nodeOf.get(id) === node) return
    const task = taskFromPod(pod)
    forget(id)
    settle(task, node, nowSeconds, true)
  }

  function podRemoved(pod: Pick<Pod, 'metadata'>): void {
    forget(taskIdOf(pod))
  }

  function assess(
    args: ExtenderArgs,
    nowSeconds: number,
  ): { readonly names: readonly string[]; readonly assessments: MachineAssessment[] } {
    const task = taskFromPod(args.Pod)
    for (const [id, sinceSeconds] of booked) if (nowSeconds - sinceSeconds > bookingSeconds) forget(id)
    // The pod is asked about anew: what was booked for it stands no longer.
    if (booked.has(task.id)) forget(task.id)
    if (!args.NodeNames) for (const node of args.Nodes!.items) nodeChanged(node)
    const names = args.NodeNames ?? args.Nodes!.items.map(({ metadata }) => metadata.name)
    return { names, assessments: scheduler.assess(task, names) }
  }

  function book(task: LiveTask, node: string, nowSeconds: number): void {
    settle(task, node, nowSeconds, false)
    booked.set(task.id, nowSeconds)
  }

  function settle(task: LiveTask, node: string, nowSeconds: number, force: boolean): void {
    uncounted.delete(task.id)
    scheduler.submit(task)
    try {
      scheduler.assign(task.id, node, nowSeconds, { force })
      nodeOf.set(task.id, node)
    } catch (error) {
      scheduler.cancel(task.id)
      if (!isCloudschedError(error)) throw error
      uncounted.set(task.id, { task, node, reason: error.message })
    }
  }

  function forget(id: string): void {
    booked.delete(id)
    uncounted.delete(id)
    if (nodeOf.delete(id)) scheduler.cancel(id)
  }
}
