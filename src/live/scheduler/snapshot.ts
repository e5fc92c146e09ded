import { CloudschedError, type Finding, throwFindings } from '../../errors/cloudsched-error.ts'
import { checkOptions } from '../../errors/read-options.ts'
import { checkLiveMachine, type LiveMachine } from './live-machine.ts'
import { checkLiveTask, type LiveTask } from './live-task.ts'
import { readSchedulerOptions, type SchedulerOptions } from './scheduler-options.ts'
import {
  createState,
  type Ending,
  enterMachine,
  residentOf,
  type SchedulerState,
  waitingTask,
} from './scheduler-state.ts'

/** All that a scheduler knows, as plain data: it survives JSON. Functions among the options are not in it. */
export interface SchedulerSnapshot {
  readonly format: 'cloudsched/live-scheduler'
  readonly version: 1
  readonly settings: Readonly<Required<Omit<SchedulerOptions, 'rule' | 'filter' | 'score'>>>
  /** `null` before the first decision. */
  readonly nowSeconds: number | null
  readonly sequence: number
  /** Names of resources in the order in which the fleet learnt them: sums over them must round alike. */
  readonly resources: readonly string[]
  readonly machines: readonly LiveMachine[]
  readonly revisions: Readonly<Record<string, number>>
  readonly waiting: readonly { readonly task: LiveTask; readonly sequence: number; readonly attempts: number }[]
  readonly running: readonly {
    readonly task: LiveTask
    readonly sequence: number
    readonly machine: string
    readonly devices: readonly number[]
    readonly attempt: number
    readonly placedSeconds: number
    readonly hasStarted: boolean
  }[]
  readonly ended: readonly (readonly [id: string, ending: Ending])[]
}

export function snapshot(state: SchedulerState): SchedulerSnapshot {
  const { settings, fleet, machines, waiting, running, ended, sequence, nowSeconds } = state
  const { rule: _, filter: __, score: ___, ...plain } = settings
  return structuredClone({
    format: 'cloudsched/live-scheduler',
    version: 1,
    settings: plain,
    nowSeconds: nowSeconds === -Infinity ? null : nowSeconds,
    sequence,
    resources: [...fleet.state.vocabulary.resources.keys()],
    machines: [...machines.values()],
    revisions: Object.fromEntries(state.revisions),
    waiting: Array.from(waiting.values(), ({ task, sequence: own, attempts }) => ({ task, sequence: own, attempts })),
    running: Array.from(running.values(), ({ task, sequence: own, machine, attempt, placedSeconds, hasStarted }) => ({
      task,
      sequence: own,
      machine,
      devices: fleet.placement(task.id)!.devices,
      attempt,
      placedSeconds,
      hasStarted,
    })),
    ended: [...ended],
  })
}

/**
 * The state that a snapshot was taken of. Settings are those of the snapshot; hooks come with the options, since a
 * function does not survive JSON.
 *
 * @throws CloudschedError `checkpoint` for data of another kind or version, or that contradicts itself
 */
export function restore(
  data: SchedulerSnapshot,
  hooks: Pick<SchedulerOptions, 'rule' | 'filter' | 'score'>,
): SchedulerState {
  if (data?.format !== 'cloudsched/live-scheduler' || data.version !== 1) {
    const received = data && { format: data.format, version: data.version }
    const expected = `{ format: 'cloudsched/live-scheduler', version: 1 }`
    throw new CloudschedError('checkpoint', [{ path: 'snapshot', received, expected }])
  }
  checkOptions(hooks)
  const state = createState(readSchedulerOptions({ ...data.settings, ...hooks }))
  checkContents(data)
  // A machine that has all of them teaches the fleet their order.
  const teacher = { id: 'order of resources', capacity: Object.fromEntries(data.resources.map((name) => [name, 0])) }
  state.fleet.removeMachine(state.fleet.addMachine(teacher))
  const tasksOn = new Map<string, SchedulerSnapshot['running'][number][]>(data.machines.map(({ id }) => [id, []]))
  for (const one of data.running) tasksOn.get(one.machine)!.push(one)
  for (const machine of data.machines) addWithTasks(state, machine, tasksOn.get(machine.id)!)
  for (const { task, sequence, attempts } of data.waiting) {
    state.waiting.set(task.id, waitingTask(state, structuredClone(task), sequence, attempts))
  }
  // In the order of the snapshot, not of the machines.
  for (const { task } of data.running) {
    const one = state.running.get(task.id)!
    state.running.delete(task.id)
    state.running.set(task.id, one)
  }
  for (const [id, revision] of Object.entries(data.revisions)) state.revisions.set(id, revision)
  for (const [id, ending] of data.ended) state.ended.set(id, ending)
  state.sequence = data.sequence
  state.nowSeconds = data.nowSeconds ?? -Infinity
  return state
}

/** A machine with what runs on it, also where its capacity was lowered below that since. */
function addWithTasks(state: SchedulerState, machine: LiveMachine, tasks: SchedulerSnapshot['running']): void {
  const { id, capacity } = machine
  const held: Record<string, number> = { ...capacity }
  for (const resource of new Set(tasks.flatMap(({ task }) => Object.keys(task.demand ?? {})))) {
    const sum = tasks.reduce((total, { task }) => total + (task.demand?.[resource] ?? 0), 0)
    if (resource !== state.settings.devices) held[resource] = Math.max(held[resource] ?? 0, sum + 1)
  }
  const index = state.fleet.addMachine({ id, capacity: held })
  enterMachine(state, structuredClone(machine))
  for (const { task, sequence, attempt, placedSeconds, hasStarted, devices } of tasks) {
    const { request, shape } = waitingTask(state, structuredClone(task), sequence, attempt)
    state.fleet.place(task.id, request, index, devices)
    const one = { task, request, sequence, shape, attempts: attempt, machine: id, attempt, placedSeconds, hasStarted }
    const running = { ...one, ...residentOf(task, machine) }
    state.counts.add(running)
    state.running.set(task.id, running)
    state.lowestPriority = Math.min(state.lowestPriority, task.priority ?? 0)
  }
  state.fleet.changeMachine(index, { id, capacity })
}

/** Tasks and machines keep their rules, and every running task names a machine that is there. */
function checkContents({ machines, waiting, running, ended }: SchedulerSnapshot): void {
  const findings: Finding[] = []
  const known = new Set<string>()
  machines.forEach((machine, k) => findings.push(...at(`machines[${k}]`, checkLiveMachine(machine))))
  const names = new Set(machines.map(({ id }) => id))
  const lists = { waiting, running }
  for (const [list, entries] of Object.entries(lists)) {
    entries.forEach(({ task }, k) => {
      findings.push(...at(`${list}[${k}]`, checkLiveTask(task)))
      if (known.has(task?.id)) findings.push({ path: `${list}[${k}].task.id`, received: task.id, expected: 'unique' })
      known.add(task?.id)
    })
  }
  running.forEach(({ machine }, k) => {
    if (names.has(machine)) return
    findings.push({ path: `running[${k}].machine`, received: machine, expected: 'the id of a machine of the snapshot' })
  })
  ended.forEach(([id], k) => {
    if (known.has(id))
      findings.push({ path: `ended[${k}]`, received: id, expected: 'a task that neither waits nor runs' })
  })
  throwFindings('checkpoint', findings)
}

function at(prefix: string, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, path: `${prefix}.${finding.path}` }))
}
