import type { KnipConfig } from 'knip'
import { command, entries } from './scripts/entries.ts'

const config: KnipConfig = {
  entry: [
    ...entries.map(({ source }) => `${source}!`),
    ...(command ? [`${command.source}!`] : []),
    'scripts/*.ts',
    'test/**/*.test.ts',
    'examples/**/*.ts',
    'bench/**/*.ts',
  ],
  project: ['src/**/*.ts!', 'scripts/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts'],
  // A type may be exported beside the function that a reader meets it with.
  ignoreExportsUsedInFile: true,
}

export default config
