/**
 * Packing onto machines on three real traces, and the time of a decision. Says so and stops where the data is not there
 * (CLOUDSCHED_DATA names its folder). With names of sections only these are measured, and the page keeps the others.
 *
 *   npx tsx bench/packing.ts [openb] [dlrm] [azure] [speed]
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writePage } from './evidence-page.ts'
import { measureAzure } from './packing-azure.ts'
import { measureDlrm } from './packing-dlrm.ts'
import { measureOpenb } from './packing-openb.ts'
import { measureSpeed } from './packing-speed.ts'

const data = process.env['CLOUDSCHED_DATA'] ?? join(import.meta.dirname, '../../shared/data')
if (!existsSync(data)) {
  console.log(`No data in ${data}: nothing measured.`)
  process.exit(0)
}
const measurements = [
  { name: 'openb', measure: () => measureOpenb(join(data, 'openb-gpu-cluster')) },
  { name: 'dlrm', measure: () => measureDlrm(join(data, 'alibaba-dlrm-2025')) },
  { name: 'azure', measure: () => measureAzure(join(data, 'azure-vm-arrivals')) },
  { name: 'speed', measure: measureSpeed },
]
const page = join(import.meta.dirname, '../docs/results/packing.md')
const before = existsSync(page) ? readFileSync(page, 'utf8').trim().split('\n\n## ').slice(1) : []
const chosen = process.argv.slice(2)
const sections = measurements.map(({ name, measure }, index) =>
  chosen.length === 0 || chosen.includes(name) ? measure() : `## ${before[index] ?? `${name}: not measured`}`,
)
writePage({
  name: 'packing',
  title: 'Packing onto machines',
  command: 'npx tsx bench/packing.ts',
  seeds: '1 to 5 for the random orders, else none',
  body: `Times are processor time, all threads counted. "Published" figures come with the data sets and were computed by another
programme; best and worst fit differ from them in how what is left over is made one number (here: as parts of the machine's own capacity).

${sections.join('\n\n')}`,
})
