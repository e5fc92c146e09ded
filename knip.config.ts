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
  // Run by name or path: in the test of the packed package, and to build the kernels.
  ignoreDependencies: ['publint', '@arethetypeswrong/cli', 'assemblyscript'],
  // A type may be exported beside the function that a reader meets it with.
  ignoreExportsUsedInFile: true,
}

export default config
