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
  type Defaulted,
  gruDefaults,
  type GruOptions,
  lstmDefaults,
  type LstmOptions,
  type NetworkDefaults,
  type NetworkKind,
  type NetworkOptions,
  paperPreset,
  type ResolvedNetworkOptions,
  type TrainingBackend,
  vtgruDefaults,
  type VtgruOptions,
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
  type IgruSdModel,
  type IgruSdOptions,
  igruSdVersion,
  readIgruSd,
  trainIgruSd,
} from './igru-sd.ts'
export {
  type IgruSdForecaster,
  igruSdForecaster,
  type IgruSdForecasterOptions,
  igruSdStragglers,
  type IgruSdTask,
  type IgruSdVerdict,
  type StragglerOptions,
} from './igru-sd-forecaster.ts'
export type { SavedForecaster } from '../fitted/saved-forecaster.ts'
export type { Seed } from '../../random/rng.ts'
export type { Progress } from '../../run/run-options.ts'
export type { Architecture, Binarisation, Readout } from './architecture.ts'
export type { EpochLosses, NetworkCheckpoint } from './checkpoint.ts'
export type { Head } from './head.ts'
export type { Frame, Normalisation, Normalization } from './normalisation.ts'
export type { DecayPowers, OptimizerOptions } from './optimiser.ts'
export type { TrainingStatus } from './training.ts'
export type { WindowInput } from './training-windows.ts'
export { networkSafetensors } from './safetensors.ts'
