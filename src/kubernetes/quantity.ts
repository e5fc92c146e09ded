import { CloudschedError } from '../errors/cloudsched-error.ts'

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

const form = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/

/**
 * A quantity of Kubernetes as a number in its base unit: `500m` cores are 0.5, `2Gi` of memory 2 147 483 648 bytes, `1e3` 1000.
 *
 * @param path - names the place in an error
 * @throws CloudschedError `format` for what is no quantity, and for a negative one
 */
export function parseQuantity(quantity: string | number, path = 'quantity'): number {
  const [, digits, exponent = '', suffix = ''] = form.exec(String(quantity).trim()) ?? []
  const value = digits === undefined ? NaN : Number(digits + exponent) * factors[suffix]!
  if (Number.isFinite(value) && value >= 0) return value
  const expected = 'a quantity >= 0 such as 500m, 2Gi or 1e3'
  throw new CloudschedError('format', [{ path, received: quantity, expected }])
}
