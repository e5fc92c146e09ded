/**
 * Packing onto machines on three real traces, and the time of a decision. Says so and stops where the data is not there
 * (CLOUDSCHED_DATA names its folder).
 *
 *   npx tsx bench/packing.ts
 */
import { existsSync } from 'node:fs'
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
const sections = [
  measureOpenb(join(data, 'openb-gpu-cluster')),
  measureDlrm(join(data, 'alibaba-dlrm-2025')),
  measureAzure(join(data, 'azure-vm-arrivals')),
  measureSpeed(),
]
writePage({
  name: 'packing',
  title: 'Packing onto machines',
  command: 'npx tsx bench/packing.ts',
  seeds: '1 to 5 for the random orders, else none',
  body: `Times are processor time, all threads counted. "Published" figures come with the data sets and were computed by another
programme; best and worst fit differ from them in how what is left over is made one number (here: as parts of the machine's own capacity).

${sections.join('\n\n')}`,
})
