import { loadHighs, type LpSolver } from '../../lp/highs.ts'

/** Solves the linear programmes of coupled allocations, blocking the thread. */
export type CloudSolver = LpSolver

/**
 * Loads HiGHS for `oracleAllocation` and `coupledAllocation`.
 *
 * @throws CloudschedError `missing-peer` when the optional peer `highs` is not installed
 */
export async function loadCloudSolver(): Promise<CloudSolver> {
  return loadHighs()
}
