import type { VegaLiteSpec } from 'cloudsched/report'
import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'

/** Draws a Vega-Lite spec as SVG text; needs no browser. */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  const { spec: vega } = compile(spec as unknown as TopLevelSpec)
  return new View(parse(vega), { renderer: 'none' }).toSVG()
}
