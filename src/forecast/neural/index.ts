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
export {
  type IgruSdClass,
  type IgruSdForecaster,
  igruSdForecaster,
  type IgruSdModel,
  type IgruSdOptions,
  igruSdStragglers,
  type IgruSdTask,
  type IgruSdVerdict,
  igruSdVersion,
  readIgruSd,
  type StragglerOptions,
  trainIgruSd,
} from './igru-sd.ts'
