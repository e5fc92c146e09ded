import { CloudschedError } from '../errors/cloudsched-error.ts'
import type { VegaLiteSpec } from '../report/vega-lite-spec.ts'
import type { OutputFile } from './files.ts'
import { UsageError } from './io.ts'

/** A chart that was asked for: by which option, and the file it goes to. */
export interface ChartRequest {
  readonly option: string
  readonly path: string
}

/** The charts among the options, e.g. `{ '--chart': 'gantt.svg' }`. */
export function requestedCharts(paths: Readonly<Record<string, string | undefined>>): ChartRequest[] {
  return Object.entries(paths).flatMap(([option, path]) => (path === undefined ? [] : [{ option, path }]))
}

/** Refuses what cannot be drawn before any time is spent on solving. */
export async function checkCharts(requests: readonly ChartRequest[]): Promise<void> {
  for (const { option, path } of requests) {
    if (!/\.(svg|json)$/i.test(path))
      throw new UsageError(`${option} ${path}: a chart ends in .svg (drawn) or .json (the Vega-Lite spec).`)
  }
  if (requests.some(({ path }) => isSvg(path))) await loadVega()
}

/** Draws each chart as SVG, or writes its spec as JSON. */
export async function renderCharts(
  requests: readonly ChartRequest[],
  specs: Readonly<Record<string, () => VegaLiteSpec>>,
): Promise<OutputFile[]> {
  return Promise.all(requests.map(({ option, path }) => render(path, specs[option]!())))
}

async function render(path: string, spec: VegaLiteSpec): Promise<OutputFile> {
  if (!isSvg(path)) return { path, content: `${JSON.stringify(spec, null, 2)}\n` }
  const { vega, vegaLite } = await loadVega()
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'none' })
  return { path, content: await view.toSVG() }
}

function isSvg(path: string): boolean {
  return /\.svg$/i.test(path)
}

async function loadVega(): Promise<{
  readonly vega: typeof import('vega')
  readonly vegaLite: typeof import('vega-lite')
}> {
  try {
    const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
    return { vega, vegaLite }
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    if (!isMissing) throw error
    throw new CloudschedError(
      'missing-peer',
      [
        {
          path: 'vega and vega-lite',
          received: 'no such packages',
          expected: 'installed to draw SVG charts',
          hint: 'Run: npm install vega vega-lite. A chart that ends in .json needs neither.',
        },
      ],
      { cause: error },
    )
  }
}
