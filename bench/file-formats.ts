/**
 * Processor time of reading and writing, from 10^4 to 10^6 lines: it must grow with the lines, not with their square.
 *
 *   npx tsx bench/file-formats.ts
 */
import { readSwf, readTasksCsv, writeTasksCsv } from 'cloudsched/io'
import { markdownTable } from 'cloudsched/report'
import { randomInstance } from 'cloudsched/workload'
import { median, writePage } from './evidence-page.ts'

const repeats = 3
const lineCounts = [10_000, 100_000, 1_000_000]

/** Median processor time in ms, all threads of the process counted: the garbage collector's, too. */
function processorMs(run: () => unknown): number {
  const times = Array.from({ length: repeats }, () => {
    const start = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1000
  })
  return median(times)
}

function tasksCsv(count: number): string {
  const { tasks } = randomInstance({
    taskCount: count,
    vmCount: 1,
    seed: 1,
    arrivals: { kind: 'poisson', perSecond: 1 },
  })
  return writeTasksCsv(tasks.map((task, index) => ({ id: `task-${index}`, ...task, demand: { cpu: 1 + (index % 4) } })))
}

function swfLog(count: number): string {
  const job = (k: number): string =>
    `${k} ${60 * k} ${k % 900} ${1 + (k % 7919)} ${1 + (k % 64)} -1 -1 ${1 + (k % 64)} 3600 -1 1 ${k % 200} 1 -1 1 -1 -1 -1`
  return Array.from({ length: count }, (_, k) => job(k + 1)).join('\n')
}

const rows = lineCounts.map((lines) => {
  const csv = tasksCsv(lines)
  const tasks = readTasksCsv(csv)
  const log = swfLog(lines)
  const row = {
    lines,
    read: processorMs(() => readTasksCsv(csv)),
    write: processorMs(() => writeTasksCsv(tasks)),
    swf: processorMs(() => readSwf(log)),
  }
  console.error(row)
  return row
})

const whole = (milliseconds: number): string => milliseconds.toFixed(0)
writePage({
  name: 'file-formats',
  title: 'Reading and writing tables',
  command: 'npx tsx bench/file-formats.ts',
  seeds: 'tasks of `randomInstance({ seed: 1 })`',
  body: `Processor time in ms, median of ${repeats}, all threads counted. The CSV has the columns id, lengthMi, arrivalSeconds and demand.cpu; the log 18 numbers a line.\n\n${markdownTable(
    rows,
    [
      { title: 'lines', value: (row) => row.lines.toLocaleString('en') },
      { title: 'readTasksCsv', value: (row) => whole(row.read) },
      { title: 'writeTasksCsv', value: (row) => whole(row.write) },
      { title: 'readSwf', value: (row) => whole(row.swf) },
    ],
  )}`,
})
