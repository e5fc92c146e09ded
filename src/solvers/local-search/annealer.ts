import { executionSeconds, isEligible } from '../../model/problem.ts'
import { estOf, type LoadState, makespanOf, moveTask, swapTasks } from '../../objective/load-state.ts'
import { ln, power } from '../../random/portable-math.ts'
import type { Rng } from '../../random/rng.ts'
import { pickIndex } from '../../random/sample.ts'
import { createCandidateMoves } from './candidate-moves.ts'
import type { Landscape } from './landscape.ts'
import { createTasksOnVms } from './tasks-on-vms.ts'

/** How a schedule is annealed. */
export interface Cooling {
  /** Temperatures at both ends, in units of the landscape's value per task. */
  readonly startTemperature: number
  readonly endTemperature: number
  /** Share of the proposals that are swaps, in [0, 1]. */
  readonly swap: number
}

/** A schedule that is shaken at a temperature. */
export interface Annealer {
  /**
   * Proposes so many moves and swaps, and makes those that Metropolis' rule accepts.
   *
   * @param cooled - how far the temperature is from the start to the end, in [0, 1]
   */
  propose(count: number, cooled: number): void
  /** est of the best schedule seen. */
  bestEst(): number
  readonly best: Int32Array
}

/** The temperature falls in so many steps. */
const levelCount = 64
/** Penalty on a second above the target at the start of the cooling, beside the worth of a second. */
const startPenalty = 10
/** Share of the way from the bound's time to the best schedule's at which the target stands. */
const targetShare = 0.3
/** A move is left out when its reduced cost is above this many temperatures. */
const temperaturesAllowed = 4

/** -ln of the middle of each of 4096 parts of (0, 1): exponential numbers for Metropolis' rule without a logarithm. */
const exponentials = Float64Array.from({ length: 4096 }, (_, k) => -ln((k + 0.5) / 4096))
const largestExponential = exponentials[0]!

/** An annealer that begins with, and changes, `state`. */
export function createAnnealer(
  state: LoadState,
  timeWeight: number,
  landscape: Landscape,
  cooling: Cooling,
  rng: Rng,
): Annealer {
  const { problem, assignment, vmSeconds } = state
  const { taskCount, vmCount } = problem
  const { merits, timeSeconds } = landscape
  const { startTemperature, endTemperature, swap } = cooling
  const value = landscape.value || makespanOf(state)
  const unit = value / taskCount
  const temperatures = Float64Array.from({ length: levelCount }, (_, level) => {
    const cooled = level / (levelCount - 1)
    return unit * startTemperature * power(endTemperature / startTemperature, cooled)
  })
  const candidates = createCandidateMoves(
    problem,
    landscape,
    temperatures.map((temperature) => temperaturesAllowed * temperature),
  )
  const tasksOnVms = createTasksOnVms(assignment, vmCount)
  const meanMerit = merits.reduce((sum, merit) => sum + merit, 0) / vmCount
  const penalties = new Float64Array(vmCount)

  const best = assignment.slice()
  let bestEst = estOf(state, timeWeight)
  let bestTime = makespanOf(state)
  let bestCost = state.cost
  let target = timeSeconds

  /** Rise of a VM's worth and penalty as its running time goes from one to another. */
  function rise(vm: number, before: number, after: number): number {
    const overBefore = before > target ? before - target : 0
    const overAfter = after > target ? after - target : 0
    return merits[vm]! * (after - before) + penalties[vm]! * (overAfter * overAfter - overBefore * overBefore)
  }

  function proposeOne(temperature: number): void {
    const move = candidates.draw(rng)
    const task = Math.floor(move / vmCount)
    const to = move - task * vmCount
    const from = assignment[task]!
    if (from === to) return
    const partner = rng() < swap ? tasksOnVms.draw(to, rng) : -1
    if (partner >= 0 && !isEligible(problem, partner, from)) return
    const before = vmSeconds[from]!
    const beforeTo = vmSeconds[to]!
    let after = before - executionSeconds(problem, task, from)
    let afterTo = beforeTo + executionSeconds(problem, task, to)
    if (partner >= 0) {
      after += executionSeconds(problem, partner, from)
      afterTo -= executionSeconds(problem, partner, to)
    }
    const delta = rise(from, before, after) + rise(to, beforeTo, afterTo)
    if (delta > 0) {
      if (delta > temperature * largestExponential) return
      if (delta > temperature * exponentials[pickIndex(rng, 4096)]!) return
    }
    if (partner >= 0) {
      swapTasks(state, task, partner)
      tasksOnVms.transfer(partner, to, from)
    } else moveTask(state, task, to)
    tasksOnVms.transfer(task, from, to)
    remember()
  }

  /** Keeps the schedule if it is the best by est. Since ln x >= 1 - 1/x, most are seen off without a logarithm. */
  function remember(): void {
    const time = makespanOf(state)
    const { cost } = state
    const leastRise =
      timeWeight === 1 ? time - bestTime : timeWeight * (1 - bestTime / time) + (1 - timeWeight) * (1 - bestCost / cost)
    if (leastRise >= 0) return
    const est = estOf(state, timeWeight)
    if (!(est < bestEst)) return
    bestEst = est
    bestTime = time
    bestCost = cost
    best.set(assignment)
    if (time > timeSeconds) target = timeSeconds + targetShare * (time - timeSeconds)
  }

  return {
    propose(count, cooled) {
      const level = Math.min(levelCount - 1, Math.floor(cooled * levelCount))
      const temperature = temperatures[level]!
      candidates.setLimit(level)
      // The penalty grows as the temperature falls: the width of the swings of the loads falls with the temperature.
      const penalty = (startPenalty * temperatures[0]!) / temperature / (2 * value)
      for (let vm = 0; vm < vmCount; vm++) penalties[vm] = penalty * 0.5 * (merits[vm]! + meanMerit)
      for (let k = 0; k < count; k++) proposeOne(temperature)
    },
    bestEst: () => bestEst,
    best,
  }
}
