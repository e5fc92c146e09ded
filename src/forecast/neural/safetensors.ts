import { type NetworkModel, networkWeights } from './network-model.ts'

/**
 * The weights of a model in the safetensors format (version 0.4): 8 bytes with the length of the header, a JSON header with
 * name, shape and place of each array, then the 32-bit numbers, all little-endian. PyTorch, JAX and others read it. The
 * metadata hold the model without its weights as JSON, so that nothing is lost.
 *
 * @example
 * await writeFile('model.safetensors', networkSafetensors(model))
 */
export function networkSafetensors(model: NetworkModel): Uint8Array {
  const arrays = networkWeights(model)
  const rest = { ...model, weights: undefined, checkpoint: undefined }
  let end = 0
  const entries = arrays.map(({ name, shape, values }): [string, object] => {
    const start = end
    end += 4 * values.length
    return [name, { dtype: 'F32', shape, data_offsets: [start, end] }]
  })
  const metadata = { format: model.format, version: String(model.version), model: JSON.stringify(rest) }
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }))
  // The numbers begin at a multiple of 8 bytes; spaces fill the header up.
  const headerLength = (header.length + 7) & ~7
  const bytes = new Uint8Array(8 + headerLength + end).fill(0x20, 0, 8 + headerLength)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(headerLength), true)
  bytes.set(header, 8)
  let at = 8 + headerLength
  for (const { values } of arrays) {
    for (const value of values) {
      view.setFloat32(at, value, true)
      at += 4
    }
  }
  return bytes
}
