import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { Assignment } from '../../model/assignment.ts'
import { createProblem, type Problem } from '../../model/problem.ts'
import { constraintsOf } from '../constraints/constraints.ts'
import { refusal } from './candidates.ts'
import type { LiveMachine } from './live-machine.ts'
import type { SchedulerState, WaitingTask } from './scheduler-state.ts'

/**
 * The machine that a batch solver gives each waiting task: a static problem of the tasks that wait and the machines that
 * are there. A pair that demand, labels, taints, affinity or the user's filter rule out takes forever.
 *
 * @throws CloudschedError `invalid-input` where a task has no length, or some machines have a price and others none
 */
export function planBatch(
  state: SchedulerState,
  line: readonly WaitingTask[],
  solve: (problem: Problem) => { readonly assignment: Assignment },
): Map<string, LiveMachine> {
  const machines = [...state.machines.values()]
  const rows = line
    .map((waiting) => ({ waiting, row: secondsOn(state, waiting, machines) }))
    .filter(({ row }) => row.some(Number.isFinite))
  if (rows.length === 0) return new Map()
  const priced = machines.filter(({ pricePerSecond }) => pricePerSecond !== undefined)
  if (priced.length > 0 && priced.length < machines.length) {
    throw new CloudschedError('invalid-input', [
      { path: 'machines', received: priced.length, expected: 'priced all or none, for a batch solver to weigh cost' },
    ])
  }
  const problem = createProblem({
    etc: { values: Float64Array.from(rows.flatMap(({ row }) => row)), vmCount: machines.length },
    ...(priced.length > 0 ? { vms: { pricePerSecond: machines.map(({ pricePerSecond }) => pricePerSecond!) } } : {}),
  })
  const { assignment } = solve(problem)
  const plan = new Map<string, LiveMachine>()
  rows.forEach(({ waiting }, i) => {
    const machine = machines[assignment[i] ?? -1]
    if (machine) plan.set(waiting.task.id, machine)
  })
  return plan
}

/** Seconds that the task would run on each machine alone; Infinity where it may not, or is too large even for an empty one. */
function secondsOn(state: SchedulerState, waiting: WaitingTask, machines: readonly LiveMachine[]): number[] {
  const { lengthMi, id, demand = {} } = waiting.task
  if (lengthMi === undefined) {
    const hint = 'A batch solver balances running times: submit the task with its length, or decide without a solver.'
    throw new CloudschedError('invalid-input', [
      { path: `tasks['${id}'].lengthMi`, received: lengthMi, expected: 'given', hint },
    ])
  }
  const constraints = constraintsOf(waiting.task, state.counts, state.machines)
  return machines.map((machine) => {
    const { capacity, speedMips = 1 } = machine
    const isLarge = Object.entries(demand).some(([resource, amount]) => amount > (capacity[resource] ?? 0))
    return isLarge || refusal(state, waiting, constraints, machine) !== null ? Infinity : lengthMi / speedMips
  })
}
