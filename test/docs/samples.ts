/**
 * Code samples of the documentation. A fence marked `ts` runs, and its output is compared with the `// =>` comments;
 * one marked `ts no-run: reason` is type-checked only.
 */
import { globSync, readFileSync } from 'node:fs'

export interface Sample {
  readonly document: string
  /** Line of the document where the sample's first line stands. */
  readonly line: number
  readonly source: string
  /** Why it is not run; `null` when it is. */
  readonly noRun: string | null
}

export const documents: readonly string[] = globSync(['README.md', 'docs/**/*.md']).sort()

export function readSamples(): Sample[] {
  return documents.flatMap((document) => samplesOf(document, readFileSync(document, 'utf8')))
}

export function samplesOf(document: string, markdown: string): Sample[] {
  const escape = /^[ \t]*```(?:typescript|tsx|javascript|[mc]?js|jsx|mts|cts)\b/m.exec(markdown)
  if (escape) throw new Error(`${document}: ${escape[0].trim()} would not be checked: write \`\`\`ts`)
  const fence = /^([ \t]*)```ts\b(.*)\n([\s\S]*?)^[ \t]*```[ \t]*$/gm
  return Array.from(markdown.matchAll(fence), ({ index, 1: indent, 2: info, 3: body }) => {
    const line = markdown.slice(0, index).split('\n').length + 1
    const source = body!.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    return { document, line, source, noRun: readNoRun(info!.trim(), `${document}:${line - 1}`) }
  })
}

function readNoRun(info: string, place: string): string | null {
  if (info === '') return null
  const reason = /^no-run: *(\S.*)$/.exec(info)?.[1]
  if (reason === undefined) throw new Error(`${place}: write \`\`\`ts, or \`\`\`ts no-run: the reason`)
  return reason
}

/** The lines that the sample says it prints, in order. */
export function expectedLines(source: string): string[] {
  return Array.from(source.matchAll(/\/\/ => ?(.*)$/gm), ([, text]) => text!.trim())
}

/** Whether a printed line is the expected one; `…` stands for any text. */
export function isAsExpected(printed: string, expected: string): boolean {
  const pattern = expected.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*')
  return new RegExp(`^${pattern}$`).test(printed.trim())
}
