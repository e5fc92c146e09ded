import { CloudschedError } from '../errors/cloudsched-error.ts'
import { writeTasksCsv, writeVmsCsv } from '../io/problem-csv.ts'
import { writeProblemJson } from '../io/problem-json.ts'
import type { ProblemInput } from '../model/problem.ts'
import { cloudInstance } from '../workload/cloud-instance.ts'
import { correlatedEtc } from '../workload/correlated-etc.ts'
import { paperInstance } from '../workload/paper-instance.ts'
import { randomInstance } from '../workload/random-instance.ts'
import { rangeBasedEtc } from '../workload/range-based-etc.ts'
import { variationBasedEtc } from '../workload/variation-based-etc.ts'
import { keyValues, numberOf, readArguments } from './arguments.ts'
import { type OutputFile, writeOutputs } from './files.ts'
import { generateHelp } from './help.ts'
import { exitCode, type Io, UsageError } from './io.ts'

interface Sizes {
  readonly taskCount: number
  readonly vmCount: number
}

/** Every generator by the name it is called by. */
const generators: Readonly<Record<string, (options: Sizes) => ProblemInput>> = {
  paper: paperInstance,
  random: randomInstance,
  cloud: cloudInstance,
  'range-etc': rangeBasedEtc,
  'variation-etc': variationBasedEtc,
  'correlated-etc': correlatedEtc,
}

/** The sizes of the paper's middle instance. */
const defaultSizes: Sizes = { taskCount: 20, vmCount: 5 }

const options = {
  tasks: { type: 'string' },
  vms: { type: 'string' },
  seed: { type: 'string' },
  option: { type: 'string', multiple: true },
  out: { type: 'string' },
  'vms-out': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** `cloudsched generate`: a seeded instance, as JSON or as two tables. */
export async function generate(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  if (values.help) {
    io.stdout.write(generateHelp)
    return exitCode.done
  }
  const [kind = 'paper', ...more] = positionals
  if (more.length > 0) throw new UsageError(`\`generate\` takes one kind of instance: what is ${more[0]} for?`)
  const generator = Object.hasOwn(generators, kind) ? generators[kind] : undefined
  if (!generator) {
    throw new CloudschedError('invalid-option', [
      { path: 'kind', received: kind, expected: `one of ${Object.keys(generators).join(', ')}` },
    ])
  }
  const instance = generator({
    ...keyValues('--option', values.option),
    taskCount: numberOf('--tasks', values.tasks) ?? defaultSizes.taskCount,
    vmCount: numberOf('--vms', values.vms) ?? defaultSizes.vmCount,
    ...(values.seed === undefined ? {} : { seed: values.seed }),
  })
  const files = outputs(instance, values.out, values['vms-out'])
  if (files) await writeOutputs(files)
  else io.stdout.write(writeProblemJson(instance))
  return exitCode.done
}

function outputs(instance: ProblemInput, out: string | undefined, vmsOut: string | undefined): OutputFile[] | null {
  if (out === undefined && vmsOut === undefined) return null
  if (out?.endsWith('.json') && vmsOut === undefined) return [{ path: out, content: writeProblemJson(instance) }]
  if (!out?.endsWith('.csv') || !vmsOut?.endsWith('.csv')) {
    throw new UsageError('Write one file by --out FILE.json, or two by --out TASKS.csv --vms-out VMS.csv.')
  }
  const { tasks, vms } = instance
  if (!Array.isArray(tasks) || !Array.isArray(vms) || instance.etc)
    throw new UsageError('An ETC matrix has no tables of tasks and VMs: use --out FILE.json.')
  return [
    { path: out, content: writeTasksCsv(tasks) },
    { path: vmsOut, content: writeVmsCsv(vms) },
  ]
}
