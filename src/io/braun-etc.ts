import type { EtcMatrix } from '../model/etc.ts'
import { amount, anyNumber, count, positiveCount } from './cells.ts'
import { openNumbers } from './number-stream.ts'
import type { TextSource } from './text.ts'

/**
 * Reads an ETC matrix in the format of the Braun et al. (2001) benchmark: a first line `tasks machines x`, whose third
 * number says nothing, then the expected time to compute of task 0 on machines 0..m-1, of task 1, and so on. The times
 * have no unit and are taken as seconds.
 *
 * @throws CloudschedError `format`, e.g. when the file is cut off
 * @example
 * const problem = createProblem({ etc: readBraunEtc('2 2 0\n1.5\n2\n3\n0.5\n') })
 */
export function readBraunEtc(source: TextSource): EtcMatrix {
  const numbers = openNumbers(source)
  const taskCount = numbers.size('number of tasks', count)
  const vmCount = numbers.size('number of machines', positiveCount)
  numbers.next('third number of the first line', anyNumber)
  const values = new Float64Array(taskCount * vmCount)
  for (let k = 0; k < values.length; k++) values[k] = numbers.next('time', amount)
  numbers.end()
  return { values, taskCount, vmCount }
}
