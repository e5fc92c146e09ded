import { describe, expect, test } from 'vitest'
import { cloudPlatform, irregularDemand } from '../../examples/scenes/cloud-platform.ts'
import { dataCentre } from '../../examples/scenes/data-centre.ts'
import type { Control } from '../../examples/scenes/figures.ts'
import { fluidStep } from '../../examples/scenes/fluid-queue.ts'
import { storageTier } from '../../examples/scenes/storage-tier.ts'

const controls: readonly Control[] = ['rules', 'reactive', 'predictive']

describe('a fluid queue', () => {
  test('grows along a line: 2 waiting, 3 come and 1 is served a second, 4 s: 10 wait, (2 + 10) / 2 * 4 = 24', () => {
    expect(fluidStep(2, 3, 1, 4)).toEqual({ backlog: 10, served: 4, waited: 24 })
  })

  test('empties within the step: 2 waiting, 1 comes and 3 could be served a second: empty after 1 s, 2 * 1 / 2 = 1', () => {
    expect(fluidStep(2, 1, 3, 4)).toEqual({ backlog: 0, served: 6, waited: 1 })
  })

  test('two halves of a step are the whole', () => {
    const whole = fluidStep(5, 1, 3, 4)
    const first = fluidStep(5, 1, 3, 2)
    const second = fluidStep(first.backlog, 1, 3, 2)
    expect(first.waited + second.waited).toBeCloseTo(whole.waited, 12)
    expect(first.served + second.served).toBeCloseTo(whole.served, 12)
    expect(second.backlog).toBe(whole.backlog)
  })
})

describe('data centre', () => {
  const margins = { rules: 0.6, reactive: 0.1, predictive: 0.85 }
  const runs = controls.map((control) => dataCentre({ control, margin: margins[control], seed: 3, days: 1 }))

  test.each(runs.map((run, k) => [controls[k]!, run] as const))(
    '%s: no work is lost, no core given twice',
    (_, run) => {
      const { work, batch, mostGiven, figures } = run
      expect(work.served + work.backlog).toBeCloseTo(work.arrived, 3)
      expect(batch.finished + batch.left).toBe(batch.submitted)
      expect(mostGiven).toBeLessThanOrEqual(32 + 1e-6)
      // Lost work is not useful: what is counted cannot exceed what there is.
      expect(figures.utilisationPercent).toBeGreaterThan(50)
      expect(figures.utilisationPercent).toBeLessThan(100)
    },
  )

  test('whole limits make batch wait longer than a forecast does; small ones make services wait', () => {
    const [tight, , predictive] = runs
    const safe = dataCentre({ control: 'rules', margin: 1, seed: 3, days: 1 })
    expect(safe.figures.waitSeconds).toBe(0)
    expect(safe.figures.batchMinutes).toBeGreaterThan(3 * predictive!.figures.batchMinutes)
    expect(tight!.figures.waitSeconds).toBeGreaterThan(10 * predictive!.figures.waitSeconds)
  })

  test('the same seed gives the same figures, another one others', () => {
    const again = (seed: number) => dataCentre({ control: 'reactive', margin: 0.1, seed, days: 1 })
    expect(again(3)).toEqual(runs[1])
    expect(again(4).figures).not.toEqual(runs[1]!.figures)
  })
})

describe('cloud platform', () => {
  const margins = { rules: 0.8, reactive: 0.2, predictive: 0.95 }
  const runs = controls.map((control) => cloudPlatform({ control, margin: margins[control], seed: 3, days: 1 }))

  test.each(runs.map((run, k) => [controls[k]!, run] as const))(
    '%s: every instance is somewhere, none on a machine that is given back',
    (_, { instances, lost, mostGiven, course }) => {
      expect(instances.ended + instances.left).toBe(instances.submitted)
      expect(instances.submitted).toBeGreaterThan(1000)
      expect(lost).toBe(0)
      expect(mostGiven).toBeLessThanOrEqual(16)
      expect(new Set(course.map(({ paid }) => paid)).size).toBeGreaterThan(5)
    },
  )

  test('on regular demand a forecast is cheaper than the present use and waits less', () => {
    const [, reactive, predictive] = runs
    expect(predictive!.figures.cost).toBeLessThan(reactive!.figures.cost)
    expect(predictive!.figures.waitSeconds).toBeLessThan(reactive!.figures.waitSeconds)
  })

  test('jumps nobody can foresee make the same forecast wait longer', () => {
    const jumps = cloudPlatform({ control: 'predictive', margin: 0.95, seed: 3, days: 1, shape: irregularDemand })
    expect(jumps.figures.waitSeconds).toBeGreaterThan(2 * runs[2]!.figures.waitSeconds)
  })

  test('the same seed gives the same figures', () => {
    expect(cloudPlatform({ control: 'predictive', margin: 0.95, seed: 3, days: 1 })).toEqual(runs[2])
  })
})

describe('storage tier', () => {
  const margins = { rules: 0, reactive: 0.1, predictive: 0.7 }
  const runs = controls.map((control) => storageTier({ control, margin: margins[control], seed: 3, days: 1, disks: 7 }))

  test.each(runs.map((run, k) => [controls[k]!, run] as const))(
    '%s: all that was asked for is served or waits, no disk overfull',
    (_, { work, mostTaken }) => {
      expect(work.served + work.backlog).toBeCloseTo(work.arrived, 3)
      expect(mostTaken).toBeGreaterThan(0.2)
      expect(mostTaken).toBeLessThanOrEqual(1)
    },
  )

  test('rules move nothing; moves balance the disks', () => {
    const [rules, reactive, predictive] = runs.map(({ figures }) => figures)
    expect(rules!.moves).toBe(0)
    for (const moving of [reactive!, predictive!]) {
      expect(moving.gibMoved).toBeGreaterThan(0)
      expect(moving.imbalancePercent).toBeLessThan(rules!.imbalancePercent)
    }
  })

  test('the same seed gives the same figures', () => {
    expect(storageTier({ control: 'reactive', margin: 0.1, seed: 3, days: 1, disks: 7 })).toEqual(runs[1])
  })
})
