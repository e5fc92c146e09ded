import { isCloudschedError } from '../../errors/cloudsched-error.ts'
import { checkOptions } from '../../errors/read-options.ts'
import { restoreScheduler, type Scheduler } from '../scheduler/create-scheduler.ts'
import type { DecideOptions, LivePlacement } from '../scheduler/decide.ts'
import type { SchedulerOptions } from '../scheduler/scheduler-options.ts'
import type { SchedulerSnapshot } from '../scheduler/snapshot.ts'

/** A placement that one of several schedulers would like, decided on what it had last seen of the machines. */
export interface Proposal {
  readonly task: string
  readonly machine: string
  readonly attempt: number
  /** Revision of the machine that it had seen. */
  readonly revision: number
}

/** A proposal that came too late, and why: its scheduler looks again and decides anew. */
export interface Conflict extends Proposal {
  readonly reason: string
}

/** When a machine that has changed since it was seen makes a conflict. */
export type ConflictRule =
  /** Only where the task no longer fits or may no longer run there. */
  | 'room'
  /** Always, after the first of the proposals of one commit that name it. */
  | 'revision'

/**
 * Decides for the tasks of one of several schedulers, on a copy of the shared state that may be old. Nothing is placed by
 * it: the proposals are to be committed.
 *
 * @param replica - snapshot of the shared scheduler, as old as may be
 * @param mine - whether this scheduler is to place a waiting task
 * @throws CloudschedError `checkpoint` for a snapshot of another version
 */
export function proposePlacements(
  replica: SchedulerSnapshot,
  mine: (task: string) => boolean,
  nowSeconds: number,
  hooks: Pick<SchedulerOptions, 'rule' | 'filter' | 'score'> & DecideOptions = {},
): Proposal[] {
  checkOptions(hooks)
  const { solve, ...functions } = hooks
  const settings = { ...replica.settings, preemption: false }
  const scheduler = restoreScheduler({ ...replica, settings }, functions)
  for (const { id } of scheduler.waiting()) if (!mine(id)) scheduler.cancel(id)
  const at = Math.max(nowSeconds, replica.nowSeconds ?? nowSeconds)
  return scheduler.decide(at, solve ? { solve } : {}).map(({ task, machine, attempt }) => ({
    task,
    machine,
    attempt,
    revision: replica.revisions[machine]!,
  }))
}

/**
 * Commits proposals to the shared scheduler, one after the other: optimistic concurrency in the manner of Omega (Schwarzkopf
 * et al. 2013). A proposal whose task waits no longer for that attempt, or whose machine no longer takes it, changes nothing.
 */
export function commitProposals(
  shared: Scheduler,
  proposals: readonly Proposal[],
  nowSeconds: number,
  rule: ConflictRule = 'room',
): { readonly placements: LivePlacement[]; readonly conflicts: Conflict[] } {
  const placements: LivePlacement[] = []
  const conflicts: Conflict[] = []
  // Its own placements of this commit raise the revision too, and are no conflict.
  const own = new Map<string, number>()
  for (const proposal of proposals) {
    const { task, machine, attempt } = proposal
    const reason = obstacle(shared, proposal, own.get(machine) ?? 0, rule)
    if (reason === null) {
      try {
        shared.assign(task, machine, nowSeconds)
        placements.push({ task, machine, attempt, atSeconds: nowSeconds, evicts: [] })
        own.set(machine, (own.get(machine) ?? 0) + 1)
      } catch (error) {
        if (!isCloudschedError(error)) throw error
        conflicts.push({ ...proposal, reason: error.message })
      }
    } else conflicts.push({ ...proposal, reason })
  }
  return { placements, conflicts }
}

/** What stands against a proposal before room is looked at. */
function obstacle(shared: Scheduler, proposal: Proposal, own: number, rule: ConflictRule): string | null {
  const attempts = shared.attemptsOf(proposal.task)
  if (attempts === null) return 'the task does not wait any more'
  if (attempts !== proposal.attempt - 1) return `the task has been placed ${attempts} times by now`
  const revision = shared.revision(proposal.machine)
  if (revision === null) return 'the machine is gone'
  return rule === 'revision' && revision !== proposal.revision + own
    ? 'the machine has changed since it was seen'
    : null
}
