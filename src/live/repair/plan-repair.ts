import { integerIn, numberAbove, numberIn, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import type { Anomaly } from '../monitor/anomaly.ts'
import { loadOf } from '../monitor/observation.ts'

/** A machine that a plan may use. */
export interface RepairMachine {
  readonly id: string
  readonly capacity: Readonly<Record<string, number>>
}

/** A running task that a plan may move. */
export interface RepairTask {
  readonly id: string
  readonly machine: string
  /** What it is to be given of each resource: what it uses, or what a forecast says it will. */
  readonly demand: Readonly<Record<string, number>>
  /** What it costs to move it, >= 0. @defaultValue 1 */
  readonly migrationCost?: number
  /** When it was last moved. @defaultValue never */
  readonly movedSeconds?: number
}

/** Options of {@link planRepair}. */
export interface RepairOptions {
  /**
   * Share of capacity that no machine is filled beyond by a move, and below which an overloaded one is brought, > 0. Tasks of
   * a lost machine may fill another one up, where there is no better. @defaultValue 0.8
   */
  readonly targetLoad?: number
  /** Seconds after a move in which a task stays, unless its machine is lost, >= 0. @defaultValue 3600 */
  readonly cooldownSeconds?: number
  /** Most moves of one plan, >= 0. @defaultValue 20 */
  readonly maxMoves?: number
}

/** Defaults of {@link planRepair}. */
export const repairDefaults: Readonly<Required<RepairOptions>> = Object.freeze({
  targetLoad: 0.8,
  cooldownSeconds: 3600,
  maxMoves: 20,
})

export const repairEntries: OptionEntries = {
  targetLoad: numberAbove(0),
  cooldownSeconds: numberIn(0),
  maxMoves: integerIn(0),
}

/** One thing to do. Nothing is done by the library: the orchestrator carries it out and reports back. */
export type RepairAction =
  | { readonly kind: 'cordon'; readonly machine: string; readonly because: Anomaly['kind'] }
  | {
      readonly kind: 'move'
      readonly task: string
      readonly from: string
      readonly to: string
      readonly cost: number
      readonly because: Anomaly['kind']
    }
  | { readonly kind: 'restart'; readonly task: string; readonly because: Anomaly['kind'] }
  /** It stays where it is until then. */
  | { readonly kind: 'hold'; readonly task: string; readonly untilSeconds: number; readonly because: Anomaly['kind'] }

/** What is to be done, and what cannot be helped. */
export interface RepairPlan {
  readonly actions: readonly RepairAction[]
  /** Sum of the migration costs of its moves. */
  readonly cost: number
  readonly unrepaired: readonly { readonly subject: string; readonly reason: string }[]
}

/**
 * Plans the repair of what is wrong, and of nothing else: tasks leave machines that are lost, the cheapest ones leave
 * machines that are overloaded, stuck tasks are restarted, swinging ones held. A move off an overloaded machine is planned
 * only where the fuller of the two machines is less full after it: the plan is never worse than what is in force.
 *
 * @throws CloudschedError `invalid-option`
 */
export function planRepair(
  anomalies: readonly Anomaly[],
  machines: readonly RepairMachine[],
  tasks: readonly RepairTask[],
  nowSeconds: number,
  options: RepairOptions = {},
): RepairPlan {
  const { targetLoad, cooldownSeconds, maxMoves } = readOptions(repairEntries, repairDefaults, options)
  const site = siteOf(machines, tasks)
  const actions: RepairAction[] = []
  const unrepaired: { subject: string; reason: string }[] = []
  const moves = (): number => actions.filter(({ kind }) => kind === 'move').length
  const held = new Set(anomalies.filter(({ kind }) => kind === 'oscillating-task').map(({ subject }) => subject))
  const lost = new Set(anomalies.filter(isLoss).map(({ subject }) => subject))

  for (const { kind, subject } of anomalies) {
    if (kind === 'stuck-task' && site.tasks.has(subject))
      actions.push({ kind: 'restart', task: subject, because: kind })
    if (kind === 'oscillating-task') {
      actions.push({ kind: 'hold', task: subject, untilSeconds: nowSeconds + cooldownSeconds, because: kind })
    }
    if (lost.has(subject) && isLoss({ kind })) evacuate(subject, kind)
    else if (kind === 'overloaded-machine') relieve(subject, kind)
  }
  const cost = actions.reduce((sum, action) => sum + (action.kind === 'move' ? action.cost : 0), 0)
  return { actions, cost, unrepaired }

  function evacuate(machine: string, because: Anomaly['kind']): void {
    actions.push({ kind: 'cordon', machine, because })
    for (const task of largestFirst(site, machine)) {
      // On a lost machine it gets nothing at all: a machine filled to its brim is better than that.
      const to = moves() < maxMoves ? (emptiest(site, task, lost, targetLoad) ?? emptiest(site, task, lost, 1)) : null
      if (to) move(task, to, because)
      else
        unrepaired.push({ subject: task.id, reason: moves() < maxMoves ? 'no machine has room' : 'most moves reached' })
    }
  }

  function relieve(machine: string, because: Anomaly['kind']): void {
    const refused = new Set<string>()
    while (site.load(machine) > targetLoad && moves() < maxMoves) {
      const task = cheapest(site, machine, (one) => {
        const isResting = nowSeconds - (one.movedSeconds ?? -Infinity) < cooldownSeconds
        return !isResting && !held.has(one.id) && !refused.has(one.id)
      })
      if (!task) break
      const to = emptiest(site, task, lost, targetLoad)
      if (to && site.loadWith(to, task) < site.load(machine)) move(task, to, because)
      else refused.add(task.id)
    }
    if (site.load(machine) > targetLoad) {
      const reason = moves() < maxMoves ? 'no task of it may leave for a machine with room' : 'most moves reached'
      unrepaired.push({ subject: machine, reason })
    }
  }

  function move(task: RepairTask, to: string, because: Anomaly['kind']): void {
    actions.push({
      kind: 'move',
      task: task.id,
      from: site.machineOf(task.id),
      to,
      cost: task.migrationCost ?? 1,
      because,
    })
    site.move(task, to)
  }
}

function isLoss({ kind }: Pick<Anomaly, 'kind'>): boolean {
  return kind === 'silent-machine' || kind === 'stuck-machine'
}

/** Machines and tasks as the plan changes them. */
interface Site {
  readonly machines: ReadonlyMap<string, RepairMachine>
  readonly tasks: ReadonlyMap<string, RepairTask>
  readonly on: (machine: string) => RepairTask[]
  readonly machineOf: (task: string) => string
  readonly load: (machine: string) => number
  readonly loadWith: (machine: string, task: RepairTask) => number
  readonly move: (task: RepairTask, to: string) => void
}

function siteOf(machines: readonly RepairMachine[], tasks: readonly RepairTask[]): Site {
  const byId = new Map(machines.map((machine) => [machine.id, machine]))
  const residents = new Map(machines.map(({ id }) => [id, new Map<string, RepairTask>()]))
  const place = new Map<string, string>()
  for (const task of tasks) {
    residents.get(task.machine)?.set(task.id, task)
    place.set(task.id, task.machine)
  }
  const loadOfAll = (machine: string, all: Iterable<RepairTask>): number => {
    const use: Record<string, number> = {}
    for (const { demand } of all) {
      for (const [resource, amount] of Object.entries(demand)) use[resource] = (use[resource] ?? 0) + amount
    }
    return loadOf(use, byId.get(machine)!.capacity)
  }
  const on = (machine: string): RepairTask[] => [...(residents.get(machine)?.values() ?? [])]
  return {
    machines: byId,
    tasks: new Map(tasks.map((task) => [task.id, task])),
    on,
    machineOf: (task) => place.get(task)!,
    load: (machine) => (byId.has(machine) ? loadOfAll(machine, on(machine)) : 0),
    loadWith: (machine, task) => loadOfAll(machine, [...on(machine), task]),
    move(task, to) {
      residents.get(place.get(task.id)!)?.delete(task.id)
      residents.get(to)!.set(task.id, task)
      place.set(task.id, to)
    },
  }
}

/** The machine that is least full with the task on it, at most `limit`; ties by id. */
function emptiest(site: Site, task: RepairTask, lost: ReadonlySet<string>, limit: number): string | null {
  let best: string | null = null
  let least = Infinity
  for (const id of site.machines.keys()) {
    if (lost.has(id) || id === site.machineOf(task.id)) continue
    const load = site.loadWith(id, task)
    if (load > limit || load > least || (load === least && best !== null && id > best)) continue
    best = id
    least = load
  }
  return best
}

/** The task that relieves the machine most for what its move costs; ties by id. */
function cheapest(site: Site, machine: string, mayMove: (task: RepairTask) => boolean): RepairTask | undefined {
  const { capacity } = site.machines.get(machine) ?? { capacity: {} }
  const worth = ({ demand, migrationCost = 1 }: RepairTask): number =>
    loadOf(demand, capacity) / Math.max(migrationCost, 1e-9)
  return site
    .on(machine)
    .filter((task) => mayMove(task) && loadOf(task.demand, capacity) > 0)
    .sort((a, b) => worth(b) - worth(a) || (a.id < b.id ? -1 : 1))[0]
}

function largestFirst(site: Site, machine: string): RepairTask[] {
  const { capacity } = site.machines.get(machine) ?? { capacity: {} }
  return site
    .on(machine)
    .sort((a, b) => loadOf(b.demand, capacity) - loadOf(a.demand, capacity) || (a.id < b.id ? -1 : 1))
}
