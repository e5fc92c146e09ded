/** Options that are no object, and options that do not exist, are refused by every public function that takes any. */
import * as cloudsched from 'cloudsched'
import * as experiment from 'cloudsched/experiment'
import * as forecast from 'cloudsched/forecast'
import * as neural from 'cloudsched/forecast/neural'
import * as io from 'cloudsched/io'
import * as kubernetes from 'cloudsched/kubernetes'
import * as live from 'cloudsched/live'
import * as meta from 'cloudsched/meta'
import * as packing from 'cloudsched/packing'
import * as pipeline from 'cloudsched/pipeline'
import * as report from 'cloudsched/report'
import * as simulate from 'cloudsched/simulate'
import * as workload from 'cloudsched/workload'
import { describe, expect, test } from 'vitest'
import { isCloudschedError } from '../../src/errors/cloudsched-error.ts'
import { optionTakers } from './option-takers.ts'

/** A call that is right but for its options. */
type Call = (options: never) => unknown

const root = { ...cloudsched }
const { createEnvironment, createProblem, evaluate, explain, lowerBound, lpt, olb } = root
const iterative = [
  'branchAndBound',
  'descent',
  'geneticAlgorithm',
  'haql',
  'iteratedLocalSearch',
  'nsga2',
  'qLearning',
  'simulatedAnnealing',
  'whaql',
] as const
const direct = [
  'kCheapestLpt',
  'lpt',
  'maxMin',
  'mct',
  'met',
  'milp',
  'minMin',
  'olb',
  'roundRobin',
  'sufferage',
] as const
const solvers = [...direct, ...iterative.flatMap((name) => [name, `${name}Async`, `${name}Steps`] as const)]

const problem = createProblem({
  tasks: { lengthMi: [7, 3] },
  vms: { speedMips: [1, 2], pricePerSecond: [1, 3] },
})
const solved = lpt(problem)
const rows = experiment.compare({ lpt, olb }, [problem], { seeds: 2 })
const series = { values: Array.from({ length: 80 }, (_, step) => 5 + ((step * 7) % 11)), stepSeconds: 300 }
const whole = { start: 0, end: 80 }
const samples = forecast.createSamples([[1], [2], [3], [5]], [1, 2, 2, 4])
const classes = forecast.createSamples([[1], [2], [3], [5]], [0, 1, 0, 1])
const folds = forecast.kFolds(forecast.setAside(samples).searchable, { folds: 2 })
const grid = { penalty: [0.1, 1] }
const loss = (): number => 1
const machines = [{ id: 'a', capacity: { cpu: 4 } }]
const trace = workload.demandTrace({ taskCount: 2, poolCount: 2, days: 1, stepsPerDay: 24 })
const { history } = pipeline.simulateScheduling(trace, 'asq')
const cloud = meta.randomCloud({ resourceCount: [3, 3], taskCount: 4, historyCount: 4 })
const quick = { iterations: 1, metaBatch: 1, hidden: [2], recordCounts: [3], marginRecords: 3 } as const
const model = await meta.metaTrain('reptile', [cloud, cloud, cloud, cloud], quick)
const support = meta.exploreCloud(cloud, { records: 3 })
const trained = await meta.trainOnEpisodes('reptile', meta.sinusoidEpisodes(), { iterations: 1, hidden: [2] })
const sinusoids = meta.sinusoidTestBatch(1)
const point = { count: 1, x: new Float32Array(1), y: new Float32Array(1) }
const observation = { nowSeconds: 0, machines, tasks: [] }
const scheduler = live.createScheduler()
scheduler.machineChanged(machines[0]!)
scheduler.submit({ id: 'web', demand: { cpu: 1 } })
const snapshot = scheduler.snapshot()

/** Options are read before the model is looked at. */
const igruSd = { classes: [] } as unknown as neural.IgruSdModel

const calls: Readonly<Record<string, Readonly<Record<string, Call>>>> = {
  cloudsched: {
    lowerBound: (o) => lowerBound(problem, o),
    evaluate: (o) => evaluate(problem, [0, 1], o),
    explain: (o) => explain(problem, [0, 1], o),
    createEnvironment: (o) => createEnvironment(problem, o),
    ...Object.fromEntries(solvers.map((name): [string, Call] => [name, (options) => root[name](problem, options)])),
  },
  'cloudsched/simulate': {
    simulate: (o) => simulate.simulate(problem, [0, 1], o),
    createSimulation: (o) => simulate.createSimulation(problem, o),
  },
  'cloudsched/workload': {
    cloudInstance: (o) => workload.cloudInstance(o),
    correlatedEtc: (o) => workload.correlatedEtc(o),
    demandTrace: (o) => workload.demandTrace(o),
    paperInstance: (o) => workload.paperInstance(o),
    randomInstance: (o) => workload.randomInstance(o),
    rangeBasedEtc: (o) => workload.rangeBasedEtc(o),
    variationBasedEtc: (o) => workload.variationBasedEtc(o),
  },
  'cloudsched/io': {
    alibabaBatchToTasks: (o) => io.alibabaBatchToTasks([], o),
    azureVmsToTasks: (o) => io.azureVmsToTasks({ vmCount: 0 } as io.AzureVmTrace, o),
    openbNodesToVms: (o) => io.openbNodesToVms([], o),
    openbPodsToTasks: (o) => io.openbPodsToTasks([], o),
    swfToTasks: (o) => io.swfToTasks([], o),
  },
  'cloudsched/report': {
    comparisonSpec: (o) => report.comparisonSpec(rows, o),
    convergenceSpec: (o) => report.convergenceSpec([solved], o),
    ganttSpec: (o) => report.ganttSpec(problem, simulate.simulate(problem, solved.assignment), o),
    lineSpec: (o) => report.lineSpec([], o),
    loadSpec: (o) => report.loadSpec(problem, solved.evaluation, o),
    paretoSpec: (o) => report.paretoSpec({ front: [{ timeSeconds: 1, cost: 1 }] }, o),
    resultTable: (o) => report.resultTable([solved], o),
    summaryTable: (o) => report.summaryTable(experiment.summarise(rows), o),
  },
  'cloudsched/experiment': {
    compare: (o) => experiment.compare({ lpt }, [problem], o),
    compareAsync: (o) => experiment.compareAsync({ lpt }, [problem], o),
    summarise: (o) => experiment.summarise(rows, o),
  },
  'cloudsched/packing': {
    createFleet: (o) => packing.createFleet(machines, o),
    pack: (o) => packing.pack(machines, [], o),
    packOnline: (o) => packing.packOnline(machines, [], o),
  },
  'cloudsched/pipeline': {
    adaptiveScheduling: (o) => pipeline.adaptiveScheduling([], [], o),
    clusterSortMap: (o) => pipeline.clusterSortMap([], [], o),
    classifyMoves: (o) => pipeline.classifyMoves(trace, history, o),
    schedulingMetrics: (o) => pipeline.schedulingMetrics(trace, history, o),
    simulateScheduling: (o) => pipeline.simulateScheduling(trace, 'asq', o),
    simulateSchedulingAsync: (o) => pipeline.simulateSchedulingAsync(trace, 'asq', o),
    simulateSchedulingSteps: (o) => pipeline.simulateSchedulingSteps(trace, 'asq', o),
  },
  'cloudsched/forecast': {
    treatMissing: (o) => forecast.treatMissing(series, o),
    naive: (o) => forecast.naive(o),
    seasonalNaive: (o) => forecast.seasonalNaive(o),
    rollingMedian: (o) => forecast.rollingMedian(o),
    simpleExponentialSmoothing: (o) => forecast.simpleExponentialSmoothing(o),
    autoregression: (o) => forecast.autoregression(o),
    ladAutoregression: (o) => forecast.ladAutoregression(o),
    holtWinters: (o) => forecast.holtWinters(o),
    backtest: (o) => forecast.backtest([series], { naive: forecast.naive() }, o),
    rollingForecasts: (o) => forecast.rollingForecasts(forecast.naive().fit([series]), series, whole, o),
    needsScheduling: (o) => forecast.needsScheduling(series.values, [3], o),
    persistence: (o) => forecast.persistence(series.values, [3], o),
    sameTimeLastSeason: (o) => forecast.sameTimeLastSeason(series.values, [3], 2, o),
    windowPersistence: (o) => forecast.windowPersistence(series.values, [30], o),
    boostedAutoregression: (o) => forecast.boostedAutoregression(o),
    gradientBoosting: (o) => forecast.gradientBoosting(samples, o),
    gradientBoostingAsync: (o) => forecast.gradientBoostingAsync(samples, o),
    gradientBoostingSteps: (o) => forecast.gradientBoostingSteps(samples, o),
    linearRegressionByGradientDescent: (o) => forecast.linearRegressionByGradientDescent(samples, o),
    linearRegressionByGradientDescentAsync: (o) => forecast.linearRegressionByGradientDescentAsync(samples, o),
    linearRegressionByGradientDescentSteps: (o) => forecast.linearRegressionByGradientDescentSteps(samples, o),
    lagSamples: (o) => forecast.lagSamples(series, whole, o),
    ridgeRegression: (o) => forecast.ridgeRegression(samples, o),
    logisticRegression: (o) => forecast.logisticRegression(classes, o),
    ridgeAutoregression: (o) => forecast.ridgeAutoregression(o),
    cleanSeries: (o) => forecast.cleanSeries(series, o),
    mutualInformationScores: (o) => forecast.mutualInformationScores(classes, o),
    selectColumns: (o) => forecast.selectColumns(samples, forecast.correlationScores(samples), o),
    fitOutlierLimits: (o) => forecast.fitOutlierLimits([series], o),
    permutationImportance: (o) => forecast.permutationImportance(samples, () => 1, o),
    resampleMeasurements: (o) => forecast.resampleMeasurements([0, 300], [1, 2], o),
    forecastLoss: (o) => forecast.forecastLoss(forecast.naive(), series, { series, range: { start: 50, end: 80 } }, o),
    blockedFoldRows: (o) => forecast.blockedFoldRows(20, o),
    kFoldRows: (o) => forecast.kFoldRows(20, o),
    rollingFoldRows: (o) => forecast.rollingFoldRows(20, o),
    blockedFolds: (o) => forecast.blockedFolds(forecast.setAside(samples).searchable, o),
    kFolds: (o) => forecast.kFolds(forecast.setAside(samples).searchable, o),
    rollingFolds: (o) => forecast.rollingFolds(forecast.setAside(series).searchable, o),
    gridSearch: (o) => forecast.gridSearch(grid, folds, loss, o),
    gridSearchAsync: (o) => forecast.gridSearchAsync(grid, folds, loss, o),
    gridSearchSteps: (o) => forecast.gridSearchSteps(grid, folds, loss, o),
    randomSearch: (o) => forecast.randomSearch(grid, folds, loss, o),
    randomSearchAsync: (o) => forecast.randomSearchAsync(grid, folds, loss, o),
    randomSearchSteps: (o) => forecast.randomSearchSteps(grid, folds, loss, o),
  },
  'cloudsched/forecast/neural': {
    networkMethod: (o) => neural.networkMethod('gru', o),
    trainGru: (o) => neural.trainGru([series], o),
    trainLstm: (o) => neural.trainLstm([series], o),
    trainVtgru: (o) => neural.trainVtgru([series], o),
    trainNetwork: (o) => neural.trainNetwork([series], o),
    trainIgruSd: (o) => neural.trainIgruSd([series], o),
    igruSdForecaster: (o) => neural.igruSdForecaster(igruSd, o),
    igruSdStragglers: (o) => neural.igruSdStragglers(igruSd, [], o),
  },
  'cloudsched/meta': {
    adapt: (o) => meta.adapt(model, support, o),
    'Scheduler.decide': (o) => meta.adapt(model, support).decide(cloud.tasks, o),
    completeCloud: (o) => meta.completeCloud(cloud.resources, cloud.history, cloud.tasks, o),
    randomCloud: (o) => meta.randomCloud(o),
    exploreCloud: (o) => meta.exploreCloud(cloud, o),
    sinusoidEpisodes: (o) => meta.sinusoidEpisodes(o),
    sinusoidTestBatch: (o) => meta.sinusoidTestBatch(1, o),
    schedulerOf: (o) => meta.schedulerOf(meta.startFeedback(model, cloud.resources), o),
    startFeedback: (o) => meta.startFeedback(model, cloud.resources, o),
    metaTrain: (o) => meta.metaTrain('reptile', [cloud, cloud, cloud], o),
    adaptLearner: (o) => meta.adaptLearner(trained, point, o),
    measureLearner: (o) => meta.measureLearner(trained, sinusoids, o),
    trainOnEpisodes: (o) => meta.trainOnEpisodes('reptile', meta.sinusoidEpisodes(), o),
  },
  'cloudsched/live': {
    cusumDetector: (o) => live.cusumDetector(o),
    ewmaDetector: (o) => live.ewmaDetector(o),
    fixedThresholdDetector: (o) => live.fixedThresholdDetector(o),
    robustZDetector: (o) => live.robustZDetector(o),
    seasonalDetector: (o) => live.seasonalDetector(o),
    createScheduler: (o) => live.createScheduler(o),
    'Scheduler.decide': (o) => live.restoreScheduler(snapshot).decide(0, o),
    'Scheduler.assign': (o) => live.restoreScheduler(snapshot).assign('web', 'a', 0, o),
    restoreScheduler: (o) => live.restoreScheduler(snapshot, o),
    pageHinkley: (o) => live.pageHinkley(live.undrifted, 1, o),
    onlineForecaster: (o) => live.onlineForecaster(o),
    learn: (o) => live.learn(live.untrainedLeastSquares(), 1, o),
    untrainedLeastSquares: (o) => live.untrainedLeastSquares(o),
    controlStep: (o) => live.controlStep(live.uncontrolled, observation, o),
    monitor: (o) => live.monitor(live.unmonitored, observation, o),
    planRepair: (o) => live.planRepair([], [], [], 0, o),
    proposePlacements: (o) => live.proposePlacements(snapshot, () => true, 0, o),
  },
  'cloudsched/kubernetes': {
    createExtender: (o) => kubernetes.createExtender(o),
    extenderHandler: (o) => kubernetes.extenderHandler(kubernetes.createExtender(), o),
    planPods: (o) => kubernetes.planPods([], [], o),
  },
}

/** What is no object of options, and an object of which no function knows anything. */
const broken = {
  null: [null, 'options'],
  'a list': [[], 'options'],
  'a text': ['fast', 'options'],
  'a number': [5, 'options'],
  true: [true, 'options'],
  'a function': [() => ({}), 'options'],
  'an unknown option': [{ noSuchOption: 1 }, 'options.noSuchOption'],
} as const

/** Code and path of the error that a call ends with, of generators at their first step; `null` where there is none. */
async function outcome(call: () => unknown): Promise<unknown> {
  try {
    const returned = await call()
    if (typeof returned === 'object' && returned !== null && 'next' in returned)
      await (returned as Iterator<unknown>).next()
    return null
  } catch (error) {
    return isCloudschedError(error) ? `${error.code} at ${error.path}` : error
  }
}

test('every public function that takes options is called below', () => {
  const missing = optionTakers.filter(({ name, entry }) => !calls[entry]?.[name])
  expect(missing).toEqual([])
})

describe.each(Object.entries(calls))('%s', (_, functions) => {
  test.each(Object.entries(functions))('%s', async (__, call) => {
    const outcomes = await Promise.all(
      Object.entries(broken).map(async ([what, [options]]) => [what, await outcome(() => call(options as never))]),
    )
    const expected = Object.entries(broken).map(([what, [, path]]) => [what, `invalid-option at ${path}`])
    expect(outcomes).toEqual(expected)
  })
})

/** Options that have no default, and the first of them. */
const required = {
  'cloudsched/workload': {
    cloudInstance: 'taskCount',
    correlatedEtc: 'taskCount',
    demandTrace: 'taskCount',
    paperInstance: 'taskCount',
    randomInstance: 'taskCount',
    rangeBasedEtc: 'taskCount',
    variationBasedEtc: 'taskCount',
  },
  'cloudsched/report': { lineSpec: 'title' },
  'cloudsched/forecast': {
    rollingForecasts: 'horizon',
    needsScheduling: 'threshold',
    persistence: 'threshold',
    sameTimeLastSeason: 'threshold',
    windowPersistence: 'threshold',
  },
  'cloudsched/forecast/neural': { trainNetwork: 'kind' },
} as const

describe.each(Object.entries(required))('%s asks for', (entry, functions) => {
  test.each(Object.entries(functions))('the options of %s: %s', async (name, option) => {
    expect(await outcome(() => calls[entry]![name]!({} as never))).toBe(`invalid-option at options.${option}`)
  })
})
