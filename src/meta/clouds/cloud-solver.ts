import { loadHighs, type LpSolver } from '../../lp/highs.ts'

/**
 * Loads HiGHS, which solves the linear programmes of `oracleAllocation` and `coupledAllocation`.
 *
 * @returns blocks the thread while it solves
 * @throws CloudschedError `missing-peer` when the optional peer `highs` is not installed
 */
export async function loadCloudSolver(): Promise<LpSolver> {
  return loadHighs()
}
