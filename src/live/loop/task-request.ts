import type { ObservedTask } from '../monitor/observation.ts'
import { adaptLevel } from '../feedback/adaptive-level.ts'
import type { ControlSettings } from './control-options.ts'
import type { TaskMemory } from './control-state.ts'

/** What a task is to be given, and what the loop keeps of it. */
export interface TaskRequest {
  readonly id: string
  readonly request: Readonly<Record<string, number>>
  readonly memory: TaskMemory
  readonly fallbacks: readonly string[]
}

/**
 * Forecasts one task: the peak of the quantile path over the horizon, never below what it uses now. With feedback the
 * level follows how often its forecasts held.
 */
export function requestOf(before: TaskMemory | undefined, task: ObservedTask, settings: ControlSettings): TaskRequest {
  const { forecaster, horizon, stepSeconds, historySteps, resources, feedback } = settings
  const steps = (before?.steps ?? 0) + 1
  const level = learntLevel(before, task.use, settings)
  const request: Record<string, number> = { ...task.use }
  const expected: Record<string, number> = {}
  const use: Record<string, readonly number[]> = {}
  const fallbacks: string[] = []
  for (const resource of resources) {
    const now = task.use[resource] ?? 0
    const past = [...(before?.use[resource] ?? []), now].slice(-historySteps)
    use[resource] = past
    expected[resource] = now
    if (!forecaster || now === 0) continue
    const history = { id: task.id, values: past, stepSeconds }
    const forecast = forecaster.forecast({ history, firstStep: steps - past.length, horizon, levels: [level] })
    const path = forecast.quantiles[0]!
    expected[resource] = path[0]!
    request[resource] = Math.max(now, ...path)
    fallbacks.push(...forecast.fallbacks)
  }
  const memory = {
    use,
    steps,
    expected,
    level: feedback ? level : settings.level,
    movedSeconds: before?.movedSeconds ?? null,
    heldUntilSeconds: before?.heldUntilSeconds ?? null,
  }
  return { id: task.id, request, memory, fallbacks }
}

function learntLevel(
  before: TaskMemory | undefined,
  use: Readonly<Record<string, number>>,
  settings: ControlSettings,
): number {
  const { feedback, level, resources } = settings
  if (!before || !feedback) return level
  const isCovered = resources.every((resource) => (use[resource] ?? 0) <= (before.expected[resource] ?? Infinity))
  return adaptLevel(before.level, isCovered, feedback.target, feedback.rate ?? 0.02)
}
