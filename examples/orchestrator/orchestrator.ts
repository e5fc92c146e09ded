/**
 * The loop: take orders, decide, save, start, look what became of it. One rule keeps it safe from a kill at any moment:
 * **first it is on the disk, then it is said or done.**
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  createScheduler,
  type LiveExplanation,
  type LiveMachine,
  type LiveTask,
  restoreScheduler,
  type RunningView,
  type SchedulerSnapshot,
} from 'cloudsched/live'
import type { AttemptResult } from './attempt-files.ts'
import { createAttempts } from './attempts.ts'
import { type StateFile, stateFile } from './state-file.ts'
import type { Work } from './work.ts'

export interface OrchestratorOptions {
  /** Where the state and the files of the attempts stand. */
  readonly folder: string
  readonly machines: readonly LiveMachine[]
  /** An attempt without a sign of life for longer is given up. */
  readonly leaseSeconds: number
  /** Ended tasks that are remembered with their results. */
  readonly remembered: number
}

type Ending = 'finished' | 'cancelled' | 'abandoned'

/** A task that has ended, and what its last attempt came to. */
export interface EndedTask {
  readonly state: Ending
  readonly id: string
  /** `null` for one that was cancelled while it waited. */
  readonly last: { readonly machine: string; readonly attempt: number; readonly result: AttemptResult } | null
  /** Names its folder. */
  readonly number: number
}

/** A running task, and where its attempt leaves its files. */
export interface RunningTask extends RunningView {
  readonly folder: string
}

interface Saved {
  readonly format: 'orchestrator example, version 1'
  readonly scheduler: SchedulerSnapshot
  /** What the scheduler does not know of a task that waits or runs. */
  readonly orders: readonly (readonly [id: string, order: { readonly number: number; readonly work: Work }])[]
  readonly orderCount: number
  readonly ended: readonly EndedTask[]
  readonly endings: Readonly<Record<Ending, number>>
}

export interface Orchestrator {
  /** Resolves when the task is on the disk. @throws CloudschedError */
  submit(task: LiveTask, work: Work): Promise<void>
  /** Resolves with what became of the task: it may have finished just before. @throws CloudschedError */
  cancel(id: string): Promise<EndedTask>
  /** @throws CloudschedError for an unknown id */
  explain(id: string): LiveExplanation | EndedTask
  /** Gives up the present attempt of a running task, which is tried again. */
  giveUp(task: RunningTask, reason: string): void
  machines(): LiveMachine[]
  running(): RunningTask[]
  waiting(): LiveTask[]
  /** Those that are remembered, oldest first. */
  ended(): readonly EndedTask[]
  /** How many have ended in each way, remembered or not. */
  endings(): Readonly<Record<Ending, number>>
  /** Stops deciding. What runs goes on, and is found again at the next start. */
  stop(): Promise<void>
}

export function openOrchestrator({ folder, machines, leaseSeconds, remembered }: OrchestratorOptions): Orchestrator {
  const file: StateFile<Saved> = stateFile(join(folder, 'state.json'), () => ({
    format: 'orchestrator example, version 1',
    scheduler: scheduler.snapshot(),
    orders: [...orders],
    orderCount,
    ended,
    endings,
  }))
  const saved = file.read()
  // A process cannot move: nothing is pushed off a machine here.
  const scheduler = saved ? restoreScheduler(saved.scheduler) : createScheduler({ preemption: false, remembered })
  const orders = new Map(saved?.orders)
  const ended = [...(saved?.ended ?? [])]
  const endings = { finished: 0, cancelled: 0, abandoned: 0, ...saved?.endings }
  const attempts = createAttempts(leaseSeconds)
  let orderCount = saved?.orderCount ?? 0
  let nowSeconds = saved?.scheduler.nowSeconds ?? 0
  let turning: Promise<void> | null = null
  let isDue = false
  let isStopped = false

  for (const { id } of scheduler.machines()) if (!machines.some((machine) => machine.id === id)) removeMachine(id)
  for (const machine of machines) scheduler.machineChanged(machine)
  const timer = setInterval(wake, 250)
  wake()

  return {
    async submit(task, work) {
      scheduler.submit(task)
      orders.set(task.id, { number: orderCount++, work })
      await save()
      wake()
    },
    async cancel(id) {
      const task = running().find((one) => one.task.id === id)
      if (task) {
        attempts.giveUp(task, 'cancelled', 'cancelled on request')
        settle(task)
      } else {
        scheduler.cancel(id)
        enter(id, 'cancelled', null)
      }
      const entry = ended.at(-1)!
      await save()
      wake()
      return entry
    },
    explain: (id) => ended.findLast((task) => task.id === id) ?? scheduler.explain(id),
    giveUp(task, reason) {
      attempts.giveUp(task, 'failed', reason)
      wake()
    },
    machines: scheduler.machines,
    running,
    waiting: scheduler.waiting,
    ended: () => ended,
    endings: () => endings,
    async stop() {
      isStopped = true
      clearInterval(timer)
      await turning
      await save()
    },
  }

  /** What cannot be written ends the process: what is in memory is ahead of the disk, and must not be acted on. */
  async function save(): Promise<void> {
    try {
      await file.save()
    } catch (error) {
      console.error(error)
      process.exit(1)
    }
  }

  /** Sees to it that a turn follows. */
  function wake(): void {
    isDue = true
    turning ??= takeTurns()
  }

  async function takeTurns(): Promise<void> {
    while (isDue && !isStopped) {
      isDue = false
      await takeTurn()
    }
    turning = null
  }

  async function takeTurn(): Promise<void> {
    const countBefore = ended.length
    for (const task of running()) settle(task)
    // The clock of a computer may be set back; that of a scheduler must not.
    nowSeconds = Math.max(nowSeconds, Date.now() / 1000)
    const placements = scheduler.decide(nowSeconds)
    if (placements.length === 0 && ended.length === countBefore) return
    await save()
    // Some may have been cancelled while that was written.
    const starting = running().filter(({ task, attempt }) =>
      placements.some((placement) => placement.task === task.id && placement.attempt === attempt),
    )
    for (const task of starting) start(task)
    forgetOldest()
  }

  function start({ task: { id }, machine, attempt, folder: own }: RunningTask): void {
    attempts.start({ id, machine, attempt, folder: own, work: orders.get(id)!.work }, wake)
    scheduler.started(id, attempt)
  }

  /** Takes note of what became of the attempt of a task; of nothing while it goes on. */
  function settle(task: RunningTask): void {
    const { machine, attempt, placedSeconds } = task
    const { id } = task.task
    const result = attempts.result(task, 1000 * placedSeconds)
    if (!result) return
    const last = { machine, attempt, result }
    if (result.status === 'cancelled') {
      scheduler.cancel(id)
      return enter(id, 'cancelled', last)
    }
    const next = scheduler.finished(id, { status: result.status, attempt })
    if (next !== 'waiting') enter(id, next, last)
  }

  function enter(id: string, state: Ending, last: EndedTask['last']): void {
    endings[state]++
    ended.push({ state, id, last, number: orders.get(id)!.number })
    orders.delete(id)
  }

  /** The files of a task go when it is forgotten. */
  function forgetOldest(): void {
    for (const { number } of ended.splice(0, Math.max(0, ended.length - remembered))) {
      rmSync(folderOf(number), { recursive: true, force: true })
    }
  }

  /** Its attempts are given up first: they must not run beside the next ones. */
  function removeMachine(machine: string): void {
    for (const task of running().filter((one) => one.machine === machine)) {
      attempts.giveUp(task, 'failed', `machine ${machine} was taken out`)
      settle(task)
    }
    scheduler.machineRemoved(machine)
  }

  function running(): RunningTask[] {
    return scheduler.running().map((task) => ({ ...task, folder: folderOf(orders.get(task.task.id)!.number) }))
  }

  /** Not by the id, which may hold anything, and may come again long after it was forgotten. */
  function folderOf(number: number): string {
    return join(folder, String(number))
  }
}
