import type { Architecture } from '../../../src/forecast/neural/architecture.ts'

/** A small V-TGRU; tests change what they are about. */
export const small: Architecture = {
  window: 5,
  inputs: 2,
  encoder: [4, 3],
  cell: 'gru',
  units: [3, 2],
  bidirectional: true,
  resetAfter: false,
  recurrentActivation: 'sigmoid',
  binarize: 'none',
  scale: 'row',
  readout: 'last+wfa',
  wfaTau: 1,
  wfaSource: 'encoder',
  linearSkip: false,
  skipColumn: 0,
  outputs: 4,
}

/** Architectures that differ in one or two things and together visit every branch of the passes. */
export const architectures: Readonly<Record<string, Architecture>> = {
  'reset before': small,
  'reset after': { ...small, resetAfter: true },
  'hard sigmoid': { ...small, recurrentActivation: 'hardSigmoid' },
  'average of the states': { ...small, wfaSource: 'hidden', wfaTau: 3 },
  'mean of the states': { ...small, readout: 'mean', units: [3] },
  'average alone': { ...small, readout: 'wfa', wfaSource: 'hidden' },
  'linear skip': { ...small, linearSkip: true },
  'linear skip of the second column': { ...small, linearSkip: true, skipColumn: 1 },
  'plain gru': { ...small, encoder: [], bidirectional: false, readout: 'last' },
  lstm: { ...small, cell: 'lstm', encoder: [], bidirectional: false, readout: 'last' },
  'bidirectional lstm': { ...small, cell: 'lstm', wfaSource: 'hidden' },
  'three layers of five': { ...small, units: [5, 5, 5], inputs: 1 },
}
