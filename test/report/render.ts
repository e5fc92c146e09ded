import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import * as vega from 'vega'
import { compile } from 'vega-lite'
import type { VegaLiteSpec } from '../../src/report/index.ts'

const schema = createRequire(import.meta.url)('vega-lite/vega-lite-schema.json')
// Without these settings the schema takes four times as long to compile.
const ajv = new Ajv({
  strict: false,
  validateFormats: false,
  validateSchema: false,
  inlineRefs: false,
  code: { optimize: false },
})
const isValid = ajv.compile(schema)

/** What the JSON schema of vega-lite has against a spec; misspelt properties are only found here. */
export function schemaErrors(spec: VegaLiteSpec): string[] {
  return isValid(JSON.parse(JSON.stringify(spec)))
    ? []
    : (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

export interface Rendered {
  readonly svg: string
  readonly warnings: readonly string[]
  /** Number of drawn marks of a kind: 'rect', 'line', 'symbol', 'rule', 'text'; axes and legends do not count. */
  marks(kind: string): number
  /** Texts of marks, axes, legends and titles. */
  readonly texts: readonly string[]
}

/** Draws a spec as a user would, and keeps what vega-lite and vega complain of. */
export async function render(spec: VegaLiteSpec): Promise<Rendered> {
  const warnings: string[] = []
  const note = (...message: readonly unknown[]) => {
    warnings.push(message.join(' '))
    return logger
  }
  const silent = () => logger
  const logger = {
    level: () => logger,
    error: note,
    warn: note,
    info: silent,
    debug: silent,
  } as unknown as vega.LoggerInterface
  const view = new vega.View(vega.parse(compile(spec, { logger }).spec), { renderer: 'none', logger })
  const svg = await view.toSVG()
  return {
    svg,
    warnings,
    marks: (kind) => countMarks(svg, kind),
    texts: Array.from(svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g), ([, text]) => text!),
  }
}

const itemTags: Readonly<Record<string, string>> = { text: 'text', rule: 'line' }

function countMarks(svg: string, kind: string): number {
  const tag = itemTags[kind] ?? 'path'
  // A group without items closes itself.
  const groups = svg.matchAll(new RegExp(`mark-${kind} role-mark[^>]*[^/]>(.*?)</g>`, 'gs'))
  return Array.from(groups, ([, items]) => items!.match(new RegExp(`<${tag} `, 'g'))?.length ?? 0).reduce(
    (sum, count) => sum + count,
    0,
  )
}
