import { CloudschedError } from '../errors/cloudsched-error.ts'
import { columnName, type LinearProgram, writeLp } from './linear-program.ts'

/** What one call of the solver may use up, and how near to the optimum it must come. */
export interface LpLimits {
  readonly timeLimitMs: number
  readonly maxNodes: number
  /** The search ends when objective - bound is no larger. */
  readonly absoluteGap: number
}

/** What a call of the solver found. */
export interface LpAnswer {
  /** 'stopped': a limit came first. */
  readonly status: 'optimal' | 'infeasible' | 'stopped'
  /** No solution is below it; -Infinity when nothing is known. */
  readonly bound: number
  /** Value of each column in the best solution; `null` when none was found. */
  readonly values: Float64Array | null
  /** Nodes of the tree, the root included. */
  readonly nodes: number
}

/** Solves a programme, blocking the thread until it is done. */
export type LpSolver = (program: LinearProgram, limits: LpLimits) => LpAnswer

/** The part of the package `highs` that is used here. */
export interface HighsPackage {
  readonly default: () => Promise<{
    createModel(source: { format: 'lp'; data: string }): HighsModel
  }>
}

interface HighsModel {
  readonly options: { set(values: Readonly<Record<string, boolean | number>>): unknown }
  readonly info: { get(name: string): number | bigint }
  run(): { readonly modelStatus: number }
  getSolution(): { readonly colValue: Float64Array }
  getColByName(name: string): number
  dispose(): void
}

/**
 * Loads HiGHS, the solver of the optional peer `highs`. Each call makes an instance of its own, whose memory goes with it.
 *
 * @param importPeer - imports the package; another one only in tests
 * @returns throws `solver` when HiGHS fails
 * @throws CloudschedError `missing-peer` when the package cannot be loaded
 */
export async function loadHighs(importPeer: () => Promise<HighsPackage> = importHighs): Promise<LpSolver> {
  const { default: load } = await importPeer().catch((cause: unknown) => {
    throw new CloudschedError(
      'missing-peer',
      [{ path: 'highs', received: undefined, expected: 'installed', hint: 'Run: npm install highs' }],
      { cause },
    )
  })
  const highs = await load()
  return (program, limits) => {
    try {
      return run(highs.createModel({ format: 'lp', data: writeLp(program) }), program, limits)
    } catch (cause) {
      const expected = 'able to solve the programme'
      throw new CloudschedError('solver', [{ path: 'highs', received: String(cause), expected }], { cause })
    }
  }
}

function run(model: HighsModel, program: LinearProgram, limits: LpLimits): LpAnswer {
  try {
    model.options.set({ ...precision, ...limitOptions(limits) })
    return readAnswer(model, model.run().modelStatus, program.columns.length)
  } finally {
    model.dispose()
  }
}

/**
 * The types of the package describe its CommonJS form, where `default` lies one deeper; `import` finds the other one. By the
 * `catch` right behind it bundlers see that the package may be absent.
 */
function importHighs(): Promise<HighsPackage> {
  return import('highs').catch(passOn) as unknown as Promise<HighsPackage>
}

function passOn(cause: unknown): never {
  throw cause
}

/**
 * As exact as HiGHS comes without trouble: its defaults let a row be broken by 1e-6, and stop at a gap of 1e-4.
 */
const precision = {
  output_flag: false,
  mip_rel_gap: 0,
  mip_feasibility_tolerance: 1e-9,
  primal_feasibility_tolerance: 1e-9,
  dual_feasibility_tolerance: 1e-9,
}

const largestCount = 2 ** 31 - 1

function limitOptions({ timeLimitMs, maxNodes, absoluteGap }: LpLimits): Record<string, number> {
  return {
    mip_abs_gap: absoluteGap,
    mip_max_nodes: Math.min(maxNodes, largestCount),
    ...(timeLimitMs < Infinity ? { time_limit: timeLimitMs / 1000 } : {}),
  }
}

const optimal = 7
const infeasible = 8
/** Time, iterations, unknown (which is what a limit of nodes gives), solutions, interrupt. */
const stopped: ReadonlySet<number> = new Set([13, 14, 15, 16, 17])
/** HiGHS's own number for "a solution that keeps all rows". */
const feasiblePoint = 2

function readAnswer(model: HighsModel, status: number, columnCount: number): LpAnswer {
  const nodes = Math.max(1, Number(model.info.get('mip_node_count')))
  if (status === infeasible) return { status: 'infeasible', bound: Infinity, values: null, nodes }
  if (status !== optimal && !stopped.has(status)) throw new Error(`It ended with model status ${status}.`)
  const hasSolution = Number(model.info.get('primal_solution_status')) === feasiblePoint
  return {
    status: status === optimal ? 'optimal' : 'stopped',
    bound: Number(model.info.get('mip_dual_bound')),
    values: hasSolution ? readColumns(model, columnCount) : null,
    nodes,
  }
}

/** HiGHS numbers columns as its reader meets them. */
function readColumns(model: HighsModel, columnCount: number): Float64Array {
  const { colValue } = model.getSolution()
  return Float64Array.from({ length: columnCount }, (_, column) => colValue[model.getColByName(columnName(column))]!)
}
