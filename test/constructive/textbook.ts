import fc from 'fast-check'
import { allVms, createProblem, eligibleVms, executionSeconds, type Problem } from '../../src/model/problem.ts'
import { unrelatedProblems } from '../small-problems.ts'

/** Where a task finishes when it goes to a VM now. */
interface Offer {
  readonly task: number
  readonly vm: number
  readonly finish: number
}

/**
 * The batch heuristics as the textbook has them, O(n^2 m): of all tasks left, the one that `prefers` likes best goes to
 * the VM that finishes it first; ties go to the lower task and VM.
 */
export function batchMode(problem: Problem, urgency: (first: number, second: number) => number): number[] {
  const vmSeconds = new Array<number>(problem.vmCount).fill(0)
  const assignment = new Array<number>(problem.taskCount).fill(-1)
  for (let step = 0; step < problem.taskCount; step++) {
    const offers = assignment.flatMap((vm, task) => (vm < 0 ? [byFinish(problem, task, vmSeconds)] : []))
    const urgencies = offers.map(([first, second]) => urgency(first!.finish, second?.finish ?? Infinity))
    const { task, vm, finish } = offers[urgencies.indexOf(Math.max(...urgencies))]![0]!
    assignment[task] = vm
    vmSeconds[vm] = finish
  }
  return assignment
}

/** Places tasks in an order, each where it finishes first. */
export function inOrder(problem: Problem, order: readonly number[]): number[] {
  const vmSeconds = new Array<number>(problem.vmCount).fill(0)
  const assignment = new Array<number>(problem.taskCount).fill(-1)
  for (const task of order) {
    const { vm, finish } = byFinish(problem, task, vmSeconds)[0]!
    assignment[task] = vm
    vmSeconds[vm] = finish
  }
  return assignment
}

/** All VMs that may take a task, by when they finish it; ties by VM. */
function byFinish(problem: Problem, task: number, vmSeconds: readonly number[]): Offer[] {
  return Array.from(eligibleVms(problem, task, allVms(problem)), (vm) => ({
    task,
    vm,
    finish: vmSeconds[vm]! + executionSeconds(problem, task, vm),
  })).sort((a, b) => a.finish - b.finish || a.vm - b.vm)
}

/**
 * Uniform machines of whole lengths and speeds, so that two different finishes never round to one: that would leave the
 * choice to the order in which a method looks at them. `labels`: each task asks for one of two, each VM carries one.
 */
function wholeUniformProblems(labels: boolean): fc.Arbitrary<Problem> {
  const label = fc.constantFrom('a', 'b')
  const task = fc.record({ lengthMi: fc.integer({ min: 1, max: 30 }), label: fc.constantFrom('a', 'b', 'any') })
  const vm = fc.record({
    speedMips: fc.integer({ min: 1, max: 6 }),
    pricePerSecond: fc.integer({ min: 1, max: 9 }),
    label,
  })
  return fc
    .record({
      tasks: fc.array(task, { maxLength: 25 }),
      vms: fc.array(vm, { minLength: 1, maxLength: 8 }),
    })
    .map(({ tasks, vms }) =>
      createProblem({
        tasks: tasks.map(({ lengthMi, label: kind }) =>
          labels && vms.some((other) => other.label === kind) ? { lengthMi, requiredLabels: { kind } } : { lengthMi },
        ),
        vms: vms.map(({ label: kind, ...rest }) => ({ ...rest, labels: { kind } })),
      }),
    )
}

export const uniform: fc.Arbitrary<Problem> = wholeUniformProblems(false)

/** Unrelated machines, uniform ones of which each takes every task, and uniform ones that refuse some. */
export const anyProblem: fc.Arbitrary<Problem> = fc.oneof(
  unrelatedProblems({ tasks: 15, vms: 12 }),
  uniform,
  wholeUniformProblems(true),
)
