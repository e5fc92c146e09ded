import { defaultSolver, solvers } from './solvers.ts'

const input = `Input
  TASKS.csv VMS.csv     two tables (columns: lengthMi, ...; speedMips, pricePerSecond, ...)
  LOG.swf VMS.csv       a log in the Standard Workload Format, and VMs
  PROBLEM.json          tasks and vms, or an etc matrix
  MATRIX                an ETC matrix as published by Braun et al.
  Each may be packed (.gz).
  --from FORMAT         csv, swf, alibaba, json, braun or rcmax, where the name does not say it
  --first COUNT         the first COUNT tasks only (csv, swf, alibaba)
  --reference-mips MIPS speed of the logged machine: a second on it is so many MI (1000)
`

const names = Object.entries(solvers)
  .map(([name, { idea }]) => `  ${name.padEnd(20)}  ${idea}`)
  .join('\n')

export const mainHelp: string = `cloudsched: schedule tasks on virtual machines, and know how far from optimal the answer is

Usage
  cloudsched solve    TASKS.csv VMS.csv | PROBLEM   a plan by one solver
  cloudsched compare  TASKS.csv VMS.csv | PROBLEM   all solvers beside each other
  cloudsched generate [KIND]                        a seeded instance
  cloudsched COMMAND --help                         options of a command
  cloudsched --version

Exit codes: 0 done, 1 an error inside, 2 bad input or usage, 130 interrupted (the best so far is written).
`

export const solveHelp: string = `Usage: cloudsched solve TASKS.csv VMS.csv | PROBLEM [options]

${input}
Search
  --solver NAME         one of the list below (${defaultSolver})
  --time-weight W       weight of time against cost, 0 to 1 (0.5 with prices, 1 without)
  --seed SEED           the same seed gives the same plan
  --time-limit-ms MS    stop after so many milliseconds with the best so far
  --option KEY=VALUE    an option of the solver, e.g. episodes=5000; may be repeated

Output
  --out FILE            the plan, .json or .csv; without it the plan goes to a pipe, a summary to a terminal
  --format json|csv     of the plan, where the name does not say it
  --chart FILE          Gantt chart, .svg (needs the packages vega and vega-lite) or .json (Vega-Lite)
  --convergence FILE    best schedule against schedules evaluated
  --load FILE           seconds of each VM
  --pareto FILE         time against cost: the front of nsga2, the one schedule of other solvers

Solvers
${names}
`

export const compareHelp: string = `Usage: cloudsched compare TASKS.csv VMS.csv | PROBLEM ... [options]

${input}
Comparison
  --solvers A,B,...     some of the list below (all)
  --seeds COUNT         runs per solver and problem, with the seeds 1 to COUNT (3)
  --time-weight W       weight of time against cost, 0 to 1 (0.5 with prices, 1 without)
  --time-limit-ms MS    of each run (1000)

Output
  --out FILE            a row per run, .csv or .json; without it rows go to a pipe, a table to a terminal
  --format csv|json     of the rows, where the name does not say it
  --chart FILE          gaps of all solvers, .svg (needs the packages vega and vega-lite) or .json (Vega-Lite)
  --convergence FILE    best schedule against schedules evaluated: first problem, first seed
  --gantt FILE          best schedule found: first problem, first seed
  --pareto FILE         time against cost of all solvers: first problem, first seed

Solvers
${names}
`

export const generateHelp: string = `Usage: cloudsched generate [KIND] [options]

Kinds
  paper                 the instances of the WHAQL paper (the default)
  random                independent tasks, priced VMs
  cloud                 tasks with demands and labels, VMs of a catalogue
  range-etc             unrelated machines, range-based (Braun et al.)
  variation-etc         unrelated machines, by coefficients of variation
  correlated-etc        unrelated machines, by correlations

Options
  --tasks COUNT         (20)
  --vms COUNT           (5)
  --seed SEED           the same seed gives the same instance
  --option KEY=VALUE    an option of the generator, e.g. priceExponent=2; may be repeated
  --out FILE.json       the problem; without it the problem goes to stdout
  --out TASKS.csv --vms-out VMS.csv
`
