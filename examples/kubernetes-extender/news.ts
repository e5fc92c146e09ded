/**
 * News of nodes and pods, in the two forms in which Kubernetes itself gives them: one event of a watch
 * (`{ type: 'ADDED' | 'MODIFIED' | 'DELETED', object }`), or a whole list (`{ items: [...] }`), after which all that is not
 * in it is forgotten.
 */
import { type Extender, machineFromNode, type Node, type Pod, taskFromPod } from 'cloudsched/kubernetes'

/** What was sent is neither an event nor a list. */
export class NewsError extends Error {}

export function takeNodeNews(extender: Extender, news: unknown): void {
  const { items, type, object } = form(news)
  if (!items) {
    if (type === 'DELETED') extender.nodeRemoved(nameOf(object))
    else extender.nodeChanged(object as Node)
    return
  }
  // All are read before one is taken: a list with a fault in it changes nothing.
  const listed = new Set(items.map((node) => machineFromNode(node as Node).id))
  for (const node of items as Node[]) extender.nodeChanged(node)
  const gone = extender.scheduler.machines().filter(({ id }) => !listed.has(id))
  for (const { id } of gone) extender.nodeRemoved(id)
}

export function takePodNews(extender: Extender, news: unknown, nowSeconds: number): void {
  const { items, type, object } = form(news)
  if (!items) {
    nameOf(object)
    if (type === 'DELETED') extender.podRemoved(object as Pod)
    else extender.podChanged(object as Pod, nowSeconds)
    return
  }
  // A pod that was booked and waits for its binding is in the list, without a node.
  const listed = new Set(items.map((pod) => taskFromPod(pod as Pod).id))
  for (const pod of items as Pod[]) extender.podChanged(pod, nowSeconds)
  const counted = extender.scheduler.running().map(({ task }) => task.id)
  const known = [...counted, ...extender.uncounted().map(({ pod }) => pod)]
  for (const id of known.filter((one) => !listed.has(one))) {
    const [namespace = '', name = ''] = id.split('/')
    extender.podRemoved({ metadata: { namespace, name } })
  }
}

interface News {
  readonly items?: readonly unknown[]
  readonly type?: unknown
  readonly object?: unknown
}

function form(news: unknown): News {
  const { items, type, object } = (news ?? {}) as News
  if (Array.isArray(items)) return { items }
  if (['ADDED', 'MODIFIED', 'DELETED'].includes(type as string)) return { type, object }
  throw new NewsError('news must be an event of a watch, { type, object }, or a list, { items }')
}

function nameOf(object: unknown): string {
  const { metadata } = (object ?? {}) as { readonly metadata?: { readonly name?: unknown } }
  if (typeof metadata?.name === 'string' && metadata.name !== '') return metadata.name
  throw new NewsError('each object must have a metadata.name')
}
