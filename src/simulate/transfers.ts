import type { Problem } from '../model/problem.ts'

/** Seconds that a task's input takes to its VM: 8 bits a byte, MB over Mbit/s. */
export function inputSeconds({ taskColumns, vmColumns }: Problem, task: number, vm: number): number {
  return transferSeconds(taskColumns.inputMegabytes?.[task], vmColumns.bandwidthMbps?.[vm])
}

/** Seconds that a task's output takes from its VM. */
export function outputSeconds({ taskColumns, vmColumns }: Problem, task: number, vm: number): number {
  return transferSeconds(taskColumns.outputMegabytes?.[task], vmColumns.bandwidthMbps?.[vm])
}

/** Seconds that a task's memory takes to a VM, over the slower of the two networks: the downtime of a migration. */
export function memorySeconds({ taskColumns, vmColumns }: Problem, task: number, from: number, to: number): number {
  const { bandwidthMbps } = vmColumns
  const slower = bandwidthMbps && Math.min(bandwidthMbps[from]!, bandwidthMbps[to]!)
  return transferSeconds(taskColumns.memoryMegabytes?.[task], slower)
}

function transferSeconds(megabytes = 0, bandwidthMbps = Infinity): number {
  return (8 * megabytes) / bandwidthMbps
}
