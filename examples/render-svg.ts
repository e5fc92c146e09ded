import type { VegaLiteSpec } from 'cloudsched/report'
import { parse, View } from 'vega'
import { compile } from 'vega-lite'

/** Draws a Vega-Lite spec as SVG text; needs no browser. */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  const { spec: vega } = compile(spec)
  return new View(parse(vega), { renderer: 'none' }).toSVG()
}
