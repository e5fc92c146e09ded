import { type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { isRecord } from '../errors/is-record.ts'
import { numberAbove, numberIn, oneOf, type OptionEntries, readOptions, satisfying } from '../errors/read-options.ts'
import { isEligible, type Problem } from '../model/problem.ts'

/** A VM that breaks down: what computes on it stops, and nothing starts until it is repaired. */
export interface VmFailure {
  /** Index of the VM. */
  readonly vm: number
  /** When it breaks down, >= 0. */
  readonly atSeconds: number
  /** Seconds until it works again, >= 0; `null` = never: the tasks it has then are lost. */
  readonly repairSeconds: number | null
}

/** A move of a task to another VM at a time that is known beforehand. */
export interface PlannedMigration {
  /** Index of the task. */
  readonly task: number
  /** Index of the VM that takes it over. */
  readonly vm: number
  /** When it leaves, >= 0. */
  readonly atSeconds: number
}

/** Options of a simulation. */
export interface SimulationOptions {
  /**
   * How the cores of a VM are shared. 'space': a task holds its cores to its end, the first waiting one that fits comes
   * next. 'time': all tasks run at once and slow each other down. @defaultValue 'space'
   */
  readonly sharing?: 'space' | 'time'
  /** @defaultValue none */
  readonly failures?: readonly VmFailure[]
  /** Seconds of computing (at full speed) between two checkpoints, > 0; without it a failed task begins again. */
  readonly checkpointSeconds?: number
  /** @defaultValue none */
  readonly migrations?: readonly PlannedMigration[]
}

/** Options of `simulate`. */
export interface SimulateOptions extends SimulationOptions {
  /** Ends the simulation at this time, >= 0, with some tasks unfinished. @defaultValue when all placed tasks are done */
  readonly untilSeconds?: number
}

/** Defaults of `simulate` and `createSimulation`. */
export const simulateDefaults: { readonly sharing: 'space' } = Object.freeze({ sharing: 'space' })

/** All that decides the course of a simulation beside the problem and the placements: plain data. */
export interface SimulationSettings {
  readonly sharing: 'space' | 'time'
  /** `null`: a failed task begins again. */
  readonly checkpointSeconds: number | null
  readonly failures: readonly VmFailure[]
  readonly migrations: readonly PlannedMigration[]
}

const isList = (value: unknown): boolean => Array.isArray(value)

const entries: OptionEntries = {
  sharing: oneOf('space', 'time'),
  failures: satisfying<readonly VmFailure[]>(isList, 'a list of failures'),
  checkpointSeconds: numberAbove(0),
  migrations: satisfying<readonly PlannedMigration[]>(isList, 'a list of migrations'),
}

/** @throws CloudschedError `invalid-option` with every broken rule */
export function readSettings(problem: Problem, options: SimulationOptions): SimulationSettings {
  return settingsOf(problem, readOptions(entries, simulateDefaults, options))
}

/** The settings, and when the simulation ends at the latest. */
export function readSimulateOptions(
  problem: Problem,
  options: SimulateOptions,
): { readonly settings: SimulationSettings; readonly untilSeconds: number } {
  const defaults = { ...simulateDefaults, untilSeconds: Infinity }
  const { untilSeconds, ...rest } = readOptions({ ...entries, untilSeconds: numberIn(0) }, defaults, options)
  return { settings: settingsOf(problem, rest), untilSeconds }
}

function settingsOf(problem: Problem, options: SimulationOptions): SimulationSettings {
  const { sharing = simulateDefaults.sharing, failures = [], checkpointSeconds = null, migrations = [] } = options
  throwFindings('invalid-option', [
    ...failures.flatMap((failure, index) => brokenFailure(problem, failure, `options.failures[${index}]`)),
    ...migrations.flatMap((migration, index) => brokenMigration(problem, migration, `options.migrations[${index}]`)),
  ])
  return {
    sharing,
    checkpointSeconds,
    failures: failures.map(({ vm, atSeconds, repairSeconds }) => ({ vm, atSeconds, repairSeconds })),
    migrations: migrations.map(({ task, vm, atSeconds }) => ({ task, vm, atSeconds })),
  }
}

function brokenFailure(problem: Problem, failure: VmFailure, path: string): Finding[] {
  if (!isRecord(failure)) return [{ path, received: failure, expected: 'an object of vm, atSeconds and repairSeconds' }]
  return [
    ...unknownKeys(failure, ['vm', 'atSeconds', 'repairSeconds'], path),
    ...indexFinding(failure.vm, problem.vmCount, `${path}.vm`),
    ...secondsFinding(failure.atSeconds, `${path}.atSeconds`),
    ...(failure.repairSeconds === null
      ? []
      : secondsFinding(failure.repairSeconds, `${path}.repairSeconds`, 'a finite number >= 0, or null for never')),
  ]
}

function brokenMigration(problem: Problem, migration: PlannedMigration, path: string): Finding[] {
  if (!isRecord(migration)) return [{ path, received: migration, expected: 'an object of task, vm and atSeconds' }]
  const { task, vm, atSeconds } = migration
  const findings = [
    ...unknownKeys(migration, ['task', 'vm', 'atSeconds'], path),
    ...indexFinding(task, problem.taskCount, `${path}.task`),
    ...indexFinding(vm, problem.vmCount, `${path}.vm`),
    ...secondsFinding(atSeconds, `${path}.atSeconds`),
  ]
  if (findings.length > 0 || isEligible(problem, task, vm)) return findings
  return [
    { path: `${path}.vm`, received: vm, expected: 'a VM that may take the task', hint: '`explain` lists the reasons.' },
  ]
}

function unknownKeys(record: object, known: readonly string[], path: string): Finding[] {
  const unknown = Object.keys(record).filter((key) => !known.includes(key))
  return unknown.map((key) => ({ path: `${path}.${key}`, received: key, expected: `one of ${known.join(', ')}` }))
}

/** A finding when `value` is not an index in [0, count). */
export function indexFinding(value: unknown, count: number, path: string): Finding[] {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) < count) return []
  const expected = count > 0 ? `a whole number in [0, ${count - 1}]` : 'absent: the problem has none'
  return [{ path, received: value, expected }]
}

function secondsFinding(value: unknown, path: string, rule = 'a finite number >= 0'): Finding[] {
  const isValid = typeof value === 'number' && Number.isFinite(value) && value >= 0
  return isValid ? [] : [{ path, received: value, expected: rule }]
}
