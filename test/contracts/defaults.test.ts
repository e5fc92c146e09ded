/** Every `somethingDefaults` object is frozen, and is what the options' documentation says. */
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { defaultsObjects, leadingLiteral, type OptionDoc, optionDocs } from './option-docs.ts'

type Defaults = Readonly<Record<string, unknown>>

async function load({ name, path }: { name: string; path: string }): Promise<Defaults> {
  const module = (await import(/* @vite-ignore */ resolve(path))) as Record<string, Defaults>
  return module[name]!
}

/** One object of values, or one for each preset. */
function presetsOf(defaults: Defaults): Defaults[] {
  const values = Object.values(defaults)
  const isPerPreset =
    values.length > 0 && values.every((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  return isPerPreset ? (values as Defaults[]) : [defaults]
}

/** Options that belong to every solver are filled in by the frame of a run. */
const shared = new Set(optionDocs('SolveOptions').map(({ name }) => name))

/** What is wrong between defaults and documentation; where there are presets, `@defaultValue` speaks of 'default'. */
function disagreements(defaults: Defaults, docs: readonly OptionDoc[]): string[] {
  const presets = presetsOf(defaults)
  const keys = new Set(presets.flatMap((preset) => Object.keys(preset)))
  const documentedPresets = presets.includes(defaults['default'] as Defaults)
    ? [defaults['default'] as Defaults]
    : presets
  const wrong = [...keys].flatMap((key) => {
    const documented = docs.filter(({ name }) => name === key)
    const values = documentedPresets.filter((preset) => key in preset).map((preset) => preset[key])
    const literals = documented.flatMap(({ defaultValue }) =>
      defaultValue === null ? [] : [leadingLiteral(defaultValue)],
    )
    if (documented.length === 0) return [`${key} is no option`]
    if (literals.length === 0) return presets.length > 1 ? [] : [`${key} has no @defaultValue`]
    return values
      .filter((value) => !literals.some((literal) => isDeepStrictEqual(literal, value) || isProse(literal, value)))
      .map((value) => `${key} is ${String(value)}, documented as ${literals.join(' or ')}`)
  })
  const missing = docs.filter(({ name, defaultValue }) => {
    const isLiteral =
      defaultValue !== null && leadingLiteral(defaultValue) !== undefined && !/[\s,;]/.test(defaultValue.trim())
    return isLiteral && name !== 'preset' && !shared.has(name) && !keys.has(name)
  })
  return [
    ...wrong,
    ...missing.map(({ name, defaultValue }) => `${name} is documented as ${defaultValue}, but has no default`),
  ]
}

/** What cannot be written as a literal, a function or an object, is described in words. */
function isProse(literal: unknown, value: unknown): boolean {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return literal === undefined && (isObject || typeof value === 'function')
}

test('there are such objects', () => {
  expect(defaultsObjects.map(({ name }) => name)).toContain('whaqlDefaults')
})

describe.each(defaultsObjects)('$name of $path', ({ name, path }) => {
  const options = `${name[0]!.toUpperCase()}${name.slice(1, -'Defaults'.length)}Options`

  test('is frozen', async () => {
    const defaults = await load({ name, path })
    expect(Object.isFrozen(defaults)).toBe(true)
    expect(presetsOf(defaults).every(Object.isFrozen)).toBe(true)
  })

  test(`is what ${options} says`, async () => {
    expect(disagreements(await load({ name, path }), optionDocs(options))).toEqual([])
  })
})

describe('the check itself', () => {
  const docs: OptionDoc[] = [
    { name: 'episodes', defaultValue: '5000' },
    { name: 'swap', defaultValue: '0.5 of them' },
    { name: 'order', defaultValue: null },
    { name: 'exploitation', defaultValue: '1 - 1/n' },
  ]

  test('reads literals', () => {
    expect(
      ["'lpt'", '0.5 with prices, 1 without', '-1e-3', 'true', 'null', '1 - 1/n', 'k-cheapest + LPT', ''].map(
        leadingLiteral,
      ),
    ).toEqual(['lpt', 0.5, -0.001, true, null, 1, undefined, undefined])
    expect(['[0.5, 2]', '[]', "{ name: 'adam', rate: 0.1 }", 'Infinity', '[low, high]'].map(leadingLiteral)).toEqual([
      [0.5, 2],
      [],
      { name: 'adam', rate: 0.1 },
      Infinity,
      undefined,
    ])
  })

  test('accepts what agrees, and values that differ by preset', () => {
    expect(disagreements({ episodes: 5000, swap: 0.5 }, docs)).toEqual([])
    expect(
      disagreements({ paper: { episodes: 5000, order: 'input' }, stage: { episodes: 5000, order: 'lpt' } }, docs),
    ).toEqual([])
  })

  test('holds the preset of that name against the text, and the names of options in all', () => {
    const defaults = { default: { episodes: 4000 }, paper: { episodes: 300, speed: 1 } }
    expect(disagreements(defaults, docs.slice(0, 1))).toEqual([
      'episodes is 4000, documented as 5000',
      'speed is no option',
    ])
  })

  test('finds another value, an option that does not exist, a missing text and a missing value', () => {
    expect(disagreements({ episodes: 4000, speed: 1, order: 'lpt' }, docs)).toEqual([
      'episodes is 4000, documented as 5000',
      'speed is no option',
      'order has no @defaultValue',
    ])
    expect(disagreements({}, docs)).toEqual(['episodes is documented as 5000, but has no default'])
  })
})
