/**
 * The rooms of the house and the floor each stands on. An import may point only to a strictly lower floor, or stay
 * inside its room; rooms on one floor do not import each other. Decimals order the rooms that share a storey in the
 * architecture page. A new room is one new line here.
 */
export const floors: Readonly<Record<string, number>> = {
  errors: 0,
  random: 0.1,
  run: 0.2,
  model: 1,
  objective: 2,
  simulate: 2,
  workload: 2,
  cluster: 2,
  kernels: 2,
  lp: 2,
  io: 2,
  constructive: 2.5,
  // Multi-resource packing onto machines, used by the pipeline and by the live scheduler.
  packing: 2.6,
  // Files directly in `solvers/` serve the rooms inside it, which do not import each other.
  solvers: 3,
  'solvers/local-search': 3,
  'solvers/genetic': 3,
  'solvers/exact': 3,
  rl: 3,
  pipeline: 3,
  forecast: 3,
  neural: 3,
  'forecast/neural': 4,
  meta: 4,
  live: 4,
  kubernetes: 5,
  bullmq: 5,
  experiment: 5,
  report: 6,
  cli: 7,
}

/** The only rooms that may import tfjs, and there lazily. */
export const tfjsRooms: readonly string[] = ['neural', 'meta', 'forecast/neural']

/** The only rooms that may import `node:` modules: everything else also runs in a browser. */
export const nodeRooms: readonly string[] = ['cli']

/** What nobody pays for who imports the root entry: packages and rooms that it must not reach, even lazily. */
export const notReachableFromRoot: readonly RegExp[] = [
  /^@tensorflow\//,
  /^ml-matrix$/,
  /^ml-kmeans$/,
  /^node:/,
  /^src\/cli\//,
]
