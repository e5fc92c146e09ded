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

test('as a forecaster that knows the work left, it raises the forecasts of the stragglers of a batch', () => {
  const withWork = (history: TimeSeries, remainingMi: number): TimeSeries => ({
    ...history,
    features: { ...history.features, remainingMi: new Float64Array(history.values.length).fill(remainingMi) },
  })
  const requests = [tasks[0]!, tasks[0]!, tasks[1]!].map((history, k) => ({
    history: withWork(history, k === 1 ? 9000 : 800),
    horizon: 3,
    levels: [0.85],
  }))
  const plain = igruSdForecaster(model)
  const watching = igruSdForecaster(model, { remainingWork: 'remainingMi' })
  expect(plain.features).toEqual(['memoryMib'])
  expect(watching.features).toEqual(['memoryMib', 'remainingMi'])
  const [calm, straggler, other] = watching.forecastMany(requests)
  expect([calm, other]).toEqual([requests[0]!, requests[2]!].map((request) => plain.forecast(request)))
  const before = plain.forecast(requests[1]!)
  const [verdict] = igruSdStragglers(model, [
    { history: requests[1]!.history, remainingWork: 9000 },
    { history: requests[0]!.history, remainingWork: 800 },
  ])
  expect(verdict!.isStraggler).toBe(true)
  expect(straggler!.values).toEqual(verdict!.request)
  straggler!.values.forEach((value, h) => expect(value).toBeGreaterThan(before.values[h]!))
  straggler!.quantiles[0]!.forEach((value, h) =>
    expect(value).toBe(Math.max(before.quantiles[0]![h]!, verdict!.request[h]!)),
  )
  // Alone it is its own median.
  expect(watching.forecast(requests[1]!)).toEqual(before)
  expect(caught(() => watching.forecast({ history: tasks[0]!, horizon: 3 }))).toMatchObject({
    code: 'invalid-input',
    path: 'requests[0].history.features.remainingMi',
  })
})

test('features that are no demands are seen by the networks and do not decide the class', async () => {
  const sized = tasks.map((one, k) => ({
    ...one,
    features: { ...one.features, 'pool/cpu': new Float64Array(240).fill(1000 * k) },
  }))
  const options = { window: 8, horizon: 3, units: [4], epochs: 1, batch: 64, taskClasses: 2, seed: 1 }
  const { classes, demands } = await trainIgruSd(sized, { ...options, demands: ['memoryMib'] })
  expect(demands).toEqual(['memoryMib'])
  expect(classes.map(({ shares }) => shares)).toEqual(model.classes.map(({ shares }) => shares))
  for (const { model: network } of classes)
    expect([...network.input.features].sort()).toEqual(['memoryMib', 'pool/cpu'])
  await expect(trainIgruSd(tasks, { ...options, demands: ['disk'] })).rejects.toMatchObject({
    code: 'invalid-option',
    path: 'options.demands[0]',
  })
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
  ['no demands', () => ({ ...model, demands: undefined }), 'model.demands'],
  ['a demand without a name', () => ({ ...model, demands: [3] }), 'model.demands'],
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
])('%s is refused, where it is read and where it goes into use', (_, broken, path) => {
  expect(caught(() => readIgruSd(broken()))).toMatchObject({ code: 'format', path })
  expect(caught(() => igruSdForecaster(broken() as IgruSdModel))).toMatchObject({ code: 'format', path })
})

test('a history without a demand has no class', () => {
  const { values, stepSeconds } = tasks[0]!
  expect(
    caught(() => igruSdForecaster(model).forecast({ history: { values, stepSeconds }, horizon: 3 })),
  ).toMatchObject({
    code: 'invalid-input',
    path: 'history.features.memoryMib',
  })
})

test('remaining work below 0 is an error', () => {
  expect(caught(() => igruSdStragglers(model, [{ history: tasks[0]!, remainingWork: -1 }]))).toMatchObject({
    code: 'invalid-input',
    path: 'tasks[0].remainingWork',
  })
})
