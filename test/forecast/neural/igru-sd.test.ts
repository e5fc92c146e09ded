import { beforeAll, expect, test } from 'vitest'
import {
  igruSdForecaster,
  type IgruSdModel,
  igruSdStragglers,
  networkForecaster,
  readIgruSd,
  type TimeSeries,
  trainIgruSd,
} from '../../../src/forecast/neural/index.ts'
import { caught } from '../../caught.ts'

/** A task around a level of cores, with a level of memory. */
function task(id: string, cores: number, memory: number): TimeSeries {
  const wave = Float64Array.from({ length: 240 }, (_, t) => 1 + 0.2 * Math.sin(t / 3))
  return {
    id,
    values: wave.map((x) => cores * x),
    features: { memoryMib: wave.map((x) => memory * x) },
    stepSeconds: 300,
  }
}

const tasks = [task('cpu 1', 8, 100), task('cpu 2', 6, 80), task('memory 1', 0.5, 8000), task('memory 2', 0.4, 7000)]
let model: IgruSdModel
beforeAll(async () => {
  model = await trainIgruSd(tasks, { window: 8, horizon: 3, units: [4], epochs: 3, batch: 64, taskClasses: 2, seed: 1 })
})

test('tasks are classified by the resource that dominates them', () => {
  expect(model.classes.map(({ dominant }) => dominant).sort()).toEqual(['memoryMib', 'target'])
  for (const { dominant, shares, model: network } of model.classes) {
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(network.head.head).toBe('levels')
    const members = Object.keys(network.input.normalisation.scales).sort()
    expect(members).toEqual(dominant === 'target' ? ['cpu 1', 'cpu 2'] : ['memory 1', 'memory 2'])
  }
})

test('each history is answered by the network of its class, also among many', () => {
  const forecaster = igruSdForecaster(model)
  const requests = tasks.map((history) => ({ history, horizon: 3, levels: [0.85] }))
  const together = forecaster.forecastMany(requests)
  tasks.forEach((history, index) => {
    const own = model.classes.find(({ dominant }) => (dominant === 'target') === history.id!.startsWith('cpu'))!
    const expected = networkForecaster(own.model).forecast(requests[index]!)
    expected.values.forEach((value, h) => expect(together[index]!.values[h]).toBeCloseTo(value, 4))
  })
})

test('a task with more than 1.5 times the remaining time of its class is a straggler, and asks for the next level', () => {
  const [first, second] = [tasks[0]!, tasks[1]!]
  const { forecastMany } = igruSdForecaster(model)
  const rates = forecastMany([first, second].map((history) => ({ history, horizon: 3 }))).map(
    ({ values }) => values.reduce((sum, value) => sum + value, 0) / 3,
  )
  // Remaining times 100 s, 100 s and 400 s: the median of the class is 100 s, the bar 150 s.
  const verdicts = igruSdStragglers(model, [
    { history: first, remainingWork: 100 * rates[0]! },
    { history: second, remainingWork: 100 * rates[1]! },
    { history: first, remainingWork: 400 * rates[0]! },
  ])
  expect(verdicts.map(({ isStraggler }) => isStraggler)).toEqual([false, false, true])
  expect(verdicts[2]!.remainingSeconds).toBeCloseTo(400, 6)
  verdicts[2]!.request.forEach((value, h) => expect(value).toBeGreaterThan(verdicts[0]!.request[h]!))
  const patient = igruSdStragglers(model, [{ history: first, remainingWork: 1 }], { factor: 5 })
  expect(patient[0]!.isStraggler).toBe(false)
})

test('after JSON it forecasts the same', () => {
  const copy = readIgruSd(JSON.parse(JSON.stringify(model)))
  expect(copy).toEqual(model)
  const request = { history: tasks[2]!, horizon: 3 }
  expect(igruSdForecaster(copy).forecast(request)).toEqual(igruSdForecaster(model).forecast(request))
})

test.each([
  ['no model', () => null, 'model'],
  ['another version', () => ({ ...model, version: 2 }), 'model.version'],
  ['no classes', () => ({ ...model, classes: [] }), 'model.classes'],
  [
    'shares of another length',
    () => ({ ...model, classes: [{ ...model.classes[0]!, shares: [1] }] }),
    'model.classes[0].shares',
  ],
  [
    'a network of another version',
    () => ({ ...model, classes: [{ ...model.classes[0]!, model: { ...model.classes[0]!.model, version: 3 } }] }),
    'model.version',
  ],
])('%s is refused', (_, broken, path) => {
  expect(caught(() => readIgruSd(broken()))).toMatchObject({ code: 'format', path })
})

test('remaining work below 0 is an error', () => {
  expect(caught(() => igruSdStragglers(model, [{ history: tasks[0]!, remainingWork: -1 }]))).toMatchObject({
    code: 'invalid-input',
    path: 'tasks[0].remainingWork',
  })
})
