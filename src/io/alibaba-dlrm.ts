import { amount, orEmpty, orMinusOne, positiveCount, text, word } from './cells.ts'
import { column, type Layout, readTable } from './table.ts'
import type { TextSource } from './text.ts'

/** What an instance of a service is given, in the library's resource names. */
export interface DlrmResources {
  /** vCPUs. */
  readonly cpu: number
  readonly gpu: number
  /** Percent of a network card. */
  readonly rdma: number
  readonly memoryMib: number
  readonly diskGib: number
}

/** An instance of a GPU-disaggregated service. Times are in seconds from the start of the trace. */
export interface DlrmInstance {
  readonly id: string
  /** CN runs on a CPU node, HN on a GPU node. */
  readonly role: 'CN' | 'HN'
  readonly app: string
  readonly demand: DlrmResources
  readonly limit: DlrmResources
  /** Most instances of the app on one node; `null` = no limit. */
  readonly maxPerNode: number | null
  /** `null`: before the start of the trace. */
  readonly creationSeconds: number | null
  readonly scheduledSeconds: number | null
  /** `null`: after the end of the trace. */
  readonly deletionSeconds: number | null
}

const mibPerGib = 1024

interface DlrmRow extends Omit<DlrmInstance, 'demand' | 'limit'> {
  readonly cpuRequest: number
  readonly cpuLimit: number
  readonly gpuRequest: number
  readonly gpuLimit: number
  readonly rdmaRequest: number
  readonly rdmaLimit: number
  readonly memoryRequestGib: number
  readonly memoryLimitGib: number
  readonly diskRequestGib: number
  readonly diskLimitGib: number
}

const time = orEmpty(amount, null)

const layout: Layout<DlrmRow> = {
  id: column('instance_sn', text),
  role: column('role', word('CN', 'HN')),
  app: column('app_name', text),
  cpuRequest: column('cpu_request', amount),
  cpuLimit: column('cpu_limit', amount),
  gpuRequest: column('gpu_request', amount),
  gpuLimit: column('gpu_limit', amount),
  rdmaRequest: column('rdma_request', amount),
  rdmaLimit: column('rdma_limit', amount),
  memoryRequestGib: column('memory_request', amount),
  memoryLimitGib: column('memory_limit', amount),
  diskRequestGib: column('disk_request', amount),
  diskLimitGib: column('disk_limit', amount),
  maxPerNode: column('max_instance_per_node', orMinusOne(positiveCount)),
  creationSeconds: column('creation_time', time),
  scheduledSeconds: column('scheduled_time', time),
  deletionSeconds: column('deletion_time', time),
}

/**
 * Reads the instances of the Alibaba 2025 GPU-disaggregated services from CSV, memory turned from GiB into MiB. The
 * trace states demands and lifetimes but no work, so there is no conversion into tasks.
 *
 * @throws CloudschedError `format` with every finding at once
 */
export function readAlibabaDlrm(source: TextSource): DlrmInstance[] {
  return readTable(source, layout).map((row) => ({
    id: row.id,
    role: row.role,
    app: row.app,
    demand: {
      cpu: row.cpuRequest,
      gpu: row.gpuRequest,
      rdma: row.rdmaRequest,
      memoryMib: row.memoryRequestGib * mibPerGib,
      diskGib: row.diskRequestGib,
    },
    limit: {
      cpu: row.cpuLimit,
      gpu: row.gpuLimit,
      rdma: row.rdmaLimit,
      memoryMib: row.memoryLimitGib * mibPerGib,
      diskGib: row.diskLimitGib,
    },
    maxPerNode: row.maxPerNode,
    creationSeconds: row.creationSeconds,
    scheduledSeconds: row.scheduledSeconds,
    deletionSeconds: row.deletionSeconds,
  }))
}
