/** The schedulers that the benches of meta-learned scheduling compare, on the same clouds and the same records. */
import {
  type Allocation,
  type AllocationOutcome,
  adapt,
  cheapestFirst,
  type Cloud,
  correctedTimes,
  earliestFinish,
  effectiveTimes,
  evaluateAllocation,
  exploreCloud,
  type LearnerName,
  type MetaModel,
  metaTrain,
  type MetaTrainOptions,
  minMinAllocation,
  randomCloud,
  type RandomCloudOptions,
  ridgeCorrections,
  roomyAllocation,
  type SupportSet,
} from 'cloudsched/meta'

/** Decides about the tasks of a cloud by its records alone. */
export interface Method {
  readonly name: string
  readonly decide: (cloud: Cloud, support: SupportSet) => Allocation
}

export const classCount = 4

export function clouds(label: string, count: number, options: RandomCloudOptions = {}): Cloud[] {
  return Array.from({ length: count }, (_, k) => randomCloud({ ...options, seed: `${label}/${k}` }))
}

/** Greedies by nominal times: what a scheduler without a memory can do. */
export const nominalGreedies: readonly Method[] = (['whole', 'split'] as const).flatMap((form) => [
  greedy(`(a) cheapest first, ${form}`, cheapestFirst, form),
  greedy(`(b) earliest finish, ${form}`, earliestFinish, form),
  greedy(`(c) min-min, ${form}`, minMinAllocation, form),
])

function greedy(name: string, schedule: typeof minMinAllocation, form: 'whole' | 'split'): Method {
  return { name, decide: ({ tasks, resources }) => schedule(tasks, resources, effectiveTimes(tasks, resources), form) }
}

/** Greedies by the times that ridge makes of the same records. */
export const informedGreedies: readonly Method[] = [
  { name: '(b) earliest finish, split, ridge times', schedule: earliestFinish },
  { name: '(c) min-min, split, ridge times', schedule: minMinAllocation },
].map(({ name, schedule }) => ({
  name,
  decide: ({ tasks, resources }, support) =>
    schedule(tasks, resources, correctedTimes(tasks, resources, ridgeCorrections(support, classCount)), 'split'),
}))

/** Baseline (d): ridge, then the exact allocation; every estimated time is lengthened by a factor for safety. */
export function ridge(name: string, factor: number): Method {
  return {
    name,
    decide: ({ tasks, resources }, support) => {
      const times = correctedTimes(tasks, resources, ridgeCorrections(support, classCount))
      return roomyAllocation(tasks, resources, { ...times, seconds: times.seconds.map((t) => t * factor) })
    },
  }
}

/** Ridge with the least factor that reaches 95 % QoS on some clouds, as the margin of the learners is chosen. */
export function cautiousRidge(heldOut: readonly Cloud[], records: number): Method {
  const qosOf = ({ decide }: Method): number =>
    heldOut.reduce((sum, cloud, k) => {
      const support = exploreCloud(cloud, { records, seed: `ridge/${k}` })
      return sum + outcome(cloud, decide(cloud, support)).qosRate! / heldOut.length
    }, 0)
  const tried = [1.05, 1.1, 1.15, 1.2, 1.3, 1.4, 1.5, 1.75, 2, 2.5].map((factor) => {
    const method = ridge(`(d) ridge, times x ${factor}`, factor)
    return { method, qos: qosOf(method) }
  })
  const enough = tried.find(({ qos }) => qos >= 0.95)
  return (enough ?? tried.reduce((best, one) => (one.qos > best.qos ? one : best))).method
}

/** A model, adapted to the records. */
export function learned(name: string, model: MetaModel, steps?: number): Method {
  return {
    name,
    decide: ({ tasks }, support) =>
      adapt(model, support, steps === undefined ? {} : { steps }).decide(tasks).allocation,
  }
}

/** A model that is shown no record: baseline (e). */
export function unadapted(name: string, model: MetaModel): Method {
  return {
    name,
    decide: ({ tasks, resources }) => adapt(model, { resources, records: [] }).decide(tasks).allocation,
  }
}

/** What an allocation really comes to. */
export function outcome(cloud: Cloud, allocation: Allocation): AllocationOutcome {
  const { tasks, resources, hidden } = cloud
  return evaluateAllocation(allocation, tasks, resources, effectiveTimes(tasks, resources, hidden))
}

/** Trains on the same clouds as all others, and says how long it took. */
export async function train(
  learner: LearnerName,
  training: readonly Cloud[],
  options: MetaTrainOptions,
): Promise<{ model: MetaModel; seconds: number }> {
  const start = process.cpuUsage().user
  const model = await metaTrain(learner, training, { seed: 1, ...options })
  const seconds = (process.cpuUsage().user - start) / 1e6
  console.error(learner, seconds.toFixed(1), 's', model.training.heldOutLoss, model.margin, model.training.heldOutQos)
  return { model, seconds }
}
