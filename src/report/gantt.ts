import { readOptions } from '../errors/read-options.ts'
import { type Problem, taskId, vmId } from '../model/problem.ts'
import type { Schedule } from '../model/schedule.ts'
import { formatNumber } from './format-number.ts'
import { chart, type JsonObject, plotWidth, titleEntry, type VegaLiteSpec } from './vega-lite-spec.ts'
import { makespanRule, roleColour, roleOf, rowHeight, vmRows } from './vm-rows.ts'

/** Options of `ganttSpec`. */
export interface GanttOptions {
  readonly title?: string
}

interface Bar {
  readonly task: string
  readonly vm: number
  readonly start: number
  readonly finish: number
  lane: number
}

/** More tasks at once on a VM than this are not told apart by height but by depth of colour. */
const mostLanes = 8

/**
 * Gantt chart: a row per VM, a bar per finished task from start to finish in seconds, a rule at the makespan, and the
 * VMs that decide it in another colour. Names stand in the bars where they fit; tasks that run side by side on a VM
 * share its row.
 *
 * @param schedule - of `simulate(problem, assignment)`
 */
export function ganttSpec(problem: Problem, schedule: Schedule, options: GanttOptions = {}): VegaLiteSpec {
  const { title } = readOptions(titleEntry, { title: 'Schedule' }, options)
  const { makespanSeconds } = schedule
  const bars = finishedBars(problem, schedule)
  const laneCount = assignLanes(bars, problem.vmCount, makespanSeconds * 1e-9)
  const hasLanes = laneCount > 1 && laneCount <= mostLanes
  const isStacked = laneCount > mostLanes
  const row = rowHeight(problem.vmCount) * (hasLanes ? Math.min(laneCount, 3) : 1)
  const pixelsPerSecond = makespanSeconds > 0 ? plotWidth / makespanSeconds : 0
  const fontSize = Math.min(11, (row / (hasLanes ? laneCount : 1)) * 0.6)
  const critical = criticalVms(bars, makespanSeconds)
  const fits = ({ task, start, finish }: Bar) => (finish - start) * pixelsPerSecond >= task.length * fontSize * 0.62 + 6
  // Names on a few bars alone would say more about rounding than about tasks.
  const hasNames = !isStacked && fontSize >= 7 && bars.filter(fits).length * 2 >= bars.length
  const values = bars.map((bar): JsonObject => {
    const { task, vm, start, finish, lane } = bar
    return {
      task,
      vm: vmId(problem, vm),
      start,
      finish,
      role: roleOf(critical.has(vm)),
      ...(hasLanes ? { lane } : {}),
      ...(hasNames && fits(bar) ? { label: task } : {}),
    }
  })
  const medianPixels = median(bars.map(({ start, finish }) => (finish - start) * pixelsPerSecond))
  const y = vmRows(problem, row)
  const lane = hasLanes
    ? { yOffset: { field: 'lane', type: 'ordinal', scale: { domain: [...Array(laneCount).keys()] } } }
    : {}
  return chart({
    title,
    subtitle: subtitle(problem, schedule),
    values,
    height: { step: row, for: 'position' },
    layer: [
      {
        mark: {
          type: 'bar',
          stroke: 'white',
          strokeWidth: isStacked ? 0 : Math.min(1, medianPixels * 0.1),
          opacity: isStacked ? 0.2 : 1,
        },
        encoding: {
          y,
          ...lane,
          x: {
            field: 'start',
            type: 'quantitative',
            title: 'time (s)',
            scale: { domain: [0, makespanSeconds || 1], nice: false },
            axis: { grid: true, tickCount: 8 },
          },
          x2: { field: 'finish' },
          color: roleColour,
          tooltip: ['task', 'vm', 'start', 'finish'].map((field) => ({
            field,
            type: field === 'start' || field === 'finish' ? 'quantitative' : 'nominal',
          })),
        },
      },
      {
        transform: [
          { filter: 'isValid(datum.label)' },
          { calculate: '(datum.start + datum.finish) / 2', as: 'middle' },
        ],
        mark: { type: 'text', color: 'white', fontSize, baseline: 'middle', tooltip: null },
        encoding: {
          y,
          ...lane,
          x: { field: 'middle', type: 'quantitative' },
          text: { field: 'label', type: 'nominal' },
        },
      },
      ...makespanRule(makespanSeconds),
    ],
  })
}

function finishedBars(problem: Problem, { tasks }: Schedule): Bar[] {
  return tasks.flatMap(({ vm, startSeconds, finishSeconds }, index) =>
    vm < 0 || startSeconds === null || finishSeconds === null
      ? []
      : [{ task: taskId(problem, index), vm, start: startSeconds, finish: finishSeconds, lane: 0 }],
  )
}

/** Gives each bar the first lane of its VM that is free at its start; returns how many lanes the fullest VM needs. */
function assignLanes(bars: readonly Bar[], vmCount: number, tolerance: number): number {
  const freeAt: number[][] = Array.from({ length: vmCount }, () => [])
  let most = 0
  for (const bar of bars.toSorted((a, b) => a.start - b.start || a.finish - b.finish)) {
    const lanes = freeAt[bar.vm]!
    const free = lanes.findIndex((time) => time <= bar.start + tolerance)
    bar.lane = free === -1 ? lanes.length : free
    lanes[bar.lane] = bar.finish
    most = Math.max(most, lanes.length)
  }
  return most
}

function criticalVms(bars: readonly Bar[], makespanSeconds: number): Set<number> {
  return new Set(bars.filter(({ finish }) => finish >= makespanSeconds * (1 - 1e-12)).map(({ vm }) => vm))
}

function subtitle({ taskCount, vmCount }: Problem, { tasks, makespanSeconds, cost }: Schedule): string {
  const unfinished = tasks.filter(({ status }) => status !== 'finished').length
  return [
    `${count(taskCount, 'task')} on ${count(vmCount, 'VM')}`,
    `makespan ${formatNumber(makespanSeconds)} s`,
    ...(cost === null ? [] : [`cost ${formatNumber(cost)}`]),
    ...(unfinished === 0 ? [] : [`${count(unfinished, 'task')} not finished, not shown`]),
  ].join('  ·  ')
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}
