/**
 * Equation (7), INS_runtime: how full the processors of a pool are, without a unit.
 *
 * @param usedCpu - cores that its tasks use together, >= 0
 * @param cpus - cores it has, >= 0
 * @returns 0 where nothing is used, Infinity where something is used of nothing
 */
export function loadRatio(usedCpu: number, cpus: number): number {
  return usedCpu > 0 ? usedCpu / cpus : 0
}

/**
 * Equation (8), Schedul_time: seconds to compute a task.
 *
 * @param lengthMi - million instructions, >= 0
 * @param speedMips - million instructions a second, >= 0
 * @returns 0 for nothing to compute, Infinity at speed 0
 */
export function computingSeconds(lengthMi: number, speedMips: number): number {
  return lengthMi > 0 ? lengthMi / speedMips : 0
}

/**
 * Equation (9), TRAN_time: seconds to move input and output.
 *
 * @param megabytes - input and output together, >= 0
 * @param bandwidthMbps - of the pool, megabit a second, >= 0
 * @param demandMbps - what the task takes of it at most; 0 = all
 * @returns 0 for nothing to move, Infinity at bandwidth 0
 */
export function transferSeconds(megabytes: number, bandwidthMbps: number, demandMbps = 0): number {
  if (!(megabytes > 0)) return 0
  return (8 * megabytes) / (demandMbps > 0 ? Math.min(demandMbps, bandwidthMbps) : bandwidthMbps)
}

/**
 * Equation (10): seconds a task waits for those before it on its pool, and for its calls to tasks on other pools.
 *
 * @param queueSeconds - execution times of the tasks before it on the pool, together
 * @param callsElsewhere - its calls an interval to tasks on other pools
 * @param secondsPerCall - cost of one of them
 */
export function waitingSeconds(queueSeconds: number, callsElsewhere: number, secondsPerCall: number): number {
  return queueSeconds + callsElsewhere * secondsPerCall
}

/**
 * The execution time that follows from (7) and (8). 'consistent': the computing time, stretched where more processors
 * are used than there are. 'literal': their sum as printed, a ratio and a time.
 */
export function stretchedSeconds(computing: number, ratio: number, formula: 'consistent' | 'literal'): number {
  return formula === 'literal' ? ratio + computing : computing * Math.max(1, ratio)
}
