/* oxlint-disable typescript/no-explicit-any -- see VegaLiteSpec */

import { type OptionEntries, satisfying } from '../errors/read-options.ts'

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject

/** An object that survives JSON: no functions, no `undefined`. */
export interface JsonObject {
  readonly [key: string]: Json
}

/**
 * A Vega-Lite 6 chart as plain data, for any renderer and for the Vega editor. The parts are `any`, so that
 * `compile` of whichever release of vega-lite takes it without a cast; all of them are JSON.
 */
export interface VegaLiteSpec {
  readonly $schema: string
  readonly title: any
  readonly data: any
  readonly width: any
  readonly height: any
  readonly layer: any
  readonly config: any
  readonly background: any
  readonly padding: any
}

/** An option that is text. */
export const text: OptionEntries[string] = satisfying<string>((x) => typeof x === 'string', 'a string')

/** The option that every chart has. */
export const titleEntry: OptionEntries = { title: text }

export interface ChartParts {
  readonly title: string
  /** Lines below the title. */
  readonly subtitle?: string | readonly string[]
  readonly values: readonly JsonObject[]
  /** In pixels. @defaultValue 720 */
  readonly width?: number
  /** In pixels, or pixels per row. @defaultValue 380 */
  readonly height?: number | { readonly step: number; readonly for: 'position' }
  readonly layer: readonly JsonObject[]
}

/** Width of the plotting area in pixels, unless a chart says otherwise. */
export const plotWidth = 720

/** The frame and the look that all charts share. */
export function chart({ title, subtitle, values, width = plotWidth, height = 380, layer }: ChartParts): VegaLiteSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 16,
    title: { text: title, ...(subtitle === undefined ? {} : { subtitle }) },
    width,
    height,
    data: { values },
    layer,
    config: look,
  }
}

/** Okabe and Ito's colours, which colour-blind readers tell apart; their yellow is left out: white paper swallows it. */
export const colours = {
  blue: '#0072B2',
  vermilion: '#D55E00',
  green: '#009E73',
  purple: '#CC79A7',
  orange: '#E69F00',
  sky: '#56B4E9',
  grey: '#6B6B6B',
} as const

export const ink = '#2B2B2B'

export interface SeriesStyle {
  readonly colour: readonly string[]
  readonly dash: readonly (readonly number[])[]
  readonly shape: readonly string[]
}

/** One colour per series; when all are used, dashes and shapes change. */
export function seriesStyle(names: readonly string[]): SeriesStyle {
  const cycle = Object.values(colours)
  const dashes = [
    [1, 0],
    [6, 3],
    [2, 2],
    [8, 3, 2, 3],
  ]
  const shapes = ['circle', 'square', 'triangle-up', 'diamond']
  return {
    colour: names.map((_, k) => cycle[k % cycle.length]!),
    dash: names.map((_, k) => dashes[Math.floor(k / cycle.length) % dashes.length]!),
    shape: names.map((_, k) => shapes[Math.floor(k / cycle.length) % shapes.length]!),
  }
}

const faint = '#E4E4E4'

const look: JsonObject = {
  font: 'Helvetica, Arial, DejaVu Sans, sans-serif',
  view: { stroke: null },
  title: {
    anchor: 'start',
    fontSize: 15,
    fontWeight: 600,
    color: ink,
    offset: 14,
    subtitleFontSize: 12,
    subtitleColor: '#5A5A5A',
    subtitlePadding: 5,
  },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelColor: ink,
    titleColor: ink,
    gridColor: faint,
    domainColor: '#9A9A9A',
    tickColor: '#9A9A9A',
    titlePadding: 8,
    labelFlush: false,
  },
  legend: {
    labelFontSize: 11,
    titleFontSize: 11,
    labelColor: ink,
    titleColor: ink,
    titleFontWeight: 'normal',
    symbolStrokeWidth: 2.5,
    symbolOpacity: 1,
    labelLimit: 340,
    offset: 18,
  },
}
