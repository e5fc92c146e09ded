import type { Sharing } from './sharing.ts'
import type { SimulationState } from './simulation-state.ts'
import { spaceShared } from './space-shared.ts'
import { timeShared } from './time-shared.ts'

/** The sharing mode of a simulation. */
export function sharingOf({ settings }: SimulationState): Sharing {
  return settings.sharing === 'space' ? spaceShared : timeShared
}
