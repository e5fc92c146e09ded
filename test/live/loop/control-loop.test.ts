import { expect, test } from 'vitest'
import { robustZDetector } from '../../../src/live/anomaly/robust-z.ts'
import { controlStep } from '../../../src/live/loop/control-loop.ts'
import type { ControlOptions } from '../../../src/live/loop/control-options.ts'
import { type ControlState, uncontrolled } from '../../../src/live/loop/control-state.ts'
import type { Observation } from '../../../src/live/monitor/observation.ts'
import type { Forecaster } from '../../../src/model/forecaster.ts'

const machines = ['a', 'b'].map((id) => ({ id, capacity: { cpu: 10, memoryMib: 1000 } }))
const observe = (
  step: number,
  use: Readonly<Record<string, readonly [machine: string, cpu: number]>>,
): Observation => ({
  nowSeconds: 300 * step,
  machines,
  tasks: Object.entries(use).map(([id, [machine, cpu]]) => ({ id, machine, use: { cpu, memoryMib: 100 } })),
})

/** Says that everything will be twice what it is, two steps ahead, and three times at the level asked for. */
const doubling: Forecaster = {
  name: 'doubling',
  contextSteps: 1,
  forecast({ history: { values }, horizon, levels = [] }) {
    const now = values[values.length - 1]!
    const path = (factor: number): Float64Array =>
      Float64Array.from({ length: horizon }, (_, h) => (h === 1 ? factor * now : now))
    return { values: path(2), quantiles: levels.map(() => path(3)), fallbacks: [] }
  },
}

test('requests the peak of the quantile, and the present use of what is not forecast', () => {
  const { decisions } = controlStep(uncontrolled, observe(0, { t: ['a', 2] }), { forecaster: doubling })
  expect(decisions.requests).toEqual({ t: { cpu: 6, memoryMib: 100 } })
})

test('without a forecaster it is reactive', () => {
  const { decisions } = controlStep(uncontrolled, observe(0, { t: ['a', 2] }))
  expect(decisions.requests).toEqual({ t: { cpu: 2, memoryMib: 100 } })
})

test('a machine that will be too full is relieved before it is, and the task then rests', () => {
  const parts: ControlOptions = { forecaster: doubling, repair: { cooldownSeconds: 600 } }
  const first = controlStep(uncontrolled, observe(0, { s: ['a', 1], t: ['a', 2.5] }), parts)
  // 3 + 7.5 = 10.5 of 10: t (7.5) relieves most at the same cost and fits b below 8.
  expect(first.decisions.plan.actions).toMatchObject([{ kind: 'move', task: 't', from: 'a', to: 'b' }])
  expect(first.decisions.anomalies).toMatchObject([
    { kind: 'overloaded-machine', subject: 'a', detail: 'is predicted to be 105 % full' },
  ])
  // Carried out, but b is now the one that will be too full: t has just moved, nothing happens.
  const next = controlStep(first.state, observe(1, { s: ['a', 1], t: ['b', 3.3] }), parts)
  expect(next.decisions.plan.actions).toEqual([])
  expect(next.decisions.plan.unrepaired).toMatchObject([{ subject: 'b' }])
})

test('feedback raises the level after a miss and lowers it slowly after a hit', () => {
  const under: Forecaster = {
    ...doubling,
    forecast: (request) => ({ ...doubling.forecast(request), quantiles: [new Float64Array(request.horizon).fill(3)] }),
  }
  const parts: ControlOptions = { forecaster: under, feedback: { target: 0.9, rate: 0.1 } }
  const levelAfter = (state: ControlState, cpu: number, step: number) => {
    const next = controlStep(state, observe(step, { t: ['a', cpu] }), parts).state
    return [next, next.tasks['t']!.level] as const
  }
  const [first] = levelAfter(uncontrolled, 2, 0)
  const [, missed] = levelAfter(first, 4, 1) // 4 > 3: 0.85 + 0.1 * 0.9
  expect(missed).toBeCloseTo(0.94, 12)
  const [, hit] = levelAfter(first, 2.5, 1) // 0.85 - 0.1 * 0.1
  expect(hit).toBeCloseTo(0.84, 12)
})

test('reports use that nothing foretold, and forecasts that have become bad', () => {
  const parts: ControlOptions = {
    detector: robustZDetector({ window: 40, warmUp: 20 }),
    drift: { warmUp: 20, limit: 5 },
    repair: null,
  }
  let state = uncontrolled
  const seen: { anomalies: readonly { kind: string }[]; drifted: readonly string[] }[] = []
  for (let step = 0; step < 80; step++) {
    const cpu = 3 + (step % 3) * 0.1 + (step > 60 ? (step % 2) * 2 : 0)
    const turn = controlStep(state, observe(step, { t: ['a', cpu] }), parts)
    state = JSON.parse(JSON.stringify(turn.state))
    seen.push(turn.decisions)
  }
  expect(seen.slice(0, 60).flatMap(({ anomalies }) => anomalies)).toEqual([])
  expect(seen.slice(60).some(({ anomalies }) => anomalies.some(({ kind }) => kind === 'unexpected-use'))).toBe(true)
  expect(seen.findIndex(({ drifted }) => drifted.includes('a'))).toBeGreaterThan(60)
})

test('inputs are left alone, options are checked', () => {
  const observation = observe(0, { t: ['a', 2] })
  const before = JSON.stringify(observation)
  controlStep(uncontrolled, observation, { forecaster: doubling })
  expect(JSON.stringify(observation)).toBe(before)
  expect(() => controlStep(uncontrolled, observation, { level: 2 })).toThrow(/options.level/)
  expect(() => controlStep(uncontrolled, observation, { resources: [] })).toThrow(/options.resources/)
  const reading = { ...doubling, features: ['hour'] }
  expect(() => controlStep(uncontrolled, observation, { forecaster: reading })).toThrow(/options.forecaster/)
})
