import type { LiveMachine } from '../scheduler/live-machine.ts'
import type { LiveTask } from '../scheduler/live-task.ts'
import { type AffinityTerm, meetsNodeAffinity, nodePreference, type TopologySpreadConstraint } from './affinity.ts'
import type { DomainCounts } from './domain-counts.ts'
import { type Labels, selects } from './label-selector.ts'
import { discouragingTaints, forbiddingTaint } from './taints.ts'

/** The constraints of one task, ready to be held against many machines. */
export interface TaskConstraints {
  /** Why the machine must not take the task, whatever runs; `null` where it may. */
  readonly fixedRefusal: (machine: LiveMachine) => string | null
  /** Why the machine must not take the task beside what runs now; `null` where it may. */
  readonly presentRefusal: (machine: LiveMachine) => string | null
  /** How much the task would like the machine: hundredths of the weights that hold, less one for each discouraging taint. */
  readonly preference: (machine: LiveMachine) => number
}

const noLabels: Labels = {}

/**
 * Reads the constraints of a task against what runs now.
 *
 * @param machines - all machines, for the domains that a spread is judged over
 */
export function constraintsOf(
  task: LiveTask,
  counts: DomainCounts,
  machines: ReadonlyMap<string, LiveMachine>,
): TaskConstraints {
  const { tolerations = [], affinity = {}, topologySpreadConstraints = [], labels = noLabels } = task
  const requiredLabels = Object.entries(task.requiredLabels ?? {}).map(
    ([label, wanted]) => [label, [wanted].flat()] as const,
  )
  const near = required(affinity.podAffinity)
  const away = required(affinity.podAntiAffinity)
  const repelling = [...counts.repelling(labels)]
  const spreads = topologySpreadConstraints.map((constraint) => spreadOf(constraint, task, counts, machines))
  const wishes = [
    ...preferred(affinity.podAffinity).map(({ weight, podAffinityTerm }) => ({ weight, term: podAffinityTerm })),
    ...preferred(affinity.podAntiAffinity).map(({ weight, podAffinityTerm }) => ({
      weight: -weight,
      term: podAffinityTerm,
    })),
  ].map(({ weight, term }) => ({ weight: weight / 100, key: term.topologyKey, domains: counts.of(term) }))

  function fixedRefusal({ taints = [], labels: machineLabels = noLabels }: LiveMachine): string | null {
    const taint = taints.length > 0 ? forbiddingTaint(taints, tolerations) : null
    if (taint) return `has the taint ${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect}`
    for (const [label, wanted] of requiredLabels) {
      const has = machineLabels[label]
      if (has !== undefined && wanted.includes(has)) continue
      return `needs label ${label} = ${wanted.join(' or ')}, has ${has ?? 'no such label'}`
    }
    return meetsNodeAffinity(affinity.nodeAffinity, machineLabels) ? null : 'does not match the node affinity'
  }

  function presentRefusal({ labels: machineLabels = noLabels }: LiveMachine): string | null {
    for (const term of near) {
      const domain = machineLabels[term.topologyKey]
      if (domain === undefined) return `has no label ${term.topologyKey}, which the affinity goes by`
      const domains = counts.of(term)
      // The first task of a group that wants to be together has nobody to join, as in Kubernetes.
      const isFirst = domains.size === 0 && selects(term.labelSelector, labels)
      if (!isFirst && !domains.has(domain)) return 'has no task that the affinity asks for'
    }
    for (const term of away) {
      const domain = machineLabels[term.topologyKey]
      if (domain !== undefined && counts.of(term).has(domain))
        return 'has a task that the anti-affinity keeps away from'
    }
    for (const { topologyKey, domains } of repelling) {
      const domain = machineLabels[topologyKey]
      if (domain !== undefined && domains.has(domain)) return 'has a task whose anti-affinity keeps this one away'
    }
    for (const spread of spreads) {
      const refusal = spread.isHard ? spread.refusal(machineLabels) : null
      if (refusal) return refusal
    }
    return null
  }

  function preference({ taints = [], labels: machineLabels = noLabels }: LiveMachine): number {
    let sum = nodePreference(affinity.nodeAffinity, machineLabels) - discouragingTaints(taints, tolerations)
    for (const { weight, key, domains } of wishes) {
      const domain = machineLabels[key]
      if (domain !== undefined && domains.has(domain)) sum += weight
    }
    for (const spread of spreads) if (!spread.isHard && spread.refusal(machineLabels)) sum -= 1
    return sum
  }

  return { fixedRefusal, presentRefusal, preference }
}

/** A spread constraint with the counts of its domains. */
function spreadOf(
  { maxSkew, topologyKey, whenUnsatisfiable, labelSelector }: TopologySpreadConstraint,
  task: LiveTask,
  counts: DomainCounts,
  machines: ReadonlyMap<string, LiveMachine>,
): { readonly isHard: boolean; readonly refusal: (labels: Labels) => string | null } {
  const inDomain = counts.of({ labelSelector, topologyKey })
  const domains = new Set<string>()
  for (const { labels = noLabels } of machines.values()) {
    const domain = labels[topologyKey]
    if (domain !== undefined && meetsNodeAffinity(task.affinity?.nodeAffinity, labels)) domains.add(domain)
  }
  let least = Infinity
  for (const domain of domains) least = Math.min(least, inDomain.get(domain) ?? 0)
  // A task that its own selector does not mean adds nothing to its domain.
  const own = selects(labelSelector, task.labels ?? noLabels) ? 1 : 0
  return {
    isHard: whenUnsatisfiable === 'DoNotSchedule',
    refusal(labels) {
      const domain = labels[topologyKey]
      if (domain === undefined) return `has no label ${topologyKey}, which the spread goes by`
      const skew = (inDomain.get(domain) ?? 0) + own - least
      return skew > maxSkew ? `would make the spread over ${topologyKey} uneven by ${skew}, ${maxSkew} allowed` : null
    },
  }
}

function required(affinity: { requiredDuringSchedulingIgnoredDuringExecution?: readonly AffinityTerm[] } | undefined) {
  return affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
}

function preferred(
  affinity:
    | {
        preferredDuringSchedulingIgnoredDuringExecution?: readonly {
          readonly weight: number
          readonly podAffinityTerm: AffinityTerm
        }[]
      }
    | undefined,
) {
  return affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
}
