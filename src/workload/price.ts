import { power } from '../random/portable-math.ts'

/**
 * Price of a VM by its speed: scale * (speedMips / 1000)^exponent per second, the same bits on every engine.
 *
 * @param exponent - above 1 a slow VM is cheaper per unit of work, below 1 a fast one; at 1 all are equally cheap, so
 * that every schedule costs the same
 */
export function priceOfSpeed(speedMips: number, exponent: number, scale: number): number {
  return scale * power(speedMips / 1000, exponent)
}
