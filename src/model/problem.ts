import { CloudschedError, type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { type Columns, type EntityRules, readColumns } from './columns.ts'
import { createEligibility, type Eligibility, findUnplaceable } from './eligibility.ts'
import { type EtcInput, readEtc } from './etc.ts'
import { readOffers, readRequirements } from './requirements.ts'
import { type TaskColumns, type TaskField, type TaskInput, taskFields } from './task.ts'
import { type VmColumns, type VmField, type VmInput, vmFields } from './vm.ts'

/** A problem as a user states it: uniform machines by lengths and speeds, or unrelated machines by an ETC matrix. */
export interface ProblemInput {
  /** The tasks; may be left out when `etc` is given and they have no other properties. */
  readonly tasks?: readonly TaskInput[] | TaskColumns
  /** The VMs; may be left out when `etc` is given and they have no other properties. */
  readonly vms?: readonly VmInput[] | VmColumns
  /** Expected time to compute, in seconds: task i on VM j. 0 is a task done in no time; Infinity keeps the task off the VM. */
  readonly etc?: EtcInput
}

/** What both kinds of problem have. */
export interface ProblemBase {
  readonly taskCount: number
  readonly vmCount: number
  /** Money per second of each VM; null when the problem has no prices. */
  readonly pricePerSecond: Float64Array | null
  /** Which VM may take which task; null when all may take all. */
  readonly eligibility: Eligibility | null
  /** Names, where the input gave any. */
  readonly taskIds: readonly string[] | null
  readonly vmIds: readonly string[] | null
  /** Columns that the static model does not use: arrivals, deadlines, transfers, cores. */
  readonly taskColumns: Columns<TaskField>['values']
  readonly vmColumns: Columns<VmField>['values']
}

/** Uniform machines: task i takes lengthMi[i] / speedMips[j] seconds on VM j, equation (2). */
export interface UniformTimes {
  readonly etc: null
  readonly lengthMi: Float64Array
  readonly speedMips: Float64Array
}

/** Unrelated machines: task i takes etc[i * vmCount + j] seconds on VM j. */
export interface UnrelatedTimes {
  readonly etc: Float64Array
  readonly lengthMi: null
  readonly speedMips: null
}

/**
 * A valid problem over typed arrays. It is only made by `createProblem`, and nobody writes to it: functions that take
 * a `Problem` need no checks of their own.
 */
export type Problem = ProblemBase & (UniformTimes | UnrelatedTimes)

const problemKeys = ['tasks', 'vms', 'etc']

/**
 * Checks tasks and VMs and lays them out for the solvers: the only place where a problem is validated.
 *
 * @throws CloudschedError `invalid-input` with every broken rule at once; `infeasible` when a task fits no VM
 * @example
 * const problem = createProblem({
 *   tasks: [{ lengthMi: 90_000 }, { lengthMi: 60_000 }],
 *   vms: [{ speedMips: 800, pricePerSecond: 0.02 }, { speedMips: 400, pricePerSecond: 0.007 }],
 * })
 */
export function createProblem(input: ProblemInput): Problem {
  if (typeof input !== 'object' || input === null)
    throw new CloudschedError('invalid-input', [
      { path: 'problem', received: input, expected: 'an object with tasks and vms' },
    ])
  const findings: Finding[] = []
  for (const key of Object.keys(input)) {
    if (!problemKeys.includes(key))
      findings.push({ path: key, received: key, expected: `one of ${problemKeys.join(', ')}` })
  }
  const { etc } = input
  const hasEtc = etc !== undefined
  const tasks = input.tasks === undefined && hasEtc ? null : readColumns(input.tasks, taskRules(hasEtc), findings)
  const vms = input.vms === undefined && hasEtc ? null : readColumns(input.vms, vmRules(hasEtc), findings)
  const matrix = hasEtc ? readEtc(etc, tasks?.count, vms?.count, findings) : null
  const taskCount = tasks?.count ?? matrix?.taskCount ?? 0
  const vmCount = vms?.count ?? matrix?.vmCount ?? 0
  const { lengthMi, ...taskColumns } = tasks?.values ?? {}
  const { speedMips, pricePerSecond, ...vmColumns } = vms?.values ?? {}
  const requirements = readRequirements(input.tasks, taskColumns.cores, findings)
  const offers = readOffers(input.vms, vmCount, vmColumns.cores, findings)
  if (hasEtc && lengthMi) findings.push(besidesEtc('tasks', 'lengthMi', lengthMi))
  if (hasEtc && speedMips) findings.push(besidesEtc('vms', 'speedMips', speedMips))
  if (vmCount === 0 && !findings.some(({ path }) => /^(vms|etc)/.test(path))) {
    findings.push({ path: 'vms', received: 0, expected: 'at least one VM' })
  }
  throwFindings('invalid-input', findings)

  const times: UniformTimes | UnrelatedTimes = matrix
    ? { etc: matrix.values, lengthMi: null, speedMips: null }
    : { etc: null, lengthMi: lengthMi!, speedMips: speedMips! }
  throwFindings('invalid-input', findOverflow(times, taskCount, pricePerSecond ?? null))
  const eligibility = createEligibility(requirements, taskCount, offers, times.etc)
  if (eligibility) throwFindings('infeasible', findUnplaceable(eligibility))
  return Object.freeze({
    taskCount,
    vmCount,
    pricePerSecond: pricePerSecond ?? null,
    eligibility,
    taskIds: tasks?.ids ?? null,
    vmIds: vms?.ids ?? null,
    taskColumns,
    vmColumns,
    ...times,
  })
}

/**
 * Tells a problem from the input that one is made of: the mistake that is made most easily.
 *
 * @throws CloudschedError `invalid-input`
 */
export function checkProblem(problem: Problem): void {
  if (typeof problem === 'object' && problem !== null && 'taskCount' in problem) return
  const hint = 'Call createProblem({ tasks, vms }) first, and hand in what it returns.'
  throw new CloudschedError('invalid-input', [
    { path: 'problem', received: problem, expected: 'a problem made by createProblem', hint },
  ])
}

/** Name of a task: its id, or its index. */
export function taskId(problem: Problem, task: number): string {
  return problem.taskIds?.[task] ?? String(task)
}

/** Name of a VM: its id, or its index. */
export function vmId(problem: Problem, vm: number): string {
  return problem.vmIds?.[vm] ?? String(vm)
}

/** Seconds that a task runs on a VM, ect_ij: equation (2), or the entry of the ETC matrix. */
export function executionSeconds(problem: Problem, task: number, vm: number): number {
  return problem.etc === null
    ? problem.lengthMi[task]! / problem.speedMips[vm]!
    : problem.etc[task * problem.vmCount + vm]!
}

/** Whether a VM may take a task. */
export function isEligible({ eligibility }: Problem, task: number, vm: number): boolean {
  return eligibility === null || eligibility.classes[eligibility.classOf[task]!]!.allowed[vm] === 1
}

/** The VMs that may take a task, ascending; `all` is handed back where every VM may. */
export function eligibleVms({ eligibility }: Problem, task: number, all: Int32Array): Int32Array {
  return eligibility === null ? all : eligibility.classes[eligibility.classOf[task]!]!.vms
}

/** The indices of all VMs, ascending. */
export function allVms({ vmCount }: Problem): Int32Array {
  return Int32Array.from({ length: vmCount }, (_, vm) => vm)
}

function taskRules(hasEtc: boolean): EntityRules<TaskField> {
  return {
    name: 'tasks',
    fields: taskFields,
    otherKeys: ['demand', 'requiredLabels'],
    required: hasEtc ? null : 'lengthMi',
  }
}

function vmRules(hasEtc: boolean): EntityRules<VmField> {
  return { name: 'vms', fields: vmFields, otherKeys: ['capacity', 'labels'], required: hasEtc ? null : 'speedMips' }
}

function besidesEtc(entity: 'tasks' | 'vms', field: string, [first]: Float64Array): Finding {
  return {
    path: `${entity}[0].${field}`,
    received: first,
    expected: 'absent when etc is given',
    hint: 'Times come either from lengths and speeds or from the matrix.',
  }
}

/** Sums of work, times, costs and prices must stay finite, or every figure that follows is Infinity or NaN. */
function findOverflow(
  { etc, lengthMi, speedMips }: UniformTimes | UnrelatedTimes,
  taskCount: number,
  prices: Float64Array | null,
): Finding[] {
  const longest = etc
    ? largest(etc)
    : largest(lengthMi) / speedMips.reduce((least, speed) => Math.min(least, speed), Infinity)
  const work = etc ? 0 : largest(lengthMi)
  const price = prices ? largest(prices) * prices.length : 0
  const total = taskCount * Math.max(work, longest * Math.max(1, price)) + price
  return total < Infinity
    ? []
    : [
        {
          path: etc ? 'etc' : 'tasks',
          received: total,
          expected: 'small enough for the sums of work, times and costs to be finite',
        },
      ]
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => (value < Infinity ? Math.max(most, value) : most), 0)
}
