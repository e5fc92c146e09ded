import { type OptionRule, satisfying } from '../errors/read-options.ts'

/** A kind of VM that a provider offers. */
export interface VmType {
  /** Start of the ids of its VMs. */
  readonly name: string
  /** Share of the fleet, in proportion to the other types. */
  readonly weight: number
  readonly speedMips: number
  readonly pricePerSecond: number
  /** What the VM has of each resource: whole amounts. */
  readonly capacity: Readonly<Record<string, number>>
  readonly labels?: Readonly<Record<string, string>>
}

/** An invented catalogue of the usual shape: a size ladder, a fast, a large and a GPU type in two zones. */
export const exampleCatalogue: readonly VmType[] = [
  {
    name: 'small',
    weight: 4,
    speedMips: 1000,
    pricePerSecond: 0.000011,
    capacity: { cpu: 2, memoryMib: 4096 },
    labels: { zone: 'a' },
  },
  {
    name: 'medium',
    weight: 4,
    speedMips: 1000,
    pricePerSecond: 0.000022,
    capacity: { cpu: 4, memoryMib: 8192 },
    labels: { zone: 'a' },
  },
  {
    name: 'large',
    weight: 3,
    speedMips: 1000,
    pricePerSecond: 0.000044,
    capacity: { cpu: 8, memoryMib: 16_384 },
    labels: { zone: 'b' },
  },
  {
    name: 'fast',
    weight: 2,
    speedMips: 1600,
    pricePerSecond: 0.00006,
    capacity: { cpu: 8, memoryMib: 16_384 },
    labels: { zone: 'b' },
  },
  {
    name: 'memory',
    weight: 2,
    speedMips: 1100,
    pricePerSecond: 0.00007,
    capacity: { cpu: 8, memoryMib: 65_536 },
    labels: { zone: 'a' },
  },
  {
    name: 'gpu',
    weight: 1,
    speedMips: 1300,
    pricePerSecond: 0.0004,
    capacity: { cpu: 16, memoryMib: 65_536, gpu: 2 },
    labels: { zone: 'b', gpuModel: 'G1' },
  },
]

export const catalogueEntry: OptionRule<readonly VmType[]> = satisfying<readonly VmType[]>(
  isCatalogue,
  'a list of VM types with name, weight > 0, speedMips > 0, pricePerSecond >= 0 and capacity',
)

function isCatalogue(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isVmType)
}

function isVmType(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { name, weight, speedMips, pricePerSecond, capacity } = value as Record<string, unknown>
  const number = (x: unknown, least: number): boolean => typeof x === 'number' && Number.isFinite(x) && x >= least
  return (
    typeof name === 'string' &&
    number(weight, Number.MIN_VALUE) &&
    number(speedMips, Number.MIN_VALUE) &&
    number(pricePerSecond, 0) &&
    typeof capacity === 'object' &&
    capacity !== null &&
    Object.values(capacity).every((amount) => number(amount, 0))
  )
}
