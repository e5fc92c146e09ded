import { integerIn, numberIn, type OptionEntries, readOptions, requireOptions } from '../errors/read-options.ts'
import type { TaskInput } from '../model/task.ts'
import type { VmInput } from '../model/vm.ts'
import { defaultSeed, type Seed } from '../random/rng.ts'
import { runOptionEntries } from '../run/run-options.ts'

/** A generated problem: plain data, ready for `createProblem` or for a file. */
export interface GeneratedInstance {
  readonly tasks: readonly TaskInput[]
  readonly vms: readonly VmInput[]
}

const sizeEntries: OptionEntries = {
  taskCount: integerIn(0, 1e9),
  vmCount: integerIn(1, 1e9),
  seed: runOptionEntries['seed']!,
}

/** The options of the price rule, `priceOfSpeed`. */
export const priceEntries: OptionEntries = { priceExponent: numberIn(-10, 10), priceScale: numberIn(0) }

/** Reads the options of a generator: sizes and seed, which all have, and its own. */
export function readGeneratorOptions<D extends object, O extends { readonly taskCount: number }>(
  entries: OptionEntries,
  defaults: D,
  options: O,
): { readonly seed: Seed } & D & Readonly<O> {
  const read = readOptions({ ...sizeEntries, ...entries }, { seed: defaultSeed, ...defaults }, options)
  requireOptions(sizeEntries, read, ['taskCount', 'vmCount'])
  return read as { readonly seed: Seed } & D & Readonly<O>
}
