import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { VegaLiteSpec } from 'cloudsched/report'
import { renderSvg } from '../examples/render-svg.ts'

const folder = join(import.meta.dirname, '../docs/results')
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string
}

/** What every page of measured results begins with: how to get it again. */
export interface EvidencePage {
  /** File name below docs/results, without its ending. */
  readonly name: string
  readonly title: string
  /** The command that writes the page. */
  readonly command: string
  readonly seeds: string
  readonly body: string
}

/** Writes a page of measured results, with the command, the versions and the seeds at its head. */
export function writePage({ name, title, command, seeds, body }: EvidencePage): void {
  const machine = `${cpus().length} cores${cpus()[0] ? ` (${cpus()[0]!.model.trim()})` : ''}`
  const head = `# ${title}\n\nMeasured by \`${command}\` with cloudsched ${version}, Node ${process.version}, ${machine}. Seeds: ${seeds}.`
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.md`), `${head}\n\n${body.trim()}\n`)
  console.log(`wrote docs/results/${name}.md`)
}

/** Draws a chart beside the pages and returns the line of markdown that shows it. */
export async function writeChart(name: string, alt: string, spec: VegaLiteSpec): Promise<string> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.svg`), await renderSvg(spec))
  return `![${alt}](${name}.svg)`
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
