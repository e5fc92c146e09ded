import { describe, expect, test } from 'vitest'
import {
  admitArrivals,
  createClusterState,
  historyOf,
  moveTask,
} from '../../../src/pipeline/closed-loop/cluster-state.ts'
import { runStep } from '../../../src/pipeline/closed-loop/run-step.ts'
import { columnsOf } from '../../../src/pipeline/closed-loop/trace-columns.ts'
import type { DemandTrace } from '../../../src/model/demand-trace.ts'
import { smallTrace, tenCores } from './traces.ts'

function start(trace: DemandTrace) {
  const state = createClusterState(columnsOf(trace))
  admitArrivals(state)
  return state
}

describe('work', () => {
  test('runs at the speed of the pool while it is not overloaded, at a proportional share while it is', () => {
    // 12 000 MI at 100 MIPS: step 1 (4 + 6 = 10 of 10 cores) does 10 000. In step 2 they ask for 5 + 15 = 20: half
    // speed, the last 2000 MI take 40 s. Then b alone asks for 15 of 10: 100 / 1.5 MIPS for 60 s = 4000 MI.
    const trace = smallTrace(
      [
        { id: 'a', lengthMi: 12_000, demand: { cpu: [4, 4, 5, 5] } },
        { id: 'b', lengthMi: 50_000, demand: { cpu: [6, 6, 15, 15] } },
      ],
      [tenCores('p')],
      4,
    )
    const state = start(trace)
    moveTask(state, 0, 0)
    moveTask(state, 1, 0)
    runStep(state)
    expect([...state.remainingMi]).toEqual([2000, 40_000])
    runStep(state)
    expect(state.workEndSeconds[0]).toBe(140)
    expect(state.remainingMi[1]).toBeCloseTo(40_000 - 2000 - 4000, 6)
    expect(state.active).toEqual([1])
    expect(historyOf(state).tasks[0]).toEqual({
      pool: 0,
      status: 'finished',
      startSeconds: 0,
      workEndSeconds: 140,
      finishSeconds: 140,
    })
  })

  test('waits for its input, its memory and its output', () => {
    // 20 MB in take 20 s at 8 Mbit/s. Step 1 does 80 s = 8000 MI. The move takes 30 s for 30 MB: step 2 does 7000 MI.
    // The last 1000 MI end at 210 s, and 5 MB out are there at 215 s.
    const task = {
      id: 'a',
      lengthMi: 16_000,
      inputMegabytes: 20,
      outputMegabytes: 5,
      memoryMegabytes: 30,
      demand: { cpu: 1 },
    }
    const state = start(smallTrace([task], [tenCores('p'), tenCores('q')], 4))
    moveTask(state, 0, 0)
    runStep(state)
    expect(state.remainingMi[0]).toBe(8000)
    moveTask(state, 0, 1)
    runStep(state)
    expect(state.remainingMi[0]).toBe(1000)
    runStep(state)
    const { tasks, moves } = historyOf(state)
    expect(tasks[0]).toEqual({ pool: 1, status: 'finished', startSeconds: 20, workEndSeconds: 210, finishSeconds: 215 })
    expect(moves.map(({ from, to, megabytes }) => [from, to, megabytes])).toEqual([
      [null, 0, 20],
      [0, 1, 30],
    ])
  })

  test('what has done nothing yet takes its input again, and starts later', () => {
    // 150 MB would be there at 150 s; moved at 100 s, they are there at 250 s.
    const task = { id: 'a', lengthMi: 1000, inputMegabytes: 150, memoryMegabytes: 1, demand: { cpu: 1 } }
    const state = start(smallTrace([task], [tenCores('p'), tenCores('q')], 4))
    moveTask(state, 0, 0)
    runStep(state)
    moveTask(state, 0, 1)
    runStep(state)
    expect(historyOf(state).tasks[0]).toMatchObject({ status: 'running', startSeconds: null })
    runStep(state)
    expect(historyOf(state).tasks[0]).toMatchObject({ startSeconds: 250, finishSeconds: 260 })
    expect(historyOf(state).moves[1]!.megabytes).toBe(150)
  })

  test('a task whose output is on its way has left its pool', () => {
    const task = { id: 'a', lengthMi: 9000, outputMegabytes: 20, demand: { cpu: 9 } }
    const state = start(smallTrace([task], [tenCores('p')], 3))
    moveTask(state, 0, 0)
    runStep(state)
    expect(state.active).toEqual([])
    expect(historyOf(state).tasks[0]).toMatchObject({ status: 'running', workEndSeconds: 90, finishSeconds: null })
  })

  test('without a length it never ends', () => {
    const state = start(smallTrace([{ id: 'a', demand: { cpu: 1 } }], [tenCores('p')], 3))
    moveTask(state, 0, 0)
    runStep(state)
    runStep(state)
    expect(historyOf(state).tasks[0]).toMatchObject({ status: 'running', workEndSeconds: null })
  })
})

test('tasks come in when they arrive, in that order', () => {
  const tasks = [250, 0, 100].map((arrivalSeconds, index) => ({ id: `t${index}`, arrivalSeconds, demand: { cpu: 1 } }))
  const state = start(smallTrace(tasks, [tenCores('p')], 5))
  expect(state.waiting).toEqual([1])
  runStep(state)
  admitArrivals(state)
  expect(state.waiting).toEqual([1, 2])
  expect(historyOf(state).tasks.map(({ status }) => status)).toEqual(['not-arrived', 'waiting', 'waiting'])
})
