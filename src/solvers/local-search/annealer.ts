import { executionSeconds, isEligible, type Problem } from '../../model/problem.ts'
import { estOf, type LoadState, makespanOf } from '../../objective/load-state.ts'
import { longest } from '../../objective/evaluate.ts'
import { createTrials } from '../../objective/trials.ts'
import { weightedEst } from '../../objective/weighted.ts'
import { ln } from '../../random/portable-math.ts'
import type { Rng } from '../../random/rng.ts'
import { pickIndex } from '../../random/sample.ts'
import { candidateMoves, type Landscape } from './landscape.ts'

/** A schedule that is shaken at a temperature. */
export interface Annealer {
  /** @param temperature - in units of the landscape's value per task; `start` is where the cooling began */
  setTemperature(temperature: number, start: number): void
  /** Proposes so many moves and swaps, and makes those that Metropolis' rule accepts. */
  propose(count: number): void
  /** est of the best schedule seen. */
  bestEst(): number
  best(): Int32Array
}

/** Penalty on a second above the target at the start of the cooling, beside the worth of a second. */
const startPenalty = 10
/** Share of the way from the bound's time to the best schedule's at which the target stands. */
const targetShare = 0.3
/** A move is left out when its reduced cost is above this many temperatures ... */
const temperaturesAllowed = 3
/** ... but so many moves a task always stay. */
const fewestMovesPerTask = 2

/** -ln of the middle of each of 4096 parts of (0, 1): exponential numbers for Metropolis' rule without a logarithm. */
const exponentials = Float64Array.from({ length: 4096 }, (_, k) => -ln((k + 0.5) / 4096))

export function createAnnealer(
  problem: Problem,
  timeWeight: number,
  landscape: Landscape,
  start: LoadState,
  swap: number,
  rng: Rng,
): Annealer {
  const { taskCount, vmCount } = problem
  const { merits, value, timeSeconds } = landscape
  const prices = problem.pricePerSecond ?? new Float64Array(vmCount)
  const { leastRise } = createTrials(start, timeWeight)
  const candidates = candidateMoves(problem, landscape)
  const assignment = start.assignment.slice()
  const vmSeconds = start.vmSeconds.slice()
  let cost = start.cost
  const best = start.assignment.slice()
  let bestEst = estOf(start, timeWeight)
  let bestTime = makespanOf(start)
  let bestCost = start.cost

  // The tasks of each VM and the place of each task among them, to draw a partner for a swap.
  const tasksOn = Array.from({ length: vmCount }, () => [] as number[])
  const placeOf = new Int32Array(taskCount)
  const unit = value / taskCount
  const meanMerit = merits.reduce((sum, merit) => sum + merit, 0) / vmCount
  const penalties = new Float64Array(vmCount)
  let target = timeSeconds
  let allowed = candidates ? candidates.moves.length : 0
  let temperature = 0
  let longestVm = start.first

  function add(task: number, vm: number): void {
    assignment[task] = vm
    placeOf[task] = tasksOn[vm]!.push(task) - 1
  }

  function remove(task: number): void {
    const tasks = tasksOn[assignment[task]!]!
    const last = tasks.pop()!
    if (last === task) return
    tasks[placeOf[task]!] = last
    placeOf[last] = placeOf[task]!
  }

  for (let task = 0; task < taskCount; task++) add(task, assignment[task]!)

  /** Penalty and worth of a VM's running time as it changes from one to another. */
  function rise(vm: number, before: number, after: number): number {
    const overBefore = before > target ? before - target : 0
    const overAfter = after > target ? after - target : 0
    return merits[vm]! * (after - before) + penalties[vm]! * (overAfter * overAfter - overBefore * overBefore)
  }

  /** Keeps the schedule if it is the best by est; most are seen off by the running times of three VMs. */
  function remember(a: number, b: number): void {
    const touched = Math.max(vmSeconds[a]!, vmSeconds[b]!, vmSeconds[longestVm]!)
    if (leastRise(bestTime, bestCost, touched, cost) > 0) return
    const time = longest(vmSeconds)
    longestVm = vmSeconds.indexOf(time)
    const est = weightedEst(timeWeight, time, cost)
    if (!(est < bestEst)) return
    bestEst = est
    bestTime = time
    bestCost = cost
    best.set(assignment)
    target = timeSeconds + targetShare * Math.max(0, time - timeSeconds)
  }

  function proposeOne(): void {
    const move = candidates ? candidates.moves[pickIndex(rng, allowed)]! : pickIndex(rng, taskCount * vmCount)
    const to = move % vmCount
    const task = (move - to) / vmCount
    const from = assignment[task]!
    if (from === to) return
    const partners = tasksOn[to]!
    const isSwap = rng() < swap && partners.length > 0
    const partner = isSwap ? partners[pickIndex(rng, partners.length)]! : -1
    if (isSwap && !isEligible(problem, partner, from)) return
    const fromAfter =
      vmSeconds[from]! - executionSeconds(problem, task, from) + (isSwap ? executionSeconds(problem, partner, from) : 0)
    const toAfter =
      vmSeconds[to]! + executionSeconds(problem, task, to) - (isSwap ? executionSeconds(problem, partner, to) : 0)
    const delta = rise(from, vmSeconds[from]!, fromAfter) + rise(to, vmSeconds[to]!, toAfter)
    if (delta > 0 && delta >= temperature * exponentials[pickIndex(rng, 4096)]!) return
    cost += (fromAfter - vmSeconds[from]!) * prices[from]! + (toAfter - vmSeconds[to]!) * prices[to]!
    vmSeconds[from] = fromAfter
    vmSeconds[to] = toAfter
    remove(task)
    if (isSwap) {
      remove(partner)
      add(partner, from)
    }
    add(task, to)
    remember(from, to)
  }

  return {
    setTemperature(share, startShare) {
      temperature = share * unit
      const penalty = (startPenalty * (startShare / share)) / (2 * value)
      for (let j = 0; j < vmCount; j++) penalties[j] = penalty * 0.5 * (merits[j]! + meanMerit)
      const fewest = Math.min(fewestMovesPerTask * taskCount, candidates?.moves.length ?? 0)
      while (allowed > fewest && candidates!.reducedCosts[allowed - 1]! > temperaturesAllowed * temperature) allowed--
    },
    propose(count) {
      for (let k = 0; k < count; k++) proposeOne()
    },
    bestEst: () => bestEst,
    best: () => best,
  }
}
