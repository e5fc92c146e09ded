import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DemandTrace } from '../../../src/model/demand-trace.ts'
import { oracle } from '../../../src/pipeline/closed-loop/oracle.ts'
import { type SchedulingResult, simulateScheduling } from '../../../src/pipeline/closed-loop/simulate-scheduling.ts'
import { demandTrace } from '../../../src/workload/demand-trace.ts'

const slices = 40

interface Walked {
  /** Work done of each task, MI. */
  readonly doneMi: number[]
  readonly deficitCoreSteps: number
}

/** Walks through the run in 40 slices a step, by the moves and the ends of work alone: shares no code with the loop. */
function walk(trace: DemandTrace, { history }: SchedulingResult): Walked {
  const { stepSeconds, pastSteps, tasks, pools } = trace
  const pool = tasks.map(() => -1)
  const ready = tasks.map(() => Infinity)
  const doneMi = tasks.map(() => 0)
  let deficitCoreSteps = 0
  const moves = [...history.moves]
  for (let step = pastSteps + 1; step <= history.lastStep; step++) {
    const begin = (step - 1 - pastSteps) * stepSeconds
    while (moves.length > 0 && moves[0]!.step === step - 1) {
      const { task, from, to } = moves.shift()!
      const { inputMegabytes = 0, memoryMegabytes = 0 } = tasks[task]!
      const slower = Math.min(pools[to]!.bandwidthMbps, from === null ? Infinity : pools[from]!.bandwidthMbps)
      const seconds =
        doneMi[task]! > 0 ? (8 * memoryMegabytes) / slower : (8 * inputMegabytes) / pools[to]!.bandwidthMbps
      pool[task] = to
      ready[task] = begin + seconds
    }
    for (let slice = 0; slice < slices; slice++) {
      const middle = begin + ((slice + 0.5) / slices) * stepSeconds
      const isThere = (task: number): boolean =>
        pool[task]! >= 0 && (history.tasks[task]!.workEndSeconds ?? Infinity) > middle
      pools.forEach(({ capacity, speedMips }, index) => {
        const members = tasks.map((_, task) => task).filter((task) => pool[task] === index && isThere(task))
        const load = members.reduce((sum, task) => sum + (tasks[task]!.demand['cpu'] as Float64Array)[step]!, 0)
        const cores = capacity['cpu']!
        deficitCoreSteps += Math.max(0, load - cores) / slices
        for (const task of members) {
          if (ready[task]! < middle) doneMi[task]! += (speedMips / Math.max(1, load / cores)) * (stepSeconds / slices)
        }
      })
    }
  }
  return { doneMi, deficitCoreSteps }
}

test('a walk through time in small slices finds the same work done and the same deficit', () => {
  const traces = fc.record({ seed: fc.integer({ min: 0, max: 1e6 }), taskCount: fc.integer({ min: 1, max: 9 }) })
  fc.assert(
    fc.property(traces, fc.boolean(), (options, foresees) => {
      const trace = demandTrace({ ...options, poolCount: 2, days: 1, stepsPerDay: 32, arrivalDays: 0.2 })
      // High thresholds, so that pools do get more than they can carry.
      const result = simulateScheduling(trace, foresees ? oracle(trace) : 'asq', { theta: 1, minGain: 0 })
      const { doneMi, deficitCoreSteps } = walk(trace, result)
      const slice = trace.stepSeconds / slices
      trace.tasks.forEach(({ lengthMi }, task) => {
        // Off by a slice at its start, at its end, at each end of a neighbour and at each move.
        const allowed = 1250 * slice * (2 + trace.tasks.length + result.history.moves.length)
        if (result.history.tasks[task]!.workEndSeconds !== null) {
          expect(Math.abs(doneMi[task]! - lengthMi!)).toBeLessThan(allowed)
        } else expect(doneMi[task]).toBeLessThan(lengthMi! + allowed)
      })
      expect(Math.abs(deficitCoreSteps - result.metrics.deficitCoreSteps)).toBeLessThan(
        (8 * trace.tasks.length) / slices,
      )
    }),
    { numRuns: 25 },
  )
})
