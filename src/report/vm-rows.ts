import { type Problem, vmId } from '../model/problem.ts'
import { colours, ink, type JsonObject } from './vega-lite-spec.ts'

/** Height of a VM's row in pixels: comfortable for a few VMs, about 600 pixels for all of many, never below 3. */
export function rowHeight(vmCount: number): number {
  return Math.max(3, Math.min(34, Math.floor(600 / Math.max(1, vmCount))))
}

/** A row for each VM, idle ones too; where their names would touch, only every second, fourth, ... is there. */
export function vmRows(problem: Problem, height: number): JsonObject {
  return {
    field: 'vm',
    type: 'nominal',
    title: 'VM',
    scale: {
      domain: Array.from({ length: problem.vmCount }, (_, vm) => vmId(problem, vm)),
      paddingInner: height >= 8 ? 0.2 : 0,
      paddingOuter: 0.1,
    },
    axis: {
      labelOverlap: 'parity',
      labelFontSize: Math.max(8, Math.min(11, height - 2)),
      labelLimit: 240,
      ticks: false,
      domain: false,
      titlePadding: 10,
    },
  }
}

const roles = ['decides the makespan', 'other VMs'] as const

/** What the bars of a VM are coloured by, in the Gantt chart and in the load chart. */
export function roleOf(isCritical: boolean): string {
  return isCritical ? roles[0] : roles[1]
}

export const roleColour: JsonObject = {
  field: 'role',
  type: 'nominal',
  scale: { domain: roles, range: [colours.vermilion, colours.blue] },
  legend: { title: null, orient: 'bottom', direction: 'horizontal' },
}

/** A rule with its name above. */
export function makespanRule(makespan: number): JsonObject[] {
  const data = { values: [{ makespan }] }
  const x = { field: 'makespan', type: 'quantitative' }
  return [
    { data, mark: { type: 'rule', color: ink, strokeDash: [4, 3], strokeWidth: 1.2 }, encoding: { x } },
    {
      data,
      mark: { type: 'text', text: 'makespan', align: 'right', dx: 2, fontSize: 10, color: ink },
      encoding: { x, y: { value: -7 } },
    },
  ]
}
