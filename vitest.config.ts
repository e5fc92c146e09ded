import { resolve } from 'node:path'
import type { ViteUserConfig } from 'vitest/config'
import { entries } from './scripts/entries.ts'

const config: ViteUserConfig = {
  resolve: {
    // Tests, examples and documentation name the package; here the name means the sources, so no build comes first.
    alias: entries.map(({ specifier, source }) => ({
      find: new RegExp(`^${specifier}$`),
      replacement: resolve(source),
    })),
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 20_000,
  },
}

export default config
