import { expect, test } from 'vitest'
import { monitor, type MonitorOptions, type MonitorState, unmonitored } from '../../../src/live/monitor/monitor.ts'
import type { Observation } from '../../../src/live/monitor/observation.ts'

const machines = [
  { id: 'a', capacity: { cpu: 10 } },
  { id: 'b', capacity: { cpu: 10 } },
]

function watch(observations: readonly Observation[], options: MonitorOptions = {}) {
  let state: MonitorState = unmonitored
  return observations.map((observation) => {
    const step = monitor(state, observation, options)
    // Plain data: a restart in between changes nothing.
    state = JSON.parse(JSON.stringify(step.state))
    return step.anomalies
  })
}

const at = (step: number, tasks: Observation['tasks'], own = machines): Observation => ({
  nowSeconds: 300 * step,
  machines: own,
  tasks,
})
const task = (machine: string, cpu: number, progress?: number) => ({
  id: 't',
  machine,
  use: { cpu },
  ...(progress === undefined ? {} : { progress }),
})

test('a machine that says nothing is silent from its last word on', () => {
  const own = [{ ...machines[0]!, heardSeconds: 100 }, machines[1]!]
  const [early, late] = watch([at(3, [], own), at(4, [], own)])
  expect(early).toEqual([]) // 900 - 100 = 800 s
  // 1200 - 100 = 1100 s of 900: r = 1.2222, r^2 / (1 + r^2) = 0.59901.
  expect(late).toEqual([
    {
      kind: 'silent-machine',
      subject: 'a',
      sinceSeconds: 100,
      confidence: expect.closeTo(0.59901, 5),
      detail: 'said nothing for 1100 s',
    },
  ])
})

test('a machine is overloaded when it is so twice in a row', () => {
  const [, second, third] = watch([at(0, [task('a', 9.6)]), at(1, [task('a', 9.7)]), at(2, [task('a', 9.4)])])
  expect(second).toMatchObject([
    { kind: 'overloaded-machine', subject: 'a', sinceSeconds: 0, detail: 'is 97 % full for 2 steps' },
  ])
  expect(third).toEqual([])
})

test('a machine in use whose figures never change in any digit is stuck; an idle one is not', () => {
  const steps = Array.from({ length: 13 }, (_, step) => at(step, [task('a', 5.123)]))
  const seen = watch(steps, { stuckSteps: 12 })
  expect(seen[10]).toEqual([])
  expect(seen[11]).toMatchObject([{ kind: 'stuck-machine', subject: 'a', sinceSeconds: 0 }])
  expect(watch(Array.from({ length: 13 }, (_, step) => at(step, []))).flat()).toEqual([])
})

test('a task that does not get on is stuck since its last progress', () => {
  const seen = watch([
    at(0, [task('a', 1, 5)]),
    at(1, [task('a', 2, 6)]),
    at(6, [task('a', 3, 6)]),
    at(8, [task('a', 4, 6)]),
  ])
  expect(seen[2]).toEqual([]) // 1500 s
  expect(seen[3]).toMatchObject([{ kind: 'stuck-task', subject: 't', sinceSeconds: 300 }])
})

test('a new attempt on the same machine begins its progress anew', () => {
  const tries = [1, 1, 2, 2].map((attempt, k) => at(5 * k, [{ ...task('a', k + 1, 6), attempt }]))
  // 1500 s on its first attempt are not stuck; nor, in the second, 1500 s after 3000 s in all.
  expect(watch(tries).flat()).toEqual([])
})

test('a task that is back where it left from within an hour oscillates', () => {
  const quick = watch([at(0, [task('a', 1)]), at(1, [task('b', 2)]), at(4, [task('a', 3)])])
  expect(quick[2]).toMatchObject([
    { kind: 'oscillating-task', subject: 't', sinceSeconds: 300, detail: 'is back on a after 900 s' },
  ])
  const slow = watch([at(0, [task('a', 1)]), at(1, [task('b', 2)]), at(20, [task('a', 3)])])
  expect(slow.flat()).toEqual([])
})

test('what is no longer observed is forgotten', () => {
  const { state } = monitor(unmonitored, at(0, [task('a', 1)]))
  const next = monitor(state, at(1, [], [machines[1]!])).state
  expect(Object.keys(next.tasks)).toEqual([])
  expect(Object.keys(next.machines)).toEqual(['b'])
})

test.each([
  ['a clock that runs backwards', at(-1, []), /observation.nowSeconds/],
  ['a task on an unknown machine', at(1, [task('z', 1)]), /tasks\[0\].machine must be the id of an observed machine/],
  ['a negative use', at(1, [task('a', -1)]), /tasks\[0\].use.cpu/],
  [
    'a use of what the machine does not have',
    { ...at(1, []), tasks: [{ id: 't', machine: 'a', use: { gpu: 1 } }] },
    /tasks\[0\].use.gpu must be of a resource/,
  ],
  ['a use that is no number', at(1, [task('a', NaN)]), /tasks\[0\].use.cpu/],
  ['a task that stands twice', at(1, [task('a', 1), task('b', 1)]), /tasks\[1\].id must be unique/],
])('%s is refused', (_, observation, message) => {
  const { state } = monitor(unmonitored, at(0, []))
  expect(() => monitor(state, observation)).toThrow(message)
})
