/**
 * Several schedulers on shared machines, each on its own copy of their state, which grows old while the others commit: one
 * seeded run is one interleaving of looks, decisions, delays, repeated commits and ends of tasks.
 */
import {
  commitProposals,
  type ConflictRule,
  createScheduler,
  type Proposal,
  proposePlacements,
  type SchedulerSnapshot,
} from 'cloudsched/live'

export interface SharedCounts {
  tasks: number
  commits: number
  proposals: number
  conflicts: number
  /** Commits that arrived a second time. */
  repetitions: number
}

interface Desk {
  replica: SchedulerSnapshot
  /** Commits that are on their way. */
  readonly sent: Proposal[][]
}

/** @throws Error where a task is placed twice, lost, or a machine is given more than it has */
export function runShared(random: () => number, schedulers: number, tasks: number, rule: ConflictRule): SharedCounts {
  const shared = createScheduler({ remembered: 10 * tasks })
  const machines = Math.max(2, Math.floor(tasks / 8))
  for (let k = 0; k < machines; k++) shared.machineChanged({ id: `m${k}`, capacity: { cpu: 8 } })
  const desks: Desk[] = Array.from({ length: schedulers }, () => ({ replica: shared.snapshot(), sent: [] }))
  const counts: SharedCounts = { tasks, commits: 0, proposals: 0, conflicts: 0, repetitions: 0 }
  const placedOn = new Map<string, string>()
  const finished = new Set<string>()
  let submitted = 0
  let nowSeconds = 0
  const ownerOf = (task: string): number => Number(task.slice(1)) % schedulers

  while (finished.size < tasks) {
    nowSeconds += 1
    const dice = random()
    const number = Math.floor(random() * schedulers)
    const desk = desks[number]!
    if (dice < 0.25 && submitted < tasks) {
      shared.submit({ id: `t${submitted}`, demand: { cpu: 1 + Math.floor(random() * 4) } })
      submitted++
    } else if (dice < 0.45) desk.replica = shared.snapshot()
    else if (dice < 0.65) {
      const proposals = proposePlacements(desk.replica, (task) => ownerOf(task) === number, nowSeconds)
      if (proposals.length > 0) desk.sent.push(proposals)
    } else if (dice < 0.9) {
      const at = Math.floor(random() * desk.sent.length)
      const proposals = desk.sent[at]
      if (!proposals) continue
      // A commit may arrive twice: its sender had not heard of the first time.
      if (random() < 0.8) desk.sent.splice(at, 1)
      else counts.repetitions++
      commit(proposals)
    } else {
      const running = shared.running()
      const one = running[Math.floor(random() * running.length)]
      if (!one) continue
      shared.finished(one.task.id, { status: 'finished', attempt: one.attempt })
      placedOn.delete(one.task.id)
      finished.add(one.task.id)
    }
    check()
  }
  return counts

  function commit(proposals: readonly Proposal[]): void {
    const { placements, conflicts } = commitProposals(shared, proposals, nowSeconds, rule)
    for (const { task, machine } of placements) {
      if (placedOn.has(task)) throw new Error(`${task} was placed on ${placedOn.get(task)} and on ${machine}`)
      if (finished.has(task)) throw new Error(`${task} was placed after its end`)
      placedOn.set(task, machine)
    }
    counts.commits++
    counts.proposals += proposals.length
    counts.conflicts += conflicts.length
  }

  function check(): void {
    const running = shared.running()
    if (running.length + shared.waiting().length + finished.size !== submitted) throw new Error('a task was lost')
    const load = new Map<string, number>()
    for (const { task, machine } of running) {
      load.set(machine, (load.get(machine) ?? 0) + task.demand!['cpu']!)
      if (placedOn.get(task.id) !== machine) throw new Error(`${task.id} runs where it was not placed`)
    }
    for (const [machine, cpu] of load) if (cpu > 8) throw new Error(`${machine} was given ${cpu} of 8`)
  }
}
