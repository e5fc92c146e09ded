import type { Request, RequestPlaces } from './request.ts'

/**
 * The names that the machines of a fleet have used, each with its index. It grows with machines only, never with tasks,
 * so that an endless stream of tasks leaves nothing behind. A new name makes a new vocabulary.
 */
export interface Vocabulary {
  readonly resources: ReadonlyMap<string, number>
  readonly labels: ReadonlyMap<string, number>
  /** Values of all labels; the index is never 0, which stands for a label that a machine does not carry. */
  readonly values: ReadonlyMap<string, number>
}

/** The vocabulary with some more names; the same one where none is new. */
export function withNames(
  vocabulary: Vocabulary,
  resources: readonly string[],
  labels: Readonly<Record<string, string>>,
): Vocabulary {
  const names = { resources, labels: Object.keys(labels), values: Object.values(labels) }
  const knows = (kind: keyof Vocabulary): boolean => names[kind].every((name) => vocabulary[kind].has(name))
  if (knows('resources') && knows('labels') && knows('values')) return vocabulary
  return {
    resources: extended(vocabulary.resources, names.resources, 0),
    labels: extended(vocabulary.labels, names.labels, 0),
    values: extended(vocabulary.values, names.values, 1),
  }
}

/** Indices of a request's names, looked up when the vocabulary has changed since the last time. */
export function placesOf(vocabulary: Vocabulary, request: Request): RequestPlaces {
  if (request.places?.vocabulary === vocabulary) return request.places
  request.places = {
    vocabulary,
    resources: Int32Array.from(request.resources, (resource) => vocabulary.resources.get(resource) ?? -1),
    labels: request.labels.map(([label, values]) => ({
      label: vocabulary.labels.get(label) ?? -1,
      values: values.map((value) => vocabulary.values.get(value) ?? -1),
    })),
  }
  return request.places
}

function extended(known: ReadonlyMap<string, number>, names: readonly string[], first: number): Map<string, number> {
  const all = new Map(known)
  for (const name of names) if (!all.has(name)) all.set(name, first + all.size)
  return all
}
