import type { CloudTask, Resource } from '../../../src/meta/clouds/cloud.ts'

/** A resource of 10 GFLOP/s, 100 Mbit/s, 1000 GB and price 1, but for what is given. */
export function resource(given: Partial<Resource> = {}): Resource {
  return { kind: 0, speedGflops: 10, storageGb: 1000, bandwidthMbps: 100, pricePerSecond: 1, ...given }
}

/** A task of 100 GFLOP, 10 GB, 10 Mbit and 1000 s of latency, but for what is given. */
export function task(given: Partial<CloudTask> = {}): CloudTask {
  return {
    workloadClass: 0,
    computeGflop: 100,
    storageGb: 10,
    networkMbit: 10,
    latencySeconds: 1000,
    throughputGflops: null,
    ...given,
  }
}
