import type { VmInput } from '../model/vm.ts'
import { amount, count, positive, positiveCount, text } from './cells.ts'
import { column, type Layout, readTable } from './table.ts'
import type { TextSource } from './text.ts'

/** One measurement of a VM, every 300 s or so. */
export interface BitbrainsSample {
  /** Unix time in seconds; the header of the file says ms. */
  readonly timestampSeconds: number
  readonly cores: number
  /** Cores x speed of a core. */
  readonly cpuCapacityMhz: number
  readonly cpuUsageMhz: number
  /** Of the capacity; may be a little above 100. */
  readonly cpuUsagePercent: number
  readonly memoryCapacityKb: number
  readonly memoryUsageKb: number
  readonly diskReadKbPerSecond: number
  readonly diskWriteKbPerSecond: number
  readonly networkInKbPerSecond: number
  readonly networkOutKbPerSecond: number
}

const sampleLayout: Layout<BitbrainsSample> = {
  timestampSeconds: column('Timestamp [ms]', amount),
  cores: column('CPU cores', count),
  cpuCapacityMhz: column('CPU capacity provisioned [MHZ]', amount),
  cpuUsageMhz: column('CPU usage [MHZ]', amount),
  cpuUsagePercent: column('CPU usage [%]', amount),
  memoryCapacityKb: column('Memory capacity provisioned [KB]', amount),
  memoryUsageKb: column('Memory usage [KB]', amount),
  diskReadKbPerSecond: column('Disk read throughput [KB/s]', amount),
  diskWriteKbPerSecond: column('Disk write throughput [KB/s]', amount),
  networkInKbPerSecond: column('Network received throughput [KB/s]', amount),
  networkOutKbPerSecond: column('Network transmitted throughput [KB/s]', amount),
}

/**
 * Reads the measurements of one VM of the Bitbrains traces (Grid Workloads Archive GWA-T-12): columns divided by
 * semicolon and tab.
 *
 * @throws CloudschedError `format` with every finding at once
 */
export function readBitbrainsVm(source: TextSource): BitbrainsSample[] {
  return readTable(source, sampleLayout, { delimiter: ';' })
}

/** What a VM of the Bitbrains traces was given and what it used over a month. */
export interface BitbrainsVm {
  readonly id: string
  /** Number of measurements. */
  readonly sampleCount: number
  readonly cores: number
  readonly cpuCapacityMhz: number
  readonly memoryCapacityKb: number
  readonly cpuPercentMean: number
  readonly cpuPercentP95: number
  readonly cpuPercentMax: number
  readonly cpuMhzMean: number
  readonly cpuMhzP95: number
  readonly memoryUsedKbMean: number
  readonly memoryUsedKbP95: number
}

const vmLayout: Layout<BitbrainsVm> = {
  id: column('vm', text),
  sampleCount: column('rows', count),
  cores: column('cores', positiveCount),
  cpuCapacityMhz: column('cpu_capacity_mhz', positive),
  memoryCapacityKb: column('mem_capacity_kb', amount),
  cpuPercentMean: column('cpu_pct_mean', amount),
  cpuPercentP95: column('cpu_pct_p95', amount),
  cpuPercentMax: column('cpu_pct_max', amount),
  cpuMhzMean: column('cpu_mhz_mean', amount),
  cpuMhzP95: column('cpu_mhz_p95', amount),
  memoryUsedKbMean: column('mem_used_kb_mean', amount),
  memoryUsedKbP95: column('mem_used_kb_p95', amount),
}

/**
 * Reads an inventory of Bitbrains VMs from CSV: vm, rows, cores, cpu_capacity_mhz, mem_capacity_kb and the means, 95th
 * percentiles and maxima of CPU and memory use.
 *
 * @throws CloudschedError `format` with every finding at once
 */
export function readBitbrainsInventory(source: TextSource): BitbrainsVm[] {
  return readTable(source, vmLayout)
}

/** Turns an inventory into VMs: cores; speedMips = MHz of a core, 1 MHz counted as 1 MIPS; capacity `cpu` in cores and `memoryMib`. */
export function bitbrainsToVms(inventory: readonly BitbrainsVm[]): VmInput[] {
  return inventory.map(({ id, cores, cpuCapacityMhz, memoryCapacityKb }) => ({
    id,
    speedMips: cpuCapacityMhz / cores,
    cores,
    capacity: { cpu: cores, memoryMib: memoryCapacityKb / 1024 },
  }))
}
