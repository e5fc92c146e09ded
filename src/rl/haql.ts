import { checkOptions, functionLike, numberAbove, oneOf, type OptionEntries } from '../errors/read-options.ts'
import { CloudschedError } from '../errors/cloudsched-error.ts'
import type { Problem } from '../model/problem.ts'
import type { SolveSteps } from '../model/solver.ts'
import { startRun } from '../objective/solve-run.ts'
import { drive, driveAsync } from '../run/drive.ts'
import type { ActionKind } from './actions.ts'
import type { Environment, TaskOrder } from './environment.ts'
import { argmax } from './policy.ts'
import { type PaperReading, paperReading } from './q-learning.ts'
import type { RewardName } from './rewards.ts'
import type { StateKind } from './state-tables.ts'
import {
  type LearningResult,
  type TabularDefaults,
  type TabularOptions,
  tabularDefaults,
  tabularEntries,
} from './tabular-options.ts'
import { type Learner, type LearnerView, type ResolvedTabularOptions, trainTabular } from './tabular-training.ts'

/** A user's prior knowledge: the VM for the task of the environment's stage, `environment.order[environment.stage]`. */
export type VmHeuristic = (environment: Environment) => number

/**
 * Where pi_H of equation (15) comes from; the paper does not say.
 * - 'look-ahead': the action with the best immediate reward
 * - 'explore': the action of the best episode through the state, learnt in the first tenth of the episodes
 * - 'greedy-q': argmax Q, with which HAQL is Q-learning
 */
export type HeuristicSource = 'look-ahead' | 'explore' | 'greedy-q'

/** Options of `haql`. */
export interface HaqlOptions extends TabularOptions {
  /** The heuristic pi_H: one of the built-in ones, or your own. @defaultValue 'look-ahead' */
  readonly heuristic?: HeuristicSource | VmHeuristic
  /** Delta of equation (15), > 0: how far the heuristic's action is lifted above the best Q. @defaultValue 1 */
  readonly bonus?: number
  /** gamma of equation (12), in [0, 1]. @defaultValue 0.9 */
  readonly discount?: number
  /** What a state remembers. @defaultValue 'prefix' */
  readonly state?: StateKind
  /** What an action is. @defaultValue 'vm' */
  readonly actions?: ActionKind
  /** In which order an episode places the tasks. @defaultValue 'input' */
  readonly order?: TaskOrder
  /** How a placement is rewarded. @defaultValue 'paper' */
  readonly reward?: RewardName
}

/** Defaults of `haql`. */
export const haqlDefaults: Readonly<
  TabularDefaults & PaperReading & { readonly heuristic: 'look-ahead'; readonly bonus: 1 }
> = Object.freeze({
  ...tabularDefaults,
  ...paperReading,
  heuristic: 'look-ahead',
  bonus: 1,
})

const named = oneOf('look-ahead', 'explore', 'greedy-q')
const own = functionLike<VmHeuristic>()
const haqlEntries: OptionEntries = { ...tabularEntries, bonus: numberAbove(0) }

/**
 * Heuristically accelerated Q-learning (HAQL), algorithm 2 of the WHAQL paper: the policy takes the largest Q + H,
 * equation (14), where H lifts the action of a heuristic above the others, equation (15), and leaves Q alone.
 *
 * @throws CloudschedError `invalid-option`, `memory-limit`, `checkpoint`
 * @example
 * haql(problem, { heuristic: 'explore', seed: 1 }).evaluation.timeSeconds
 */
export function haql(problem: Problem, options: HaqlOptions = {}): LearningResult {
  return drive(haqlSteps(problem, options), options)
}

/** `haql` in pieces that leave room for timers and signals. */
export function haqlAsync(problem: Problem, options: HaqlOptions = {}): Promise<LearningResult> {
  return driveAsync(haqlSteps(problem, options), options)
}

/** `haql`, one step of about 2000 placements at a time. */
export function haqlSteps(problem: Problem, options: HaqlOptions = {}): SolveSteps<LearningResult> {
  checkOptions(options)
  const heuristicEntry = { heuristic: typeof options.heuristic === 'function' ? own : named }
  const run = startRun('haql', problem, options, haqlDefaults, { ...haqlEntries, ...heuristicEntry })
  const { bonus = haqlDefaults.bonus, episodes = haqlDefaults.episodes } = options
  const heuristic: HeuristicSource | VmHeuristic = options.heuristic ?? haqlDefaults.heuristic
  const learns = heuristic === 'explore'
  const exploring = Math.ceil(episodes / 10)
  return trainTabular(
    'haql',
    { ...run, options: run.options as ResolvedTabularOptions },
    { weights: false, heuristic: learns },
    (view) =>
      createHeuristicLearner(
        heuristic === 'explore' ? learntHeuristic(view, exploring) : heuristicOf(view, heuristic),
        bonus,
      ),
  )
}

/** pi_H: the action it names in a state, -1 where it names none; and how it learns, where it does. */
interface Heuristic {
  actionIn(state: number, count: number): number
  endEpisode?: Learner['endEpisode']
}

function createHeuristicLearner({ actionIn, endEpisode }: Heuristic, bonus: number): Learner {
  return {
    favourite: (_tables, state, count) => actionIn(state, count),
    lead: () => bonus,
    ...(endEpisode ? { endEpisode } : {}),
  }
}

function heuristicOf(view: LearnerView, heuristic: Exclude<HeuristicSource, 'explore'> | VmHeuristic): Heuristic {
  const { environment, tables, actions, rng } = view
  if (heuristic === 'greedy-q')
    return { actionIn: (state, count) => argmax(rng, tables.q, state * tables.actionCount, count) }
  if (typeof heuristic === 'function') return { actionIn: () => actionOfVm(view, heuristic(environment)) }
  return {
    actionIn(_state, count) {
      let best = 0
      let bestReward = -Infinity
      for (let a = 0; a < count; a++) {
        const reward = environment.rewardOf(actions.vms[a]!)
        if (reward > bestReward) {
          bestReward = reward
          best = a
        }
      }
      return best
    },
  }
}

function actionOfVm({ environment, actions }: LearnerView, vm: number): number {
  const action = actions.vms.indexOf(vm)
  if (action >= 0) return action
  throw new CloudschedError('invalid-option', [
    {
      path: 'options.heuristic',
      received: vm,
      expected: `a function that returns one of the VMs ${actions.vms.join(', ')} at stage ${environment.stage}`,
    },
  ])
}

/** Remembers in each state the action of the best episode through it, while the exploring episodes last. */
function learntHeuristic({ tables, episode }: LearnerView, exploring: number): Heuristic {
  return {
    actionIn: (state) => (episode() < exploring ? -1 : tables.heuristic![state]!),
    endEpisode(est, states, actions, length) {
      if (episode() >= exploring) return
      for (let k = 0; k < length; k++) {
        const state = states[k]!
        if (tables.heuristic![state]! >= 0 && tables.heuristicValue![state]! <= est) continue
        tables.heuristic![state] = actions[k]!
        tables.heuristicValue![state] = est
      }
    },
  }
}
