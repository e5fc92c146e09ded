/** Results of long runs are kept in .cache/bench, so that a page can be measured in several sittings. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../.cache/bench')
/** Processor-seconds after which no further run is begun; by default there is no limit. */
const budget = Number(process.env['CLOUDSCHED_BENCH_SECONDS'] ?? Infinity)

/**
 * The result of a run: as it was kept under this key, or measured now and kept. Ends the process when the budget of
 * processor time is used up; the next call of the script goes on from there. Who changes what is measured deletes the
 * folder.
 *
 * @param key - all that decides the result
 */
export async function remembered<T>(script: string, key: unknown, measure: () => Promise<T> | T): Promise<T> {
  const name = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 24)
  const file = join(folder, script, `${name}.json`)
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T
  const { user, system } = process.cpuUsage()
  if ((user + system) / 1e6 > budget) {
    console.log(`${script}: the budget of ${budget} s is used up; run it again to go on.`)
    process.exit(0)
  }
  const result = await measure()
  mkdirSync(join(folder, script), { recursive: true })
  writeFileSync(file, JSON.stringify(result))
  return result
}
