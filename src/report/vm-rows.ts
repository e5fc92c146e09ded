import type { JsonObject } from './vega-lite-spec.ts'

/** Height of a VM's row in pixels: comfortable for a few VMs, about 600 pixels for all of many, never below 3. */
export function rowHeight(vmCount: number): number {
  return Math.max(3, Math.min(34, Math.floor(600 / Math.max(1, vmCount))))
}

/** Names beside the rows, as large as these allow; where they would touch, only every second, fourth, ... is there. */
export function rowLabels(height: number): JsonObject {
  return {
    labelOverlap: 'parity',
    labelFontSize: Math.max(8, Math.min(11, height - 2)),
    labelLimit: 160,
    ticks: false,
    domain: false,
    titlePadding: 10,
  }
}
