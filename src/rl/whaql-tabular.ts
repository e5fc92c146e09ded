import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'
import { weightedEst } from '../objective/weighted.ts'
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
  { tables, environment, actions }: LearnerView,
  influence: number,
  weightSignal: WeightSignal,
): Learner {
  const width = tables.actionCount

  // Equation (16): a reward above r_max(s) becomes the record; the other weight factors shrink by r_max / r.
  function updateWeights(state: number, action: number, reward: number, count: number): void {
    const record = tables.bestReward![state]!
    if (!(reward > record)) return
    const row = state * width
    const shrink = record / reward
    for (let a = 0; a < count; a++) tables.weight![row + a]! *= shrink
    tables.weight![row + action] = 1
    tables.bestReward![state] = reward
  }

  function prefer(state: number, count: number, preference: Float64Array, largestQ: number): void {
    const row = state * width
    const { q, weight } = tables
    let heaviest = 0
    let weightSum = 0
    for (let a = 0; a < count; a++) {
      const factor = weight![row + a]!
      preference[a] = q[row + a]!
      weightSum += factor
      if (factor > weight![row + heaviest]!) heaviest = a
    }
    if (weightSum === 0) return
    // Equation (17): G(s, pi_f) = max Q - Q(s, pi_f) + U f / sum f, 0 elsewhere; the preference is Q + G, equation (18).
    preference[heaviest]! += largestQ - q[row + heaviest]! + (influence * weight![row + heaviest]!) / weightSum
  }

  if (weightSignal === 'immediate') return { prefer, observe: updateWeights }
  const ceiling = estCeiling(environment.problem, environment.timeWeight)
  return {
    prefer,
    endEpisode(est, states, taken, length) {
      for (let k = 0; k < length; k++) updateWeights(states[k]!, taken[k]!, ceiling - est, actions.width)
    },
  }
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
