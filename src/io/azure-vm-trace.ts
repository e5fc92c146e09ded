import { CloudschedError, type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { readOptions } from '../errors/read-options.ts'
import type { TaskInput } from '../model/task.ts'
import { amount, broken, type Cell, count, text } from './cells.ts'
import { type ReferenceSpeedOptions, referenceSpeedDefaults, referenceSpeedEntries } from './reference-speed.ts'
import { column, type Layout, lineNumber, readTable } from './table.ts'
import type { TextSource } from './text.ts'

/** The texts of one part of the trace. */
export interface AzureVmTraceSources {
  /** A line per time step: seconds, then the flavour letters with commas between, `|` between the batches. */
  readonly arrivals: TextSource
  /** `cores,GB letter` lines. */
  readonly flavours: TextSource
  /** What became of the VMs, where it is known. */
  readonly lifetimes?: {
    /** As `arrivals`, with `U<bin>` (ended) or `C<bin>` (still running at the end of the trace) in place of a letter. */
    readonly bins: TextSource
    /** `seconds bin` lines: the lifetimes in a bin. */
    readonly intervals: TextSource
  }
}

/** A kind of VM. */
export interface AzureVmFlavour {
  readonly letter: string
  readonly cores: number
  readonly memoryGb: number
}

/** VMs in order of arrival, as columns with an entry per VM. */
export interface AzureVmTrace {
  readonly vmCount: number
  /** From the start of the trace. */
  readonly arrivalSeconds: Float64Array
  /** VMs with the same number were started by one tenant in one time step. */
  readonly batch: Int32Array
  /** Index into `flavours`. */
  readonly flavour: Int32Array
  readonly flavours: readonly AzureVmFlavour[]
  /** `null` where the sources state none. */
  readonly lifetimes: {
    /** Middle of the bin + 150 s, half a time step; for VMs that still ran, their age at the end of the trace. */
    readonly seconds: Float64Array
    /** 1 where the VM still ran at the end of the trace. */
    readonly isRunning: Uint8Array
  } | null
  /** All time steps, those without arrivals too. */
  readonly stepSeconds: readonly number[]
}

interface Step {
  readonly line: number
  readonly seconds: number
  readonly entries: readonly string[]
}

const batchEnd = '|'
/** Half a time step of 5 minutes. */
const halfStepSeconds = 150

/**
 * Reads the Azure 2017 VM arrivals as re-coded by Bergsma et al. (2021): when VMs came in, of which flavour, in which
 * batch, and how long they lived.
 *
 * @throws CloudschedError `format` with every finding of a text at once, or where arrivals and lifetimes do not match
 */
export function readAzureVmTrace({ arrivals, flavours: flavourMap, lifetimes }: AzureVmTraceSources): AzureVmTrace {
  const flavours = readFlavours(flavourMap)
  const indexOf = new Map(flavours.map(({ letter }, index) => [letter, index]))
  const steps = readSteps(
    arrivals,
    'arrivals',
    (entry) => indexOf.has(entry),
    `flavour letters (${[...indexOf.keys()].join(' ')})`,
  )
  const arrivalSeconds: number[] = []
  const batch: number[] = []
  const flavour: number[] = []
  let batches = 0
  for (const { seconds, entries } of steps) {
    for (const entry of entries) {
      if (entry === batchEnd) batches++
      else {
        arrivalSeconds.push(seconds)
        batch.push(batches)
        flavour.push(indexOf.get(entry)!)
      }
    }
    // A batch ends with its time step.
    if (entries.length > 0 && entries.at(-1) !== batchEnd) batches++
  }
  return {
    vmCount: flavour.length,
    arrivalSeconds: Float64Array.from(arrivalSeconds),
    batch: Int32Array.from(batch),
    flavour: Int32Array.from(flavour),
    flavours,
    lifetimes: lifetimes ? readLifetimes(lifetimes.bins, lifetimes.intervals, steps) : null,
    stepSeconds: steps.map(({ seconds }) => seconds),
  }
}

const blanks = { delimiter: ' ' }

function readFlavours(source: TextSource): AzureVmFlavour[] {
  const size: Cell<Omit<AzureVmFlavour, 'letter'>> = {
    rule: 'cores,GB, e.g. 2,3.5',
    parse(cell) {
      const [cores, memoryGb, ...others] = cell.split(',').map((part) => amount.parse(part))
      return typeof cores === 'number' && typeof memoryGb === 'number' && others.length === 0
        ? { cores, memoryGb }
        : broken
    },
  }
  const layout: Layout<{ size: Omit<AzureVmFlavour, 'letter'>; letter: string }> = {
    size: column('size', size),
    letter: column('flavour', text),
  }
  return readTable(source, layout, { ...blanks, header: ['size', 'flavour'] }).map(
    ({ size: { cores, memoryGb }, letter }) => ({ letter, cores, memoryGb }),
  )
}

/** Reads lines of a time and a list of entries. */
function readSteps(source: TextSource, title: string, isEntry: (entry: string) => boolean, rule: string): Step[] {
  const list: Cell<readonly string[]> = {
    rule: `${rule}, with commas between them and ${batchEnd} between batches`,
    parse(cell) {
      const parts = cell === '' ? [] : cell.split(',')
      return parts.every((entry) => entry === batchEnd || isEntry(entry)) ? parts : broken
    },
  }
  const layout: Layout<Step> = { line: lineNumber, seconds: column('seconds', amount), entries: column(title, list) }
  return readTable(source, layout, { ...blanks, header: ['seconds', title] })
}

function readLifetimes(
  source: TextSource,
  intervals: TextSource,
  arrivals: readonly Step[],
): AzureVmTrace['lifetimes'] {
  const middles = readMiddles(intervals)
  const isLifetime = (entry: string): boolean => /^[UC]\d+$/.test(entry) && middles.has(Number(entry.slice(1)))
  const steps = readSteps(source, 'lifetimes', isLifetime, `U or C and the number of a bin of the interval map`)
  throwFindings('format', findMismatch(arrivals, steps))
  const entries = steps.flatMap((step) => step.entries.filter((entry) => entry !== batchEnd))
  return {
    seconds: Float64Array.from(entries, (entry) => middles.get(Number(entry.slice(1)))! + halfStepSeconds),
    isRunning: Uint8Array.from(entries, (entry) => (entry.startsWith('C') ? 1 : 0)),
  }
}

/** Middle of each lifetime bin in seconds. */
function readMiddles(source: TextSource): Map<number, number> {
  const layout: Layout<{ seconds: number; bin: number }> = {
    seconds: column('seconds', amount),
    bin: column('bin', count),
  }
  const ranges = new Map<number, { low: number; high: number }>()
  for (const { seconds, bin } of readTable(source, layout, { ...blanks, header: ['seconds', 'bin'] })) {
    const { low, high } = ranges.get(bin) ?? { low: seconds, high: seconds }
    ranges.set(bin, { low: Math.min(low, seconds), high: Math.max(high, seconds) })
  }
  return new Map(Array.from(ranges, ([bin, { low, high }]) => [bin, (low + high) / 2]))
}

/** Lifetimes must name the same VMs in the same places as arrivals. */
function findMismatch(arrivals: readonly Step[], lifetimes: readonly Step[]): Finding[] {
  if (arrivals.length !== lifetimes.length) {
    return [
      {
        path: 'lifetimes',
        received: lifetimes.length,
        expected: `as many time steps as arrivals (${arrivals.length})`,
      },
    ]
  }
  const shape = ({ entries }: Step): string => entries.map((entry) => (entry === batchEnd ? batchEnd : '.')).join('')
  return lifetimes.flatMap((step, index): Finding[] => {
    const { seconds, entries } = arrivals[index]!
    const path = `line ${step.line} of the lifetimes`
    if (step.seconds !== seconds)
      return [{ path, received: step.seconds, expected: `the time of the arrivals (${seconds} s)` }]
    if (shape(step) === shape(arrivals[index]!)) return []
    return [
      {
        path,
        received: `${step.entries.length} entries`,
        expected: `a list of VMs and batches as in the arrivals (${entries.length} entries)`,
      },
    ]
  })
}

/**
 * Turns VMs into tasks: id = place in the trace, arrivalSeconds, lengthMi = lifetime x speedMips, demand `cpu` in cores
 * and `memoryMib` = GB x 1024. VMs that still ran at the end of the trace have no known length and give no task.
 *
 * @returns the tasks, and the places of the VMs that gave none
 * @throws CloudschedError `invalid-input` where the trace has no lifetimes
 */
export function azureVmsToTasks(
  trace: AzureVmTrace,
  options: ReferenceSpeedOptions = {},
): { readonly tasks: TaskInput[]; readonly skipped: number[] } {
  const { speedMips } = readOptions(referenceSpeedEntries, referenceSpeedDefaults, options)
  const { lifetimes, vmCount, flavours } = trace
  if (lifetimes === null) {
    throw new CloudschedError('invalid-input', [
      { path: 'trace.lifetimes', received: null, expected: 'known: the length of a task is the lifetime of its VM' },
    ])
  }
  const tasks: TaskInput[] = []
  const skipped: number[] = []
  for (let vm = 0; vm < vmCount; vm++) {
    const { cores, memoryGb } = flavours[trace.flavour[vm]!]!
    if (lifetimes.isRunning[vm] === 1) skipped.push(vm)
    else {
      tasks.push({
        id: String(vm),
        lengthMi: lifetimes.seconds[vm]! * speedMips,
        demand: { cpu: cores, memoryMib: memoryGb * 1024 },
        arrivalSeconds: trace.arrivalSeconds[vm]!,
      })
    }
  }
  return { tasks, skipped }
}
