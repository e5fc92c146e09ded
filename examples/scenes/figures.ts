import { pathToFileURL } from 'node:url'
import { consoleTable } from 'cloudsched/report'

/** Who decides: rules that a person sets once, the present use, or a forecast. */
export type Control = 'rules' | 'reactive' | 'predictive'

/** What every scene is told. */
export interface SceneOptions {
  readonly control: Control
  /** The headroom of the control; what it means stands in each scene. */
  readonly margin: number
  readonly seed: number
  readonly days?: number
}

/** What every scene is judged by. */
export interface Figures {
  /** Standard deviation of the load between machines in use, in percent of a machine, mean over time. */
  readonly imbalancePercent: number
  /** In the unit that the scene states. */
  readonly cost: number
  /** Mean time that work waits before it is served, in seconds. */
  readonly waitSeconds: number
  /** Useful work in percent of what was there to do it. */
  readonly utilisationPercent: number
}

/** Population standard deviation; 0 for fewer than two values. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

/** Whether a module is the script that was started, and not imported by another one. */
export function isStarted(moduleUrl: string): boolean {
  return moduleUrl === pathToFileURL(process.argv[1] ?? '').href
}

/** The figures of a scene, one control a line. */
export function print(title: string, rows: readonly (Figures & { readonly control: string })[]): void {
  console.log(`${title}\n${consoleTable(rows)}`)
}
