import type { Distribution } from './distribution.ts'

/** Laws of task lengths in MI with a mean near 90 000, from equal to very unequal: for `randomInstance`. */
export const lengthFamilies: Readonly<
  Record<'constant' | 'uniform' | 'normal' | 'bimodal' | 'heavyTailed', Distribution>
> = {
  constant: { kind: 'constant', value: 90_000 },
  /** The paper's. */
  uniform: { kind: 'whole', min: 60_000, max: 120_000 },
  normal: { kind: 'normal', mean: 90_000, deviation: 30_000, min: 10_000, max: 170_000 },
  /** Nine short tasks to a long one of ten times the length. */
  bimodal: {
    kind: 'mixture',
    parts: [
      { weight: 9, of: { kind: 'whole', min: 40_000, max: 55_000 } },
      { weight: 1, of: { kind: 'whole', min: 400_000, max: 550_000 } },
    ],
  },
  /** Mean shape min / (shape - 1) = 90 000 before the cut at 9 million, which one task in 5000 reaches. */
  heavyTailed: { kind: 'pareto', min: 30_000, shape: 1.5, max: 9_000_000 },
}

/** Laws of VM speeds in MIPS: for `randomInstance`. */
export const speedFamilies: Readonly<Record<'constant' | 'uniform' | 'twoTier' | 'spread', Distribution>> = {
  constant: { kind: 'constant', value: 1000 },
  /** The paper's. */
  uniform: { kind: 'whole', min: 400, max: 1200 },
  /** An old generation and a new one. */
  twoTier: {
    kind: 'mixture',
    parts: [
      { weight: 1, of: { kind: 'whole', min: 450, max: 550 } },
      { weight: 1, of: { kind: 'whole', min: 1900, max: 2100 } },
    ],
  },
  /** Two decades of speed, many slow VMs and few fast ones. */
  spread: { kind: 'pareto', min: 100, shape: 1, max: 10_000 },
}
