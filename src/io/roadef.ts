import { count, type Cell, number, amount, positiveCount } from './cells.ts'
import { openNumbers } from './number-stream.ts'
import type { TextSource } from './text.ts'

/** A resource of the machine reassignment problem. */
export interface RoadefResource {
  /** A process that moves takes it on the machine it leaves, too. */
  readonly isTransient: boolean
  /** Weight of the load over the safety capacity. */
  readonly weight: number
}

/** A machine; lists of amounts have one entry per resource. */
export interface RoadefMachine {
  readonly neighbourhood: number
  readonly location: number
  readonly capacity: readonly number[]
  readonly safetyCapacity: readonly number[]
  /** Cost of a move from this machine to each machine. */
  readonly moveCosts: readonly number[]
}

/** Processes of one service run on different machines. */
export interface RoadefService {
  /** Fewest locations it is spread over. */
  readonly spreadMin: number
  /** Services in whose neighbourhoods its own must lie. */
  readonly dependsOn: readonly number[]
}

/** A process to be placed. */
export interface RoadefProcess {
  readonly service: number
  /** One entry per resource. */
  readonly demand: readonly number[]
  readonly moveCost: number
}

/** What is left of the second resource should be at least `target` times what is left of the first. */
export interface RoadefBalance {
  readonly resource: number
  readonly other: number
  readonly target: number
  readonly weight: number
}

/** An instance of the ROADEF/EURO 2012 challenge (machine reassignment). */
export interface RoadefModel {
  readonly resources: readonly RoadefResource[]
  readonly machines: readonly RoadefMachine[]
  readonly services: readonly RoadefService[]
  readonly processes: readonly RoadefProcess[]
  readonly balances: readonly RoadefBalance[]
  readonly moveWeights: { readonly process: number; readonly service: number; readonly machine: number }
}

/**
 * Reads a `model_*.txt` of the ROADEF/EURO 2012 challenge.
 *
 * @throws CloudschedError `format`, e.g. when the file is cut off or names a service that does not exist
 */
export function readRoadefModel(source: TextSource): RoadefModel {
  const numbers = openNumbers(source)
  const times = <T>(what: string, read: () => T): T[] =>
    Array.from({ length: numbers.size(`number of ${what}`, count) }, read)

  const resources = times(
    'resources',
    (): RoadefResource => ({
      isTransient: numbers.next('transient', zeroOrOne) === 1,
      weight: numbers.next('load weight', amount),
    }),
  )
  const machineCount = numbers.size('number of machines', positiveCount)
  const machines = Array.from(
    { length: machineCount },
    (): RoadefMachine => ({
      neighbourhood: numbers.next('neighbourhood', count),
      location: numbers.next('location', count),
      capacity: numbers.list(resources.length, 'capacity', amount),
      safetyCapacity: numbers.list(resources.length, 'safety capacity', amount),
      moveCosts: numbers.list(machineCount, 'machine move cost', amount),
    }),
  )
  const serviceCount = numbers.size('number of services', count)
  const services = Array.from(
    { length: serviceCount },
    (): RoadefService => ({
      spreadMin: numbers.next('spreadMin', count),
      dependsOn: times('dependencies', () => numbers.next('service', below(serviceCount))),
    }),
  )
  const processes = times(
    'processes',
    (): RoadefProcess => ({
      service: numbers.next('service', below(serviceCount)),
      demand: numbers.list(resources.length, 'demand', amount),
      moveCost: numbers.next('process move cost', amount),
    }),
  )
  const balances = times(
    'balance terms',
    (): RoadefBalance => ({
      resource: numbers.next('resource', below(resources.length)),
      other: numbers.next('resource', below(resources.length)),
      target: numbers.next('balance target', amount),
      weight: numbers.next('balance weight', amount),
    }),
  )
  const moveWeights = {
    process: numbers.next('process move weight', amount),
    service: numbers.next('service move weight', amount),
    machine: numbers.next('machine move weight', amount),
  }
  numbers.end()
  return { resources, machines, services, processes, balances, moveWeights }
}

/**
 * Reads an `assignment_*.txt` of the ROADEF/EURO 2012 challenge.
 *
 * @param model - the instance it belongs to
 * @returns the machine of each process
 * @throws CloudschedError `format` where the numbers of processes and machines are not those of the model
 */
export function readRoadefAssignment(source: TextSource, { processes, machines }: RoadefModel): number[] {
  const numbers = openNumbers(source)
  const assignment = numbers.list(processes.length, 'machine', below(machines.length))
  numbers.end()
  return assignment
}

const zeroOrOne: Cell<number> = number('0 or 1', (x) => x === 0 || x === 1)

function below(limit: number): Cell<number> {
  return number(`a whole number in [0, ${limit - 1}]`, (x) => Number.isInteger(x) && x >= 0 && x < limit)
}
