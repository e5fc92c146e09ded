import { numberAbove, type OptionEntries } from '../errors/read-options.ts'

/** Option of every conversion into tasks: logs state seconds, tasks have lengths. */
export interface ReferenceSpeedOptions {
  /** Speed of the machines the log was taken on, > 0: one second on them is this many MI. @defaultValue 1000 */
  readonly speedMips?: number
}

export const referenceSpeedEntries: OptionEntries = { speedMips: numberAbove(0) }
export const referenceSpeedDefaults: { readonly speedMips: 1000 } = Object.freeze({ speedMips: 1000 })
