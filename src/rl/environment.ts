import { longestFirst } from '../constructive/task-order.ts'
import type { Finding } from '../errors/cloudsched-error.ts'
import { oneOf, type OptionEntries, readOptions } from '../errors/read-options.ts'
import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'
import { vmSecondsOf } from '../objective/evaluate.ts'
import { resolveTimeWeight, timeWeightEntry, weightedEst } from '../objective/weighted.ts'
import type { Rng } from '../random/rng.ts'
import { pickIndex } from '../random/sample.ts'
import { createReward, type Reward, type RewardName, rewardNames } from './rewards.ts'

/** In which order an episode places the tasks: as given, or longest first. */
export type TaskOrder = 'input' | 'lpt'

/** Options of `createEnvironment`. */
export interface EnvironmentOptions {
  /** omega in [0, 1]. @defaultValue 0.5 with prices, 1 without */
  readonly timeWeight?: number
  /** @defaultValue 'input' */
  readonly order?: TaskOrder
  /** @defaultValue 'paper' */
  readonly reward?: RewardName
}

/**
 * Scheduling as a Markov decision process (section 2.2 of the WHAQL paper): stage t places task `order[t]`, the action
 * is the VM that takes it, the transition is certain. An episode is over when `stage` reaches `stageCount`.
 */
export interface Environment {
  readonly problem: Problem
  readonly timeWeight: number
  /** Task of each stage. */
  readonly order: Int32Array
  readonly stageCount: number
  /** Running time of each VM so far, in seconds. */
  readonly vmSeconds: Float64Array
  /** Number of tasks placed so far. */
  stage: number
  /** Makespan of the partial schedule, T_i of equation (10), in seconds. */
  timeSeconds: number
  /** Cost of the partial schedule, C_i of equation (11). */
  cost: number
  /** VMs that may take the task of a stage: the actions there, ascending. */
  actionsAt(stage: number): Int32Array
  /** Begins an episode. */
  reset(): void
  /** Places the task of this stage on a VM and gives the immediate reward. */
  step(vm: number): number
  /** The reward that `step(vm)` would give; nothing is placed. */
  rewardOf(vm: number): number
  /** est of the partial schedule if the task of this stage went to a VM. */
  estWith(vm: number): number
}

/** The options that say what an episode is; those of the tabular solvers hold them, too. */
export const episodeEntries: OptionEntries = { order: oneOf('input', 'lpt'), reward: oneOf(...rewardNames) }

const entries: OptionEntries = { ...timeWeightEntry, ...episodeEntries }
const defaults: Required<Pick<EnvironmentOptions, 'order' | 'reward'>> = { order: 'input', reward: 'paper' }

/** An environment with what `place` reads: the engine reads fields faster than what a closure remembers. */
export interface PlacingEnvironment extends Environment {
  readonly prices: Float64Array
  readonly rewardFor: Reward
}

export function createPlacingEnvironment(problem: Problem, options: EnvironmentOptions): PlacingEnvironment {
  const { order, reward, ...read } = readOptions(entries, defaults, options)
  const timeWeight = resolveTimeWeight(problem, read.timeWeight)
  const prices = problem.pricePerSecond ?? new Float64Array(problem.vmCount)
  const all = allVms(problem)
  const rewardFor = createReward(problem, timeWeight, reward)
  const vmSeconds = new Float64Array(problem.vmCount)
  const stageCount = problem.taskCount
  const tasks = order === 'lpt' ? longestFirst(problem) : Int32Array.from({ length: stageCount }, (_, i) => i)

  const environment: PlacingEnvironment = {
    problem,
    prices,
    rewardFor,
    timeWeight,
    order: tasks,
    stageCount,
    vmSeconds,
    stage: 0,
    timeSeconds: 0,
    cost: 0,
    actionsAt: (stage) => eligibleVms(problem, tasks[stage]!, all),
    reset() {
      vmSeconds.fill(0)
      environment.stage = 0
      environment.timeSeconds = 0
      environment.cost = 0
    },
    step: (vm) => place(environment, vm, true),
    rewardOf: (vm) => place(environment, vm, false),
    estWith(vm) {
      const seconds = executionSeconds(problem, tasks[environment.stage]!, vm)
      return weightedEst(
        timeWeight,
        Math.max(vmSeconds[vm]! + seconds, environment.timeSeconds),
        environment.cost + seconds * prices[vm]!,
      )
    },
  }
  return environment
}

/**
 * Makes the environment of a problem, at the start of an episode.
 *
 * @throws CloudschedError `invalid-option`
 */
export function createEnvironment(problem: Problem, options: EnvironmentOptions = {}): Environment {
  return createPlacingEnvironment(problem, options)
}

/**
 * The reward of placing the task of this stage on a VM, after equations (2)-(5) for this one placement.
 *
 * @param steps - whether it is placed
 */
export function place(environment: PlacingEnvironment, vm: number, steps: boolean): number {
  const { problem, order, stageCount, vmSeconds, prices, stage, timeSeconds, cost } = environment
  const seconds = executionSeconds(problem, order[stage]!, vm)
  const finish = vmSeconds[vm]! + seconds
  const timeAfter = finish > timeSeconds ? finish : timeSeconds
  const costAfter = cost + seconds * prices[vm]!
  if (steps) {
    vmSeconds[vm] = finish
    environment.stage = stage + 1
    environment.timeSeconds = timeAfter
    environment.cost = costAfter
  }
  return environment.rewardFor(timeSeconds, cost, timeAfter, costAfter, finish, stage + 1 === stageCount)
}

/**
 * Plays random episodes and holds an environment against its contract: stages count up to `stageCount`, rewards are
 * finite, `rewardOf` foretells `step`, loads and cost are those of equations (3) and (5), `reset` goes back to the start.
 *
 * @returns what is broken; empty when all is well
 */
export function checkEnvironment(environment: Environment, rng: Rng, episodes: number = 3): Finding[] {
  const { problem, order, stageCount, vmSeconds } = environment
  const findings: Finding[] = []
  const expect = (holds: boolean, path: string, received: unknown, expected: string) => {
    if (!holds) findings.push({ path, received, expected })
  }
  const assignment = new Int32Array(problem.taskCount)
  for (let episode = 0; episode < episodes; episode++) {
    environment.reset()
    expect(
      environment.stage === 0 && environment.timeSeconds === 0 && environment.cost === 0,
      'reset()',
      environment.stage,
      'a return to stage 0 with no time and no cost',
    )
    for (let stage = 0; stage < stageCount; stage++) {
      const vms = environment.actionsAt(stage)
      const vm = vms[pickIndex(rng, vms.length)]!
      const foretold = environment.rewardOf(vm)
      const reward = environment.step(vm)
      assignment[order[stage]!] = vm
      expect(Number.isFinite(reward), `step(${vm}) at stage ${stage}`, reward, 'a finite reward')
      expect(foretold === reward, `rewardOf(${vm}) at stage ${stage}`, foretold, `the reward of step, ${reward}`)
      expect(environment.stage === stage + 1, 'stage', environment.stage, `${stage + 1} after ${stage + 1} steps`)
    }
    const loads = vmSecondsOf(problem, assignment)
    loads.forEach((seconds, vm) =>
      expect(
        Math.abs(seconds - vmSeconds[vm]!) <= 1e-9 * seconds,
        `vmSeconds[${vm}]`,
        vmSeconds[vm],
        `${seconds}, the running time by equation (3)`,
      ),
    )
  }
  environment.reset()
  return findings
}
