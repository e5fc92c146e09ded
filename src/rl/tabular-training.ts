import { CloudschedError } from '../errors/cloudsched-error.ts'
import type { SolveSteps } from '../model/solver.ts'
import type { SolveRun } from '../objective/solve-run.ts'
import { weightedEst } from '../objective/weighted.ts'
import { type Rng, type Seed, substream } from '../random/rng.ts'
import { pickIndex } from '../random/sample.ts'
import type { StopReason } from '../run/run-options.ts'
import { type ActionSpace, createActionSpace } from './actions.ts'
import { type Checkpoint, startResumable } from './checkpoint.ts'
import { createPlacingEnvironment, place, type Environment } from './environment.ts'
import { argmax, argmaxWith, largest } from './policy.ts'
import {
  bytesPerState,
  createStateTables,
  growTables,
  reserveStates,
  type StateTables,
  type TableNeeds,
  tableNames,
  type TableShape,
} from './state-tables.ts'
import { createStateSpace } from './states.ts'
import type { LearningResult, LearntTables, TabularOptions } from './tabular-options.ts'

/** What sets one tabular learner apart from another. */
export interface Learner {
  /** The action that the learner's bonus lifts above the largest Q: pi_H of (15), argmax f of (17); -1 where there is none. */
  favourite(tables: StateTables, state: number, count: number): number
  /** By how much: Delta of (15), U f / sum f of (17). */
  lead(tables: StateTables, state: number, action: number, count: number): number
  /** Told after each step. */
  observe?(tables: StateTables, state: number, action: number, reward: number, count: number): void
  /** Told after each episode: est, and the states and actions of its first `length` stages. */
  endEpisode?(est: number, states: Int32Array, actions: Int32Array, length: number): void
}

/** What a learner may look at. */
export interface LearnerView {
  readonly environment: Environment
  readonly tables: StateTables
  readonly actions: ActionSpace
  readonly rng: Rng
  /** Number of finished episodes. */
  episode(): number
}

/** Options as the training needs them: every default filled in. */
export type ResolvedTabularOptions = Required<
  Omit<
    TabularOptions,
    'signal' | 'timeLimitMs' | 'maxEvaluations' | 'targetGap' | 'onProgress' | 'timeWeight' | 'resume'
  >
> & {
  readonly seed: Seed
  readonly resume?: Checkpoint
}

/** Placements between two looks at the stop rules. */
const placementsPerStep = 2048

/**
 * The loop of algorithms 1-3 of the WHAQL paper: choose by the policy, place, observe the reward, update Q. What differs
 * between Q-learning, HAQL and WHAQL is the learner.
 */
export function* trainTabular(
  solver: string,
  run: SolveRun<ResolvedTabularOptions>,
  needs: TableNeeds,
  createLearner: (view: LearnerView) => Learner,
): SolveSteps<LearningResult> {
  const { problem, options, timeWeight } = run
  const { episodes, learningRate, discount, exploitation, recordEvery } = options
  const { rng, history, saved } = startResumable(solver, run)
  const environment = createPlacingEnvironment(problem, { timeWeight, order: options.order, reward: options.reward })
  const { stageCount, order } = environment
  const actions = createActionSpace(options.actions, environment, options.rankWidth)
  const shape: TableShape = {
    ...needs,
    actionCount: actions.width,
    isTrie: options.state === 'prefix',
    maxMemoryMib: options.maxMemoryMib,
    // An episode, and the roll-out of the policy after the last, adds at most a state a stage; 1 is the start.
    mostStates: 1 + (options.state === 'stage' ? stageCount : (episodes + 1) * stageCount),
  }
  const tables = createStateTables(shape)
  if (tables.maxStates === 0) {
    throw new CloudschedError('memory-limit', [
      {
        path: 'options.maxMemoryMib',
        received: options.maxMemoryMib,
        expected: `at least ${bytesPerState(shape) / 2 ** 20}, the size of one state`,
      },
    ])
  }
  const resumed = options.resume
  if (resumed) restoreTables(tables, resumed)
  const space = createStateSpace(options.state, tables, environment, resumed ? pairs(resumed.arrays['keys']!) : [])

  let episode = resumed?.episode ?? 0
  let estSum = resumed?.estSum ?? 0
  let bestEst = resumed?.bestEst ?? Infinity
  const best = Int32Array.from(resumed?.best ?? new Int32Array(stageCount))
  const learner = createLearner({ environment, tables, actions, rng, episode: () => episode })
  const bonus = options.withTables ? new Map<number, readonly [action: number, value: number]>() : null
  const assignment = new Int32Array(stageCount)
  const trailStates = new Int32Array(stageCount)
  const trailActions = new Int32Array(stageCount)
  const width = actions.width
  let isFull = false

  /** One schedule from the first task to the last; with p = 1 it follows the learnt policy alone. */
  function play(p: number, learns: boolean, random: Rng): number {
    // Room for the whole episode, in which the arrays then stay the same.
    reserveStates(tables, stageCount)
    const { q } = tables
    environment.reset()
    let state = 0
    let known = 0
    let vms = actions.look()
    let largestQ = largest(q, 0, vms.length)
    for (let stage = 0; stage < stageCount; stage++) {
      const row = state * width
      let action: number
      if (state >= 0 && random() <= p) {
        action = learner.favourite(tables, state, vms.length)
        if (action < 0) action = argmax(random, q, row, vms.length)
        else {
          // H of (15), G of (17): the bonus lifts the favourite above the largest Q by its lead; it is 0 elsewhere.
          const own = q[row + action]!
          const lifted = own + (largestQ - own + learner.lead(tables, state, action, vms.length))
          bonus?.set(state, [action, lifted - own])
          // The largest Q + H (14) or Q + G (18) is then the favourite's, unless the lead was lost in rounding.
          if (!(lifted > largestQ)) action = argmaxWith(random, q, row, vms.length, action, lifted)
        }
      } else action = pickIndex(random, vms.length)
      const taken = vms.length
      const vm = vms[action]!
      const reward = place(environment, vm, true)
      assignment[order[stage]!] = vm
      const isLast = stage + 1 === stageCount
      vms = actions.look()
      const next = isLast || state < 0 ? -1 : space.next(tables, state, action)
      if (next < 0 && !isLast) isFull = true
      // After the last placement there is no future.
      const future = next >= 0 ? largest(q, next * width, vms.length) : 0
      if (learns && state >= 0) {
        // Equation (12).
        q[row + action]! += learningRate * (reward + discount * future - q[row + action]!)
        learner.observe?.(tables, state, action, reward, taken)
        trailStates[known] = state
        trailActions[known++] = action
      }
      state = next
      largestQ = future
    }
    const est = weightedEst(timeWeight, environment.timeSeconds, environment.cost)
    if (learns) learner.endEpisode?.(est, trailStates, trailActions, known)
    return est
  }

  let stop: StopReason | null = null
  const episodesPerStep = Math.max(1, Math.ceil(placementsPerStep / Math.max(1, stageCount)))
  while (episode < episodes && stop === null && stageCount > 0) {
    const until = Math.min(episodes, episode + episodesPerStep)
    while (episode < until && !isFull) {
      const est = play(exploitation, true, rng)
      episode++
      estSum += est
      if (est < bestEst) {
        bestEst = est
        best.set(assignment)
      }
      if (episode % recordEvery === 0) {
        history.record({ iteration: episode, evaluations: episode, best: bestEst, mean: estSum / recordEvery })
        estSum = 0
      }
    }
    stop = isFull ? 'memoryLimit' : (yield run.progress(episode / episodes, bestEst, episode, episode)).stop
  }

  const states = tables.count
  const checkpoint = saved(() => ({
    episode,
    bestEst,
    best: Array.from(best),
    estSum,
    arrays: savedArrays(tables, space.keys()),
  }))
  play(1, false, substream(options.seed, 'rl/policy'))
  return {
    ...run.finish({
      assignment: best,
      stop: episode < episodes ? stop : null,
      history: history.points(),
      evaluations: episode,
      iterations: episode,
    }),
    policyAssignment: Array.from(assignment),
    states,
    memoryBytes: tables.capacity * bytesPerState(shape),
    ...(bonus ? { tables: learntTables(tables, states, bonus) } : {}),
    ...checkpoint,
  }
}

function learntTables(
  tables: StateTables,
  states: number,
  bonus: ReadonlyMap<number, readonly [action: number, value: number]>,
): LearntTables {
  const { actionCount } = tables
  const lifts = new Array<number>(states * actionCount).fill(0)
  for (const [state, [action, value]] of bonus) if (state < states) lifts[state * actionCount + action] = value
  const rows = (name: (typeof tableNames)[number]) => rowsOf(tables, name, states)
  return {
    actionCount,
    states,
    q: rows('q')!,
    bonus: lifts,
    weight: rows('weight'),
    bestReward: rows('bestReward'),
    child: rows('child'),
  }
}

/** What a table says of the first `states` states; `null` where the learner keeps no such table. */
function rowsOf(tables: StateTables, name: (typeof tableNames)[number], states: number): readonly number[] | null {
  const table = tables[name]
  return table && Array.from(table.subarray(0, (table.length / tables.capacity) * states))
}

function savedArrays(tables: StateTables, keys: readonly [number, number][]): Record<string, readonly number[]> {
  const saved: Record<string, readonly number[]> = { count: [tables.count], keys: keys.flat() }
  for (const name of tableNames) {
    const rows = rowsOf(tables, name, tables.count)
    if (rows) saved[name] = rows
  }
  return saved
}

function restoreTables(tables: StateTables, { arrays }: Checkpoint): void {
  const count = arrays['count']![0]!
  if (count > tables.capacity) growTables(tables, count)
  tables.count = count
  for (const name of tableNames) tables[name]?.set(arrays[name]!)
}

function pairs(flat: readonly number[]): [number, number][] {
  return Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k]!, flat[2 * k + 1]!])
}
