/**
 * A scheduler extender, ready to stand beside kube-scheduler; `scheduler-policy.yaml` tells that one of it, and
 * docs/how-to/kubernetes.md how nodes and pods come in.
 *
 *   npx tsx examples/kubernetes-extender/main.ts --port 8888
 */
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { createExtender } from 'cloudsched/kubernetes'
import { shutDown } from '../shut-down.ts'
import { createExtenderServer, serverDefaults } from './server.ts'

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '8888' },
    'url-prefix': { type: 'string', default: serverDefaults.urlPrefix },
    'max-body-bytes': { type: 'string', default: String(serverDefaults.maxBodyBytes) },
  },
})
const server = createExtenderServer(createExtender(), {
  ...serverDefaults,
  urlPrefix: values['url-prefix'],
  maxBodyBytes: Number(values['max-body-bytes']),
})
server.listen(Number(values.port), values.host, () => {
  const { address, port } = server.address() as AddressInfo
  console.log(`listening on ${address} ${port}`)
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void shutDown(server, 5000))
