import { type Refusal, refusalsOf } from './fit.ts'
import type { FleetState } from './fleet-state.ts'
import type { Request } from './request.ts'

/** A reason, and how many machines have it. */
export interface RefusalCount {
  readonly kind: Refusal['kind']
  /** The resource, label or group. */
  readonly name: string
  readonly machines: number
}

/** The reasons for which machines do not take a task now, the most frequent first; of equals the one that came up first. */
export function summariseRefusals(state: FleetState, request: Request): RefusalCount[] {
  const counts = new Map<string, { kind: Refusal['kind']; name: string; machines: number }>()
  for (let machine = 0; machine < state.size; machine++) {
    if (state.present[machine] !== 1) continue
    for (const refusal of refusalsOf(state, request, machine)) {
      const { kind } = refusal
      const name = subjectOf(refusal)
      const count = counts.get(`${kind} ${name}`)
      if (count) count.machines++
      else counts.set(`${kind} ${name}`, { kind, name, machines: 1 })
    }
  }
  return [...counts.values()].sort((a, b) => b.machines - a.machines)
}

/** What a refusal is about. */
function subjectOf(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'label':
      return refusal.label
    case 'group':
      return refusal.group
    default:
      return refusal.resource
  }
}
