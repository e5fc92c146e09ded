import { expect, test, vi } from 'vitest'
import { loadTensorflow, type Tensorflow } from '../../src/neural/tensorflow.ts'

const absent = (): Promise<never> => Promise.reject(new Error('Cannot find package'))
const core = (): Promise<Tensorflow> => import('@tensorflow/tfjs')

test('wasm comes first where its package is installed, and nothing is printed', async () => {
  const printed = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'log'), vi.spyOn(console, 'info')]
  const { tf, backend, passedOver, version } = await loadTensorflow()
  expect(backend).toBe('wasm')
  expect(tf.getBackend()).toBe('wasm')
  expect(passedOver).toEqual([])
  expect(version).toMatch(/^4\./)
  expect(await tf.add(1, 2).data()).toEqual(Float32Array.of(3))
  for (const spy of printed) expect(spy).not.toHaveBeenCalled()
})

test('without the wasm package the cpu backend is taken, and the reason is reported', async () => {
  const { tf, backend, passedOver } = await loadTensorflow('auto', { core, wasm: absent })
  expect(backend).toBe('cpu')
  expect(tf.getBackend()).toBe('cpu')
  expect(passedOver).toEqual([
    { backend: 'wasm', reason: expect.stringContaining('npm install @tensorflow/tfjs-backend-wasm') },
  ])
})

test('a named backend is used or refused, never replaced', async () => {
  expect((await loadTensorflow('cpu')).backend).toBe('cpu')
  await expect(loadTensorflow('wasm', { core, wasm: absent })).rejects.toMatchObject({
    code: 'missing-peer',
    path: '@tensorflow/tfjs-backend-wasm',
  })
})

test('absent tfjs is an error that names the command', async () => {
  await expect(loadTensorflow('auto', { core: absent, wasm: absent })).rejects.toMatchObject({
    code: 'missing-peer',
    message: '@tensorflow/tfjs must be installed, received undefined. Run: npm install @tensorflow/tfjs',
  })
})

test('a backend that does not start is an error', async () => {
  const broken = { enableProdMode: () => {}, setBackend: () => Promise.resolve(false) } as unknown as Tensorflow
  await expect(loadTensorflow('cpu', { core: () => Promise.resolve(broken), wasm: absent })).rejects.toMatchObject({
    code: 'solver',
    received: 'cpu',
  })
})
