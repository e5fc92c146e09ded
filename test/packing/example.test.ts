import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('the example prints what its machines allow', () => {
  const lines = execFileSync('npx', ['tsx', 'examples/10-pack-machines.ts'], { stdio: ['ignore', 'pipe', 'pipe'] })
    .toString()
    .trim()
    .split('\n')
  expect(lines).toEqual([
    'firstFit: train-1 on gpu-1, serve-1 on gpu-1, report on gpu-1, serve-2 on gpu-1, train-2 on none, train-3 on gpu-2',
    '  train-2 refused: resource gpu on 2, label gpuModel on 2, resource cpu on 1',
    'scarcity: train-1 on gpu-1, serve-1 on gpu-2, report on gpu-1, serve-2 on gpu-2, train-2 on gpu-1, train-3 on gpu-2',
    'gpu-2: needs 2 gpu, 0 free',
    'after three tasks have left it goes to gpu-2',
  ])
}, 30_000)
