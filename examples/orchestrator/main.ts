/**
 * A small orchestrator: machines are groups of cores of this computer, tasks are real processes, and the scheduler of the
 * library says which runs where. Kill it at any moment and start it again: it goes on. Open the address it prints.
 *
 *   npx tsx examples/orchestrator/main.ts --folder output/orchestrator --machines small=1,medium=2,large=4
 */
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { LiveMachine } from 'cloudsched/live'
import { holdAlone } from './only-one.ts'
import { openOrchestrator } from './orchestrator.ts'
import { createOrchestratorServer } from './server.ts'
import { createWatch } from './watch.ts'

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: 'output/orchestrator' },
    port: { type: 'string', default: '8470' },
    machines: { type: 'string', default: 'small=1,medium=2,large=4' },
    'lease-seconds': { type: 'string', default: '10' },
    'stuck-seconds': { type: 'string', default: '60' },
  },
})
const folder = resolve(values.folder)
const machines: LiveMachine[] = values.machines.split(',').map((text) => {
  const [id = '', cores] = text.split('=')
  return { id, capacity: { cpu: Number(cores) } }
})

mkdirSync(folder, { recursive: true })
const release = await holdAlone(join(folder, 'held'))
const leaseSeconds = Number(values['lease-seconds'])
const orchestrator = openOrchestrator({ folder, machines, leaseSeconds, remembered: 1000 })
const server = createOrchestratorServer(orchestrator, createWatch(orchestrator, Number(values['stuck-seconds'])))
server.http.listen(Number(values.port), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.http.address() as AddressInfo).port}/`)
})

let isStopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())

/** What runs goes on; the next start finds it. */
async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  await server.close()
  await orchestrator.stop()
  release()
}
