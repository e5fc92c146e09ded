import type { EtcMatrix } from '../model/etc.ts'
import { amount, anyNumber, count, positiveCount } from './cells.ts'
import { openNumbers } from './number-stream.ts'
import type { TextSource } from './text.ts'

/**
 * Reads an ETC matrix in the format of the Fanjul-Peyro and Ruiz (2010) instances of R||Cmax: a first line `jobs
 * machines x`, whose third number says nothing, the number of machines again, then per job the pairs `machine time`,
 * machines numbered from 0. The times have no unit and are taken as seconds.
 *
 * @throws CloudschedError `format`, e.g. when the file is cut off or a job has two times on one machine
 */
export function readRcmaxEtc(source: TextSource): EtcMatrix {
  const numbers = openNumbers(source)
  const taskCount = numbers.size('number of jobs', count)
  const vmCount = numbers.size('number of machines', positiveCount)
  numbers.next('third number of the first line', anyNumber)
  const again = numbers.next('number of machines', positiveCount)
  if (again !== vmCount) numbers.note('number of machines', again, `the same as in the first line (${vmCount})`)
  const values = new Float64Array(taskCount * vmCount).fill(Number.NaN)
  for (let task = 0; task < taskCount; task++) {
    for (let pair = 0; pair < vmCount; pair++) {
      const machine = numbers.next('machine', count)
      const seconds = numbers.next('time', amount)
      if (machine >= vmCount) numbers.note('machine', machine, `a number below ${vmCount}`)
      else if (!Number.isNaN(values[task * vmCount + machine]!))
        numbers.note('machine', machine, 'a machine without a time for this job so far')
      values[task * vmCount + machine] = seconds
    }
  }
  numbers.end()
  return { values, taskCount, vmCount }
}
