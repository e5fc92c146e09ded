/**
 * A world around the stream scheduler in which everything goes wrong that can: messages are lost, repeated, late and out
 * of order, machines come, go and shrink, and the scheduler's process dies and starts again from its last snapshot. One
 * seeded run of it is one interleaving; after each step the world checks what must always hold.
 */
import {
  createScheduler,
  type LivePlacement,
  restoreScheduler,
  type Scheduler,
  type SchedulerSnapshot,
} from 'cloudsched/live'

/** One report to the scheduler; repeated by its sender until it is acknowledged. */
type Report =
  | { readonly kind: 'submit'; readonly task: string; readonly cpu: number; readonly priority: number }
  | { readonly kind: 'finished'; readonly task: string; readonly attempt: number; readonly failed: boolean }
  | { readonly kind: 'started'; readonly task: string; readonly attempt: number }
  | { readonly kind: 'cancel'; readonly task: string }
  | { readonly kind: 'machine'; readonly machine: string; readonly version: number; readonly cpu: number }
  | { readonly kind: 'gone'; readonly machine: string }

interface World {
  scheduler: Scheduler
  /** What a restart goes back to: written before anything is acknowledged or sent. */
  disk: SchedulerSnapshot
  nowSeconds: number
  /** Reports on their way, in no order. */
  readonly mail: Report[]
  /** Tasks whose submission the scheduler has acknowledged. */
  readonly accepted: Set<string>
  readonly cancelled: Set<string>
  /** All placements that were ever decided and written to disk: `task/attempt` to its machine. */
  readonly decided: Map<string, string>
  readonly lastAttempt: Map<string, number>
  readonly capacity: Map<string, { cpu: number; version: number }>
  readonly sentStarts: Set<string>
  readonly size: Map<string, number>
}

/** What one interleaving saw, so that a run can show that its faults did happen. */
export interface WorldCounts {
  steps: number
  placements: number
  evictions: number
  restarts: number
  refusals: number
  comparisons: number
}

/** @throws Error where a guarantee is broken, with the step at which it was */
export function runWorld(random: () => number, steps: number): WorldCounts {
  const counts: WorldCounts = { steps, placements: 0, evictions: 0, restarts: 0, refusals: 0, comparisons: 0 }
  const scheduler = createScheduler({ maxAttempts: 50 })
  const world: World = {
    scheduler,
    disk: scheduler.snapshot(),
    nowSeconds: 0,
    mail: [],
    accepted: new Set(),
    cancelled: new Set(),
    decided: new Map(),
    lastAttempt: new Map(),
    capacity: new Map(),
    sentStarts: new Set(),
    size: new Map(),
  }
  const pick = (count: number): number => Math.floor(random() * count)
  for (let step = 0; step < steps; step++) {
    world.nowSeconds += random()
    const dice = random()
    if (dice < 0.18) submitOne(world, pick)
    else if (dice < 0.26) changeMachines(world, pick)
    else if (dice < 0.34) endSomething(world, pick, random)
    else if (dice < 0.72) deliver(world, pick, random, counts)
    else if (dice < 0.94) decideOnce(world, random, counts)
    else if (dice < 0.98) restart(world, counts)
    else compareWithCopy(world, counts)
    check(world, step)
  }
  drain(world, counts)
  return counts
}

function submitOne(world: World, pick: (count: number) => number): void {
  const task = `t${world.size.size}`
  const cpu = 1 + pick(4)
  world.size.set(task, cpu)
  world.mail.push({ kind: 'submit', task, cpu, priority: pick(3) })
}

function changeMachines(world: World, pick: (count: number) => number): void {
  const machine = `m${pick(6)}`
  const known = world.capacity.get(machine)
  if (known && pick(4) === 0) {
    // Its name comes back only with a higher version.
    world.mail.push({ kind: 'gone', machine })
    world.capacity.set(machine, { cpu: 0, version: known.version + 1 })
    return
  }
  const next = { cpu: 2 + pick(7), version: (known?.version ?? 0) + 1 }
  world.capacity.set(machine, next)
  world.mail.push({ kind: 'machine', machine, ...next })
}

/** A machine starts or ends what it was told to run, or a user changes his mind. */
function endSomething(world: World, pick: (count: number) => number, random: () => number): void {
  const running = world.scheduler.running()
  if (running.length > 0 && random() < 0.9) {
    const { task, attempt } = running[pick(running.length)]!
    const key = `${task.id}/${attempt}`
    if (random() < 0.5 && !world.sentStarts.has(key)) {
      world.sentStarts.add(key)
      world.mail.push({ kind: 'started', task: task.id, attempt })
    } else world.mail.push({ kind: 'finished', task: task.id, attempt, failed: random() < 0.2 })
    return
  }
  const accepted = [...world.accepted]
  if (accepted.length > 0) world.mail.push({ kind: 'cancel', task: accepted[pick(accepted.length)]! })
}

/** One report arrives, whichever; it may be lost, or arrive again later. */
function deliver(world: World, pick: (count: number) => number, random: () => number, counts: WorldCounts): void {
  if (world.mail.length === 0) return
  const at = pick(world.mail.length)
  if (random() < 0.15) return // lost: its sender repeats it
  const report = world.mail[at]!
  if (random() < 0.85) world.mail.splice(at, 1) // else the acknowledgement is lost, and it comes again
  hand(world, report, counts)
}

/** A report is carried to the scheduler; what it refuses must have changed nothing. */
function hand(world: World, report: Report, counts: WorldCounts): void {
  const { scheduler } = world
  try {
    switch (report.kind) {
      case 'submit':
        scheduler.submit({ id: report.task, demand: { cpu: report.cpu }, priority: report.priority })
        break
      case 'finished': {
        const status = report.failed ? 'failed' : 'finished'
        scheduler.finished(report.task, { status, attempt: report.attempt })
        break
      }
      case 'started':
        scheduler.started(report.task, report.attempt)
        break
      case 'cancel':
        scheduler.cancel(report.task)
        world.cancelled.add(report.task)
        break
      case 'machine': {
        const { machine: id, version, cpu } = report
        scheduler.machineChanged({ id, capacity: { cpu }, version })
        break
      }
      case 'gone':
        scheduler.machineRemoved(report.machine)
        break
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'invalid-input') throw error
    counts.refusals++
  }
  world.disk = scheduler.snapshot()
  if (report.kind === 'submit') world.accepted.add(report.task)
}

function decideOnce(world: World, random: () => number, counts: WorldCounts): void {
  const placements = world.scheduler.decide(world.nowSeconds)
  // The process dies before it has written: nobody has heard of these decisions, and they are made again.
  if (random() < 0.05) {
    world.scheduler = restoreScheduler(world.disk)
    counts.restarts++
    return
  }
  world.disk = world.scheduler.snapshot()
  record(world, placements, counts)
}

function record(world: World, placements: readonly LivePlacement[], counts: WorldCounts): void {
  for (const { task, machine, attempt, evicts } of placements) {
    const key = `${task}/${attempt}`
    if (world.decided.has(key)) throw new Error(`${key} was decided twice`)
    const last = world.lastAttempt.get(task) ?? 0
    if (attempt !== last + 1) throw new Error(`${task}: attempt ${attempt} follows ${last}`)
    world.decided.set(key, machine)
    world.lastAttempt.set(task, attempt)
    counts.placements++
    counts.evictions += evicts.length
  }
}

function restart(world: World, counts: WorldCounts): void {
  world.scheduler = restoreScheduler(JSON.parse(JSON.stringify(world.disk)) as SchedulerSnapshot)
  counts.restarts++
}

/** A copy made from a snapshot decides as the original does. */
function compareWithCopy(world: World, counts: WorldCounts): void {
  const copy = restoreScheduler(JSON.parse(JSON.stringify(world.scheduler.snapshot())) as SchedulerSnapshot)
  const theirs = JSON.stringify(copy.decide(world.nowSeconds))
  const placements = world.scheduler.decide(world.nowSeconds)
  if (JSON.stringify(placements) !== theirs) throw new Error(`a restored scheduler decides ${theirs}`)
  world.disk = world.scheduler.snapshot()
  record(world, placements, counts)
  counts.comparisons++
}

function check(world: World, step: number): void {
  const { waiting, running, ended, machines } = world.scheduler.snapshot()
  const places = new Map<string, number>()
  for (const { task } of [...waiting, ...running]) places.set(task.id, (places.get(task.id) ?? 0) + 1)
  for (const [id] of ended) places.set(id, (places.get(id) ?? 0) + 1)
  for (const id of world.accepted) {
    if (places.get(id) !== 1) throw new Error(`step ${step}: ${id} is in ${places.get(id) ?? 0} places`)
  }
  const known = new Map(machines.map(({ id, capacity }) => [id, capacity['cpu']!]))
  for (const { task, machine, attempt } of running) {
    if (!known.has(machine)) throw new Error(`step ${step}: ${task.id} runs on ${machine}, which is gone`)
    const decided = world.decided.get(`${task.id}/${attempt}`)
    if (decided !== machine) throw new Error(`step ${step}: ${task.id} runs on ${machine}, decided was ${decided}`)
  }
  for (const [id, cpu] of known) {
    const load = running
      .filter(({ machine }) => machine === id)
      .reduce((sum, { task }) => sum + task.demand!['cpu']!, 0)
    // What a machine lost under its tasks is not the scheduler's doing; placing more there would be.
    if (
      load > cpu &&
      running.some(({ machine, placedSeconds }) => machine === id && placedSeconds === world.nowSeconds)
    ) {
      throw new Error(`step ${step}: ${id} was given ${load} of ${cpu}`)
    }
  }
}

/** The faults stop, all reports arrive, and every task must come to its end. */
function drain(world: World, counts: WorldCounts): void {
  for (const report of world.mail.splice(0)) hand(world, report, counts)
  const version = 1 + Math.max(0, ...Array.from(world.capacity.values(), (machine) => machine.version))
  hand(world, { kind: 'machine', machine: 'large', version, cpu: 1e6 }, counts)
  while (world.scheduler.waiting().length + world.scheduler.running().length > 0) {
    world.nowSeconds += 1
    record(world, world.scheduler.decide(world.nowSeconds), counts)
    const running = world.scheduler.running()
    if (running.length === 0) throw new Error('tasks wait beside a machine that has room for all')
    for (const { task, attempt } of running) world.scheduler.finished(task.id, { status: 'finished', attempt })
  }
  const ended = new Map(world.scheduler.snapshot().ended)
  for (const id of world.accepted) if (!ended.has(id)) throw new Error(`${id} was lost`)
}
