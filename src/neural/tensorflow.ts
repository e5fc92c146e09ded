import { CloudschedError, type Finding, throwFindings } from '../errors/cloudsched-error.ts'

/** The module `@tensorflow/tfjs`. This type must not appear in the declarations of an entry. */
export type Tensorflow = typeof import('@tensorflow/tfjs')

/** The tfjs backends that run without a graphics card, fastest first. */
export type TensorflowBackend = 'wasm' | 'cpu'

/** A loaded tfjs and what it computes with. */
export interface LoadedTensorflow {
  readonly tf: Tensorflow
  /** The backend that every operation runs on from now on. */
  readonly backend: TensorflowBackend
  /** Faster backends that were passed over, and why. */
  readonly passedOver: readonly { readonly backend: TensorflowBackend; readonly reason: string }[]
  readonly version: string
}

/** How the packages are imported; others only in tests. */
export interface TensorflowImports {
  readonly core: () => Promise<Tensorflow>
  readonly wasm: () => Promise<unknown>
}

/** By the `catch` right behind an import bundlers see that its package may be absent: they warn, and go on. */
const imports: TensorflowImports = {
  core: () => import('@tensorflow/tfjs').catch(passOn),
  wasm: () => import('@tensorflow/tfjs-backend-wasm').catch(passOn),
}

function passOn(cause: unknown): never {
  throw cause
}

/**
 * Loads tfjs, which takes half a second and 54 MB: only training may call it.
 *
 * tfjs keeps one engine per process. This call puts it into its production mode, which prints no banner, and sets its
 * backend.
 *
 * @param backend - `'auto'` takes `wasm` where the optional peer `@tensorflow/tfjs-backend-wasm` is installed and starts,
 *   else `cpu`, and says so in `passedOver`; a named backend is used or the call fails
 * @throws CloudschedError `missing-peer` when a package is not installed, `solver` when the named backend does not start
 */
export async function loadTensorflow(
  backend: TensorflowBackend | 'auto' = 'auto',
  { core, wasm }: TensorflowImports = imports,
): Promise<LoadedTensorflow> {
  const tf = await core().catch((cause: unknown) => {
    throw missing('@tensorflow/tfjs', cause)
  })
  tf.enableProdMode()
  const passedOver: { backend: TensorflowBackend; reason: string }[] = []
  for (const candidate of backend === 'auto' ? (['wasm', 'cpu'] as const) : [backend]) {
    try {
      if (candidate === 'wasm') await wasm().catch(refuseWasm)
      await start(tf, candidate)
      return { tf, backend: candidate, passedOver, version: tf.version_core }
    } catch (error) {
      if (backend !== 'auto' || candidate === 'cpu') throw error
      passedOver.push({ backend: candidate, reason: (error as Error).message })
    }
  }
  throw new Error('unreachable: the last candidate returns or throws')
}

function refuseWasm(cause: unknown): never {
  throw missing('@tensorflow/tfjs-backend-wasm', cause)
}

function missing(name: string, cause: unknown): CloudschedError {
  const finding: Finding = { path: name, received: undefined, expected: 'installed', hint: `Run: npm install ${name}` }
  return new CloudschedError('missing-peer', [finding], { cause })
}

async function start(tf: Tensorflow, backend: TensorflowBackend): Promise<void> {
  const started = await tf.setBackend(backend)
  if (started) return tf.ready()
  throwFindings('solver', [{ path: 'backend', received: backend, expected: 'able to start in this environment' }])
}
