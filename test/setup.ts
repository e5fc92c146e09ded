/** Runs before each test file: randomness comes from seeds alone, and in CI fast-check draws the same cases each time. */
import { configureGlobal } from 'fast-check'

if (process.env['CI']) configureGlobal({ seed: 20_251_122 })

const unseeded = Math.random

/** Packages and Node itself may draw unseeded numbers (fast-check picks its own seed so); our code and tests may not. */
Math.random = () => {
  const caller = new Error('who draws').stack?.split('\n')[2] ?? ''
  if (/\/node_modules\/|\(node:/.test(caller)) return unseeded()
  throw new Error('Math.random is not seeded: take an Rng from createRng(seed).')
}
