import { longestFirst } from '../../constructive/task-order.ts'
import { allVms, eligibleVms, executionSeconds, type Problem } from '../../model/problem.ts'
import type { SolveOptions, SolveResult, SolveSteps } from '../../model/solver.ts'
import { proveByDual } from '../../objective/dual-bound.ts'
import { longest } from '../../objective/evaluate.ts'
import { leastEst } from '../../objective/frontier.ts'
import { startRun } from '../../objective/solve-run.ts'
import { weightedEst } from '../../objective/weighted.ts'
import { drive, driveAsync } from '../../run/drive.ts'
import type { StopReason } from '../../run/run-options.ts'
import { estOfAssignment, warmStart } from './warm-start.ts'

/** Options of `branchAndBound`: those of every solver; an evaluation is a node of the tree. */
export type BranchAndBoundOptions = SolveOptions

/** Nodes between two looks at the stop rules. */
const nodesPerStep = 1024

/** A difference of est this small is rounding. */
const rounding = 1e-12

/**
 * Proves the optimum of a small problem by depth-first branch and bound: the longest task first, its VMs in the order of
 * what they can lead to. A node is bounded by the lines of the dual bound, in which the tasks placed so far count at
 * their VM and the others at their best one, and by the earliest finish of the next task. Of VMs that are alike and
 * equally loaded only the first is tried. 12 tasks on 5 VMs take milliseconds to a second; the tree grows exponentially.
 *
 * @returns status 'optimal' when the tree is exhausted; when stopped before, `bound` is what the open part of the tree
 * leaves possible
 * @example
 * branchAndBound(problem, { timeWeight: 1 }).status // 'optimal'
 */
export function branchAndBound(problem: Problem, options: BranchAndBoundOptions = {}): SolveResult {
  return drive(branchAndBoundSteps(problem, options), options)
}

/** `branchAndBound` in pieces that leave room for timers and signals. */
export function branchAndBoundAsync(problem: Problem, options: BranchAndBoundOptions = {}): Promise<SolveResult> {
  return driveAsync(branchAndBoundSteps(problem, options), options)
}

/** `branchAndBound`, 1024 nodes at a time. */
export function* branchAndBoundSteps(problem: Problem, options: BranchAndBoundOptions = {}): SolveSteps {
  const run = startRun('branch-and-bound', problem, options, {}, {})
  const { timeWeight } = run
  const { taskCount, vmCount } = problem
  const order = longestFirst(problem)
  const boundOf = createNodeBound(problem, timeWeight, order)
  const twins = twinsOf(problem)
  const prices = problem.pricePerSecond ?? new Float64Array(vmCount)
  const all = allVms(problem)

  let best = warmStart(problem, timeWeight)
  let bestEst = estOfAssignment(problem, best, timeWeight)
  const vmSeconds = new Float64Array(vmCount)
  const assignment = new Int32Array(taskCount)
  let cost = 0

  // Per depth: the VMs worth trying, best first, what each can lead to at least, and which is being tried.
  const candidates = Array.from({ length: taskCount }, () => [] as { vm: number; bound: number }[])
  const trying = new Int32Array(taskCount).fill(-1)
  // Without tasks the tree is exhausted before it begins.
  let depth = taskCount > 0 ? 0 : -1
  let nodes = 0
  let stop: StopReason | null = null

  function place(task: number, vm: number): void {
    const seconds = executionSeconds(problem, task, vm)
    vmSeconds[vm]! += seconds
    cost += seconds * prices[vm]!
    assignment[task] = vm
  }

  /** Loads are put back, not subtracted: rounding would add up over millions of nodes. */
  const secondsBefore = new Float64Array(taskCount)
  const costBefore = new Float64Array(taskCount)

  function open(at: number): void {
    const task = order[at]!
    const list: { vm: number; bound: number }[] = []
    const vms = eligibleVms(problem, task, all)
    for (let k = 0; k < vms.length; k++) {
      const vm = vms[k]!
      if (twins[vm]!.some((twin) => twin < vm && vmSeconds[twin] === vmSeconds[vm])) continue
      const bound = boundOf(at, vm, vmSeconds, cost)
      nodes++
      if (bound < bestEst - rounding) list.push({ vm, bound })
    }
    candidates[at] = list.sort((a, b) => a.bound - b.bound || a.vm - b.vm)
    trying[at] = -1
  }

  /** Takes the next VM at a depth; false when none is left that could lead to something better. */
  function advance(at: number): boolean {
    const task = order[at]!
    if (trying[at]! >= 0) {
      vmSeconds[assignment[task]!] = secondsBefore[at]!
      cost = costBefore[at]!
    }
    const next = candidates[at]![++trying[at]!]
    if (!next || next.bound >= bestEst - rounding) return false
    secondsBefore[at] = vmSeconds[next.vm]!
    costBefore[at] = cost
    place(task, next.vm)
    return true
  }

  if (depth === 0) open(0)
  let untilLook = nodesPerStep
  while (depth >= 0 && stop === null) {
    if (!advance(depth)) depth--
    else if (depth + 1 < taskCount) open(++depth)
    else {
      const est = weightedEst(timeWeight, longest(vmSeconds), cost)
      if (est < bestEst) {
        bestEst = est
        best = assignment.slice()
      }
    }
    if (nodes >= untilLook) {
      untilLook = nodes + nodesPerStep
      stop = (yield run.progress(exploredShare(candidates, trying, depth), bestEst, nodes, nodes)).stop
    }
  }

  const isExhausted = depth < 0
  return run.finish({
    assignment: best,
    stop: isExhausted ? null : stop,
    history: [{ iteration: nodes, evaluations: nodes, best: bestEst }],
    evaluations: nodes,
    iterations: nodes,
    provenBound: Math.max(
      run.bound ?? -Infinity,
      isExhausted ? bestEst : openBound(candidates, trying, depth, bestEst),
    ),
  })
}

/** What a node can lead to at least: est when `order[at]` goes to `vm`, and all after it where they like. */
type NodeBound = (at: number, vm: number, vmSeconds: Float64Array, cost: number) => number

function createNodeBound(problem: Problem, timeWeight: number, order: Int32Array): NodeBound {
  const { taskCount, vmCount } = problem
  const prices = problem.pricePerSecond ?? new Float64Array(vmCount)
  const { cuts } = proveByDual(problem, timeWeight)
  const all = allVms(problem)
  const least = (worth: (task: number, vm: number) => number) =>
    suffixSums(order, (task) =>
      eligibleVms(problem, task, all).reduce((lowest, vm) => Math.min(lowest, worth(task, vm)), Infinity),
    )
  const cheapestLeft = least((task, vm) => executionSeconds(problem, task, vm) * prices[vm]!)
  const lines = cuts.map(({ costWeight, merits }) => ({
    costWeight,
    merits,
    left: least((task, vm) => merits[vm]! * executionSeconds(problem, task, vm)),
  }))
  const [onTime, ...sloped] = lines

  return (at, vm, vmSeconds, cost) => {
    const seconds = executionSeconds(problem, order[at]!, vm)
    const finish = vmSeconds[vm]! + seconds
    const lineValue = ({ merits, left }: (typeof lines)[number]) => {
      let value = left[at + 1]! + merits[vm]! * seconds
      for (let j = 0; j < vmCount; j++) value += merits[j]! * vmSeconds[j]!
      return value
    }
    let time = Math.max(finish, onTime ? lineValue(onTime) : 0)
    for (let j = 0; j < vmCount; j++) if (vmSeconds[j]! > time) time = vmSeconds[j]!
    if (at + 1 < taskCount) time = Math.max(time, earliestFinish(problem, order[at + 1]!, vmSeconds, vm, seconds, all))
    const costLeft = cost + seconds * prices[vm]! + cheapestLeft[at + 1]!
    if (sloped.length === 0) return weightedEst(timeWeight, time, costLeft)
    const nodeCuts = sloped.map((line) => ({ costWeight: line.costWeight, value: lineValue(line) }))
    return leastEst(nodeCuts, time, costLeft, timeWeight).est
  }
}

/** When a task can be finished at the earliest after another one has gone to `vm` for `seconds`. */
function earliestFinish(
  problem: Problem,
  task: number,
  vmSeconds: Float64Array,
  vm: number,
  seconds: number,
  all: Int32Array,
): number {
  const vms = eligibleVms(problem, task, all)
  let earliest = Infinity
  for (let k = 0; k < vms.length; k++) {
    const j = vms[k]!
    earliest = Math.min(earliest, vmSeconds[j]! + executionSeconds(problem, task, j) + (j === vm ? seconds : 0))
  }
  return earliest
}

/** Entry k: the sum over the tasks from place k of the order on. */
function suffixSums(order: Int32Array, worth: (task: number) => number): Float64Array {
  const sums = new Float64Array(order.length + 1)
  for (let k = order.length - 1; k >= 0; k--) sums[k] = sums[k + 1]! + worth(order[k]!)
  return sums
}

/** The VMs on which every task takes the same time at the same price, each with all of its kind. */
function twinsOf(problem: Problem): number[][] {
  const { vmCount, taskCount, pricePerSecond, eligibility } = problem
  const kinds = new Map<string, number[]>()
  return Array.from({ length: vmCount }, (_, vm) => {
    const times = problem.etc
      ? Array.from({ length: taskCount }, (_unused, task) => executionSeconds(problem, task, vm))
      : problem.speedMips[vm]
    const key = JSON.stringify([times, pricePerSecond?.[vm], eligibility?.classes.map(({ allowed }) => allowed[vm])])
    const kind = kinds.get(key) ?? []
    kinds.set(key, kind)
    kind.push(vm)
    return kind
  })
}

/** The least that a candidate not tried yet, or one being tried, can lead to. */
function openBound(
  candidates: readonly { bound: number }[][],
  trying: Int32Array,
  depth: number,
  bestEst: number,
): number {
  let bound = bestEst
  for (let at = 0; at <= depth; at++)
    for (const candidate of candidates[at]!.slice(Math.max(0, trying[at]!))) bound = Math.min(bound, candidate.bound)
  return bound
}

/** Share of the tree that is done, each candidate of a node counting the same. */
function exploredShare(candidates: readonly { bound: number }[][], trying: Int32Array, depth: number): number {
  let share = 0
  let width = 1
  for (let at = 0; at <= depth; at++) {
    const count = Math.max(1, candidates[at]!.length)
    share += (width * Math.max(0, trying[at]!)) / count
    width /= count
  }
  return Math.min(1, share)
}
