import { isCloudschedError } from '../errors/cloudsched-error.ts'
import { isRecord } from '../errors/is-record.ts'
import { integerIn, type OptionEntries, readOptions, satisfying } from '../errors/read-options.ts'
import type { Extender } from './extender.ts'
import type { ExtenderArgs, ExtenderBindingArgs } from './wire.ts'

/** A request as any server hands it over. */
export interface ExtenderRequest {
  readonly method: string
  /** Path without the query, e.g. `/scheduler/filter`. */
  readonly path: string
  readonly body: string
}

/** What the server is to answer, as JSON. Anything but status 200 is an error to kube-scheduler. */
export interface ExtenderResponse {
  readonly status: 200 | 400 | 404 | 405 | 413
  readonly body: string
}

/** Options of {@link extenderHandler}. */
export interface HandlerOptions {
  /** What stands before the verb in the path. @defaultValue '' */
  readonly urlPrefix?: string
  /** Longest body that is read, in characters, >= 1. @defaultValue 33554432 (10 000 whole nodes fit) */
  readonly maxBodyLength?: number
}

/** Defaults of {@link extenderHandler}. */
export const handlerDefaults: Readonly<Required<HandlerOptions>> = Object.freeze({
  urlPrefix: '',
  maxBodyLength: 32 * 2 ** 20,
})

const entries: OptionEntries = {
  urlPrefix: satisfying((x) => typeof x === 'string', 'a string'),
  maxBodyLength: integerIn(1),
}

/**
 * The wire protocol of kube-scheduler's extenders as a function of a request: no server, no framework. A body that is not
 * what the verb asks for changes nothing.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * ```ts
 * const handle = extenderHandler(createExtender(), { urlPrefix: '/scheduler' })
 * const { status, body } = await handle({ method: 'POST', path: '/scheduler/filter', body: json }, Date.now() / 1000)
 * ```
 */
export function extenderHandler(
  extender: Extender,
  options: HandlerOptions = {},
): (request: ExtenderRequest, nowSeconds: number) => Promise<ExtenderResponse> {
  const { urlPrefix, maxBodyLength } = readOptions(entries, handlerDefaults, options)
  return async ({ method, path, body }, nowSeconds) => {
    const verb = path.startsWith(`${urlPrefix}/`) ? path.slice(urlPrefix.length + 1) : ''
    if (!['filter', 'prioritize', 'bind'].includes(verb)) return failure(404, `there is no verb at ${path}`)
    if (method !== 'POST') return failure(405, `${verb} is a POST`)
    if (body.length > maxBodyLength) return failure(413, `the body is longer than ${maxBodyLength} characters`)
    try {
      const args: unknown = JSON.parse(body)
      if (verb === 'bind') return success(await extender.bind(bindingArgs(args), nowSeconds))
      const checked = extenderArgs(args)
      return success(
        verb === 'filter' ? extender.filter(checked, nowSeconds) : extender.prioritize(checked, nowSeconds),
      )
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof WireError || isCloudschedError(error)) {
        return failure(400, error.message)
      }
      throw error
    }
  }
}

class WireError extends Error {}

function extenderArgs(args: unknown): ExtenderArgs {
  const { Pod, Nodes, NodeNames } = record(args, 'the body')
  record(Pod, 'Pod')
  if (Array.isArray(NodeNames)) {
    if (NodeNames.every((name) => typeof name === 'string')) return args as ExtenderArgs
    throw new WireError('NodeNames must be a list of strings')
  }
  const { items } = record(Nodes, 'NodeNames or Nodes')
  if (Array.isArray(items)) return args as ExtenderArgs
  throw new WireError('Nodes.items must be a list of nodes')
}

function bindingArgs(args: unknown): ExtenderBindingArgs {
  const fields = record(args, 'the body')
  for (const name of ['PodName', 'PodNamespace', 'PodUID', 'Node']) {
    if (typeof fields[name] !== 'string') throw new WireError(`${name} must be a string`)
  }
  return args as ExtenderBindingArgs
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isRecord(value)) return value
  throw new WireError(`${what} must be an object`)
}

function success(answer: unknown): ExtenderResponse {
  return { status: 200, body: JSON.stringify(answer) }
}

function failure(status: Exclude<ExtenderResponse['status'], 200>, message: string): ExtenderResponse {
  return { status, body: JSON.stringify({ Error: message }) }
}
