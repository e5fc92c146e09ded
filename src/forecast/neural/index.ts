export type { Forecast, Forecaster, ForecastMethod, ForecastRequest, TimeSeries } from '../../model/forecaster.ts'
export { featureAverageWeights } from './feature-average.ts'
export {
  type NetworkDecider,
  type NetworkDecision,
  type NetworkForecaster,
  networkDecider,
  networkForecaster,
} from './network-forecaster.ts'
export {
  type NamedWeights,
  type NetworkModel,
  networkVersion,
  networkWeights,
  readNetwork,
  type TrainingReport,
} from './network-model.ts'
export {
  gruDefaults,
  lstmDefaults,
  type NetworkDefaults,
  type NetworkKind,
  type NetworkOptions,
  paperPreset,
  type ResolvedNetworkOptions,
  type TrainingBackend,
  vtgruDefaults,
} from './network-options.ts'
export {
  type NamedNetworkOptions,
  type NetworkMethod,
  networkMethod,
  trainGru,
  trainLstm,
  trainNetwork,
  trainVtgru,
} from './train-network.ts'
