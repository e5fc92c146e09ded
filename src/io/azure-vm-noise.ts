import { median } from 'simple-statistics'
import { broken, type Cell, positive, text } from './cells.ts'
import { column, type Layout, readTable } from './table.ts'
import type { TextSource } from './text.ts'

/** One run of a CPU benchmark on a VM. */
export interface AzureVmMeasurement {
  /** Events per second: higher is faster. */
  readonly eventsPerSecond: number
  readonly runSeconds: number
  /** Unix time in seconds; the file states no zone, UTC is taken. */
  readonly startSeconds: number
  readonly vm: string
}

const utcTime: Cell<number> = {
  rule: 'a time such as 2023-09-01 05:13:10.610',
  parse(cell) {
    if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/.test(cell)) return broken
    const milliseconds = Date.parse(`${cell.replace(' ', 'T')}Z`)
    return Number.isNaN(milliseconds) ? broken : milliseconds / 1000
  },
}

const layout: Layout<AzureVmMeasurement> = {
  eventsPerSecond: column('value', positive),
  runSeconds: column('runtime', positive),
  startSeconds: column('starttime', utcTime),
  vm: column('VM_id', text),
}

/**
 * Reads benchmark runs on Azure VMs (the TUNA data, VM noise) from CSV: value, runtime, starttime, VM_id. Rows stay in
 * the order of the file, which is not that of time.
 *
 * @throws CloudschedError `format` with every finding at once
 */
export function readAzureVmNoise(source: TextSource): AzureVmMeasurement[] {
  return readTable(source, layout)
}

/** Speed of the VM at each measurement, as a factor of the median of all: 1.02 is two per cent faster. */
export function speedFactors(measurements: readonly AzureVmMeasurement[]): number[] {
  if (measurements.length === 0) return []
  const middle = median(measurements.map(({ eventsPerSecond }) => eventsPerSecond))
  return measurements.map(({ eventsPerSecond }) => eventsPerSecond / middle)
}
