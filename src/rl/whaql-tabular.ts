import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'
import { weightedEst } from '../objective/weighted.ts'
import type { StateTables } from './state-tables.ts'
import type { Learner, LearnerView } from './tabular-training.ts'

/**
 * What r_t of equation (16) is: the immediate reward, as printed; or the value of the whole episode, after which f
 * records in each state the action of the best episode through it.
 */
export type WeightSignal = 'immediate' | 'episode'

/**
 * The learner of WHAQL, algorithm 3: weight factors f and r_max by equation (16), bonus G by (17), policy by (18).
 *
 * @param influence - U of equation (17)
 */
export function createWeightLearner(
  { environment, actions, tables }: LearnerView,
  influence: number,
  weightSignal: WeightSignal,
): Learner {
  // Equation (17): U f / sum f above the largest Q.
  function lead({ weight, actionCount }: StateTables, state: number, action: number, count: number): number {
    const row = state * actionCount
    let sum = 0
    for (let a = 0; a < count; a++) sum += weight![row + a]!
    return (influence * weight![row + action]!) / sum
  }

  if (weightSignal === 'immediate') return { favourite: heaviest, lead, observe: updateWeights }
  const ceiling = estCeiling(environment.problem, environment.timeWeight)
  return {
    favourite: heaviest,
    lead,
    endEpisode(est, states, taken, length) {
      for (let k = 0; k < length; k++) updateWeights(tables, states[k]!, taken[k]!, ceiling - est, actions.width)
    },
  }
}

/** pi_f of equation (17): the action with the largest weight factor, -1 in a state that has no record yet. */
function heaviest({ weight, actionCount }: StateTables, state: number, count: number): number {
  const row = state * actionCount
  let pi = -1
  let most = 0
  for (let a = 0; a < count; a++) {
    const factor = weight![row + a]!
    if (factor > most) {
      most = factor
      pi = a
    }
  }
  return pi
}

/** Equation (16): a reward above r_max(s) becomes the record; the other weight factors shrink by r_max / r. */
function updateWeights(
  { weight, bestReward, actionCount }: StateTables,
  state: number,
  action: number,
  reward: number,
  count: number,
): void {
  const record = bestReward![state]!
  if (!(reward > record)) return
  const row = state * actionCount
  const shrink = record / reward
  for (let a = 0; a < count; a++) weight![row + a]! *= shrink
  weight![row + action] = 1
  bestReward![state] = reward
}

/** A constant above every est: 1 more than that of the slowest and dearest placement, as Ect and Cst are in (10), (11). */
function estCeiling(problem: Problem, timeWeight: number): number {
  const all = allVms(problem)
  let seconds = 0
  let cost = 0
  for (let i = 0; i < problem.taskCount; i++) {
    let slowest = 0
    let dearest = 0
    for (const vm of eligibleVms(problem, i, all)) {
      const time = executionSeconds(problem, i, vm)
      slowest = Math.max(slowest, time)
      dearest = Math.max(dearest, time * (problem.pricePerSecond?.[vm] ?? 0))
    }
    seconds += slowest
    cost += dearest
  }
  return 1 + weightedEst(timeWeight, seconds, cost)
}
