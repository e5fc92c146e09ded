import type { KnipConfig } from 'knip'
import { command, entries } from './scripts/entries.ts'

const config: KnipConfig = {
  entry: [
    ...entries.map(({ source }) => `${source}!`),
    ...(command ? [`${command.source}!`] : []),
    // Rooms without an entry of their own: what their benches import.
    'src/{kernels,neural}/index.ts!',
    'scripts/*.ts',
    'test/**/*.test.ts',
    'examples/**/*.ts',
    'bench/**/*.ts',
  ],
  project: ['src/**/*.ts!', 'scripts/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts'],
  // Run by name from node_modules/.bin, in the test of the packed package.
  ignoreDependencies: ['publint', '@arethetypeswrong/cli'],
  // A type may be exported beside the function that a reader meets it with.
  ignoreExportsUsedInFile: true,
}

export default config
