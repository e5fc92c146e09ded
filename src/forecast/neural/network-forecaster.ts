import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { Forecast, Forecaster, ForecastRequest, TimeSeries } from '../../model/forecaster.ts'
import { forecasterFromJSON } from '../fitted/from-json.ts'
import { decodePaths, exceedanceProbabilities } from './decode.ts'
import { historyWindow, lastKnown } from './history-window.ts'
import { type NetworkModel, readNetwork } from './network-model.ts'
import { createPredictor } from './predictor.ts'

/** A trained network as a forecaster: it computes at once and needs no tfjs. */
export interface NetworkForecaster extends Forecaster {
  /** Largest number of steps that it can be asked for. */
  readonly horizon: number
  /** Answers many requests in batches, several times as fast as one by one. */
  readonly forecastMany: (requests: readonly ForecastRequest[]) => Forecast[]
  /** The model: plain data for `readNetwork`. */
  readonly toJSON: () => NetworkModel
}

/**
 * A trained network as a forecaster, without tfjs. It answers with its own outputs where the history is long enough; a gap in
 * its window is filled with the value before it, a history that is too short is answered by the naive forecast, and
 * `fallbacks` says so each time.
 *
 * @param model - with the head 'regression' or 'levels'
 * @throws CloudschedError `format` for what `readNetwork` refuses; `invalid-input` for a model with the head 'decision':
 * `networkDecider` reads it
 * @example
 * networkForecaster(readNetwork(JSON.parse(text))).forecast({ history: series, horizon: 12, levels: [0.5, 0.85] })
 */
export function networkForecaster(model: NetworkModel): NetworkForecaster {
  const { head } = readNetwork(model)
  if (head.head === 'decision')
    throw new CloudschedError('invalid-input', [
      {
        path: 'model.head.head',
        received: head.head,
        expected: "'regression' or 'levels'",
        hint: 'A decision head knows no values: use networkDecider.',
      },
    ])
  const predictor = createPredictor(model)
  const fallback = forecasterFromJSON(model.fallback)

  const forecastMany = (requests: readonly ForecastRequest[]): Forecast[] => {
    const prepared = requests.map((request) => {
      checkRequest(request, head.horizon)
      return historyWindow(model, request.history)
    })
    const answers: Forecast[] = []
    const ready = prepared.flatMap((window, index) => ('columns' in window ? [{ window, index }] : []))
    predictor.predict(
      ready.map(({ window }) => window),
      (k, outputs, start, frame) => {
        const { window, index } = ready[k]!
        const { horizon, levels = [] } = requests[index]!
        const paths = decodePaths(head, outputs, start, frame, horizon, levels)
        answers[index] = { ...paths, fallbacks: [...window.notes, ...outsideNotes(model, levels)] }
      },
    )
    prepared.forEach((window, index) => {
      if ('columns' in window) return
      const answer = fallback.forecast(requests[index]!)
      answers[index] = { ...answer, fallbacks: [window.unready, 'naive answered', ...answer.fallbacks] }
    })
    return answers
  }

  return {
    name: model.kind,
    contextSteps: model.architecture.window,
    features: model.input.features,
    horizon: head.horizon,
    forecast: (request) => forecastMany([request])[0]!,
    forecastMany,
    toJSON: () => model,
  }
}

/** What a decision head says of a history. */
export interface NetworkDecision {
  /** Probability that the threshold is reached within the next h steps, h = 1 .. horizon; never falling. */
  readonly probabilities: Float64Array
  /** Whether the last of them reaches the cut-off. */
  readonly needsScheduling: boolean
  /** What was filled, or why another rule answered; empty when nothing was. */
  readonly fallbacks: readonly string[]
}

/** A trained decision head, ready to be asked. */
export interface NetworkDecider {
  readonly name: string
  readonly contextSteps: number
  readonly horizon: number
  /** In the unit of the target. */
  readonly threshold: number
  /** Probability from which `needsScheduling` is true, the one with the best F1 on training and validation rows. */
  readonly cutOff: number
  readonly decide: (history: TimeSeries) => NetworkDecision
  /** Decides on many histories in batches. */
  readonly decideMany: (histories: readonly TimeSeries[]) => NetworkDecision[]
}

/**
 * A trained network with the head 'decision' as a function of the history, without tfjs. A history that is too short is
 * answered by persistence: probability 1 when the present has reached the threshold, else 0.
 *
 * @throws CloudschedError `format` for what `readNetwork` refuses; `invalid-input` for a model with another head
 * @example
 * networkDecider(model).decide(series).needsScheduling
 */
export function networkDecider(model: NetworkModel): NetworkDecider {
  const { head } = readNetwork(model)
  if (head.head !== 'decision')
    throw new CloudschedError('invalid-input', [
      { path: 'model.head.head', received: head.head, expected: "'decision'", hint: 'Use networkForecaster.' },
    ])
  const { horizon, threshold, cutOff } = head
  const predictor = createPredictor(model)

  function decideMany(histories: readonly TimeSeries[]): NetworkDecision[] {
    const prepared = histories.map((history) => historyWindow(model, history))
    const decisions: NetworkDecision[] = []
    const ready = prepared.flatMap((window, index) => ('columns' in window ? [{ window, index }] : []))
    const decision = (probabilities: Float64Array, fallbacks: readonly string[]): NetworkDecision => ({
      probabilities,
      needsScheduling: probabilities[horizon - 1]! >= cutOff,
      fallbacks,
    })
    predictor.predict(
      ready.map(({ window }) => window),
      (k, outputs, start) => {
        const { window, index } = ready[k]!
        decisions[index] = decision(exceedanceProbabilities(outputs, start, horizon), window.notes)
      },
    )
    prepared.forEach((window, index) => {
      if ('columns' in window) return
      const probabilities = new Float64Array(horizon).fill(lastKnown(histories[index]!) >= threshold ? 1 : 0)
      decisions[index] = decision(probabilities, [window.unready, 'persistence answered'])
    })
    return decisions
  }

  return {
    name: model.kind,
    contextSteps: model.architecture.window,
    horizon,
    threshold,
    cutOff,
    decide: (history) => decideMany([history])[0]!,
    decideMany,
  }
}

/** What must be said where levels are asked for that the head was not trained on. */
function outsideNotes({ head, kind }: NetworkModel, levels: readonly number[]): string[] {
  if (head.head !== 'regression') return []
  const { quantiles } = head
  return levels.flatMap((level) => {
    if (level >= quantiles[0]! && level <= quantiles.at(-1)!) return []
    return [`${kind} knows the quantiles ${quantiles.join(', ')}: the outermost stood in for ${level}`]
  })
}

function checkRequest({ horizon, levels = [] }: ForecastRequest, limit: number): void {
  if (!(Number.isInteger(horizon) && horizon >= 1 && horizon <= limit))
    throw new CloudschedError('invalid-input', [
      {
        path: 'request.horizon',
        received: horizon,
        expected: `a whole number in [1, ${limit}]`,
        hint: `This network was trained for ${limit} steps: train one with a larger 'horizon'.`,
      },
    ])
  if (!levels.every((level, k) => level > (levels[k - 1] ?? 0) && level < 1))
    throw new CloudschedError('invalid-input', [
      { path: 'request.levels', received: levels, expected: 'ascending numbers in (0, 1)' },
    ])
}
