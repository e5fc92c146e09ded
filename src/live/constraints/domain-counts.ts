import type { AffinityTerm } from './affinity.ts'
import { type Labels, selects } from './label-selector.ts'

/** A running task, as far as affinity and spread look at it. */
export interface Resident {
  readonly labels: Labels
  /** Labels of the machine it runs on. */
  readonly machineLabels: Labels
  /** Its required anti-affinity: it keeps others away, too. */
  readonly repels: readonly AffinityTerm[]
}

/** Selectors whose counts are kept; beyond that the one that was asked longest ago is counted anew when it is needed. */
const mostSelectors = 256

/** Number of residents that a term means, by domain. */
type Domains = Map<string, number>

/**
 * How many running tasks each selector means in each domain, kept up to date by arrivals and departures: counting 100 000
 * tasks at each decision would take longer than the decision.
 */
export class DomainCounts {
  readonly #residents: Iterable<Resident>
  readonly #selected = new Map<string, { readonly term: AffinityTerm; readonly domains: Domains }>()
  readonly #repelling = new Map<string, { readonly term: AffinityTerm; readonly domains: Domains }>()

  /** @param residents - the running tasks, asked again whenever a new selector is counted */
  constructor(residents: Iterable<Resident>) {
    this.#residents = residents
  }

  add(resident: Resident): void {
    this.#change(resident, 1)
  }

  remove(resident: Resident): void {
    this.#change(resident, -1)
  }

  /** Residents that the term means, by the value of its topology key; domains with none are absent. */
  of(term: AffinityTerm): ReadonlyMap<string, number> {
    const key = JSON.stringify(term)
    let entry = this.#selected.get(key)
    if (entry) this.#selected.delete(key)
    else {
      entry = { term, domains: new Map() }
      for (const resident of this.#residents) {
        if (selects(term.labelSelector, resident.labels))
          shift(entry.domains, resident.machineLabels[term.topologyKey], 1)
      }
    }
    // Set again: the order of a Map is the order of use.
    this.#selected.set(key, entry)
    if (this.#selected.size > mostSelectors) this.#selected.delete(this.#selected.keys().next().value!)
    return entry.domains
  }

  /** The anti-affinity terms of residents that mean a task with these labels, and the domains they hold. */
  *repelling(
    labels: Labels,
  ): Generator<{ readonly topologyKey: string; readonly domains: ReadonlyMap<string, number> }> {
    for (const { term, domains } of this.#repelling.values()) {
      if (domains.size > 0 && selects(term.labelSelector, labels)) yield { topologyKey: term.topologyKey, domains }
    }
  }

  #change({ labels, machineLabels, repels }: Resident, by: 1 | -1): void {
    for (const { term, domains } of this.#selected.values()) {
      if (selects(term.labelSelector, labels)) shift(domains, machineLabels[term.topologyKey], by)
    }
    for (const term of repels) {
      const key = JSON.stringify(term)
      let entry = this.#repelling.get(key)
      if (!entry) this.#repelling.set(key, (entry = { term, domains: new Map() }))
      shift(entry.domains, machineLabels[term.topologyKey], by)
      if (entry.domains.size === 0) this.#repelling.delete(key)
    }
  }
}

function shift(domains: Domains, domain: string | undefined, by: number): void {
  if (domain === undefined) return
  const count = (domains.get(domain) ?? 0) + by
  if (count === 0) domains.delete(domain)
  else domains.set(domain, count)
}
