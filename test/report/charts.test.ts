import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundRobin } from '../../src/constructive/round-robin.ts'
import { compare } from '../../src/experiment/index.ts'
import { createProblem, type Problem } from '../../src/model/problem.ts'
import type { Schedule } from '../../src/model/schedule.ts'
import type { SolveResult, Solver } from '../../src/model/solver.ts'
import { evaluate } from '../../src/objective/evaluate.ts'
import { startRun } from '../../src/objective/solve-run.ts'
import {
  comparisonSpec,
  convergenceSpec,
  ganttSpec,
  lineSpec,
  loadSpec,
  paretoSpec,
  type VegaLiteSpec,
} from '../../src/report/index.ts'
import type { HistoryPoint } from '../../src/run/history.ts'
import { render, schemaErrors } from './render.ts'

// VM a runs 100 MIPS at 1 a second, VM b 50 MIPS at 0.1 a second.
const problem = createProblem({
  tasks: [
    { id: 'x', lengthMi: 400 },
    { id: 'y', lengthMi: 200 },
    { id: 'z', lengthMi: 100 },
  ],
  vms: [
    { id: 'a', speedMips: 100, pricePerSecond: 1 },
    { id: 'b', speedMips: 50, pricePerSecond: 0.1 },
  ],
})
const empty = createProblem({ tasks: [], vms: [{ speedMips: 1 }] })

/** x on a: 0-4 s; y on b: 0-4 s; z on b: 4-6 s. */
const schedule: Schedule = {
  tasks: [
    { vm: 0, startSeconds: 0, finishSeconds: 4, status: 'finished' },
    { vm: 1, startSeconds: 0, finishSeconds: 4, status: 'finished' },
    { vm: 1, startSeconds: 4, finishSeconds: 6, status: 'finished' },
  ],
  makespanSeconds: 6,
  busySeconds: [4, 6],
  cost: 4.6,
}

/** One task after another on each VM. */
function oneByOne(instance: Problem, assignment: readonly number[]): Schedule {
  const clock = new Float64Array(instance.vmCount)
  const tasks = assignment.map((vm, task) => {
    const startSeconds = clock[vm]!
    clock[vm]! += instance.lengthMi![task]! / instance.speedMips![vm]!
    return { vm, startSeconds, finishSeconds: clock[vm]!, status: 'finished' as const }
  })
  return { tasks, makespanSeconds: Math.max(0, ...clock), busySeconds: [...clock], cost: null }
}

function uniformProblem(taskCount: number, vmCount: number): Problem {
  const lengthMi = Array.from({ length: taskCount }, (_, i) => 1000 + ((7919 * i) % 9000))
  return createProblem({
    tasks: { lengthMi },
    vms: { speedMips: Array.from({ length: vmCount }, (_, j) => 500 + 100 * (j % 5)) },
  })
}

function resultWith(history: readonly HistoryPoint[], solver = 'search', evaluations = 100): SolveResult {
  return startRun(solver, problem, {}, {}, {}).finish({ assignment: [0, 1, 1], history, evaluations, iterations: 10 })
}

async function expectSound(spec: VegaLiteSpec) {
  expect(JSON.parse(JSON.stringify(spec))).toEqual(spec)
  expect(schemaErrors(spec)).toEqual([])
  const drawn = await render(spec)
  expect(drawn.warnings).toEqual([])
  expect(drawn.svg).not.toMatch(/NaN|Infinity|undefined/)
  return drawn
}

/** As above, for a chart of nothing: that its axes have no extent is all there is to warn of. */
async function expectSoundWhenEmpty(spec: VegaLiteSpec) {
  expect(schemaErrors(spec)).toEqual([])
  const drawn = await render(spec)
  expect(drawn.warnings.filter((warning) => !warning.startsWith('Infinite extent'))).toEqual([])
  return drawn
}

describe('ganttSpec', () => {
  test('a bar per task, a row per VM, a rule at the makespan, names in the bars', async () => {
    const spec = ganttSpec(problem, schedule)
    expect(spec.data.values).toEqual([
      { task: 'x', vm: 'a', start: 0, finish: 4, role: 'other VMs', label: 'x' },
      { task: 'y', vm: 'b', start: 0, finish: 4, role: 'decides the makespan', label: 'y' },
      { task: 'z', vm: 'b', start: 4, finish: 6, role: 'decides the makespan', label: 'z' },
    ])
    const drawn = await expectSound(spec)
    expect(drawn.marks('rect')).toBe(3)
    expect(drawn.marks('rule')).toBe(1)
    expect(drawn.texts).toEqual(expect.arrayContaining(['a', 'b', 'x', 'y', 'z', 'makespan', 'time (s)', 'Schedule']))
    expect(drawn.texts.join()).toContain('3 tasks on 2 VMs  ·  makespan 6 s  ·  cost 4.600')
  })

  test('tasks that never finished are counted, not drawn', async () => {
    const tasks = [
      schedule.tasks[0]!,
      { vm: 1, startSeconds: 0, finishSeconds: null, status: 'running' as const },
      { vm: -1, startSeconds: null, finishSeconds: null, status: 'unplaced' as const },
    ]
    const drawn = await expectSound(ganttSpec(problem, { ...schedule, tasks, makespanSeconds: 4 }))
    expect(drawn.marks('rect')).toBe(1)
    expect(drawn.texts.join()).toContain('2 tasks not finished, not shown')
  })

  test('tasks that run side by side get lanes of their own', async () => {
    const at = (startSeconds: number, finishSeconds: number) => ({
      vm: 0,
      startSeconds,
      finishSeconds,
      status: 'finished' as const,
    })
    // [0, 4] and [1, 2] meet, [2, 6] starts when [1, 2] ends: lanes 0, 1, 1.
    const spec = ganttSpec(problem, { ...schedule, tasks: [at(0, 4), at(1, 2), at(2, 6)] })
    expect(spec.data.values.map(({ lane }: { lane: number }) => lane)).toEqual([0, 1, 1])
    expect((await expectSound(spec)).marks('rect')).toBe(3)
  })

  test('more than eight at once are shown by depth of colour', async () => {
    const crowd = uniformProblem(9, 1)
    const tasks = Array.from({ length: 9 }, (_, i) => ({
      vm: 0,
      startSeconds: i / 10,
      finishSeconds: 10 + i,
      status: 'finished' as const,
    }))
    const spec = ganttSpec(crowd, { tasks, makespanSeconds: 18, busySeconds: [18], cost: null })
    expect(spec.data.values[0]).not.toHaveProperty('lane')
    expect(spec.layer[0].mark.opacity).toBeLessThan(1)
    expect((await expectSound(spec)).marks('rect')).toBe(9)
  })

  test('2000 tasks on 50 VMs: all bars, no names', async () => {
    const large = uniformProblem(2000, 50)
    const drawn = await expectSound(ganttSpec(large, oneByOne(large, roundRobin(large).assignment)))
    expect(drawn.marks('rect')).toBe(2000)
    expect(drawn.marks('text')).toBe(1)
  })

  test('no tasks: an empty chart', async () => {
    const drawn = await expectSound(ganttSpec(empty, { tasks: [], makespanSeconds: 0, busySeconds: [0], cost: null }))
    expect(drawn.marks('rect')).toBe(0)
  })

  test('bars of a lane never overlap', () => {
    const span = fc.record({
      vm: fc.integer({ min: 0, max: 1 }),
      start: fc.integer({ min: 0, max: 20 }),
      length: fc.integer({ min: 1, max: 5 }),
    })
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 12 }), (spans) => {
        const instance = uniformProblem(spans.length, 2)
        const tasks = spans.map(({ vm, start, length }) => ({
          vm,
          startSeconds: start,
          finishSeconds: start + length,
          status: 'finished' as const,
        }))
        const bars: { vm: string; lane?: number; start: number; finish: number }[] = ganttSpec(instance, {
          tasks,
          makespanSeconds: 25,
          busySeconds: [],
          cost: null,
        }).data.values
        if (bars.every(({ lane }) => lane === undefined)) return
        for (const [i, a] of bars.entries()) {
          for (const b of bars.slice(i + 1)) {
            if (a.vm === b.vm && a.lane === b.lane) expect(a.finish <= b.start || b.finish <= a.start).toBe(true)
          }
        }
      }),
    )
  })
})

describe('loadSpec', () => {
  test('a bar per VM with its seconds, a rule at the makespan', async () => {
    // a: 400 / 100 = 4 s; b: 300 / 50 = 6 s.
    const spec = loadSpec(problem, evaluate(problem, [0, 1, 1]))
    expect(spec.data.values).toEqual([
      { vm: 'a', seconds: 4, role: 'other VMs', cost: 4, label: '4' },
      { vm: 'b', seconds: 6, role: 'decides the makespan', cost: expect.closeTo(0.6, 12), label: '6' },
    ])
    const drawn = await expectSound(spec)
    expect(drawn.marks('rect')).toBe(2)
    expect(drawn.marks('rule')).toBe(1)
    // Two numbers, and the word at the rule.
    expect(drawn.marks('text')).toBe(3)
  })

  test('no tasks: no figures that are not defined', async () => {
    expect((await expectSound(loadSpec(empty, evaluate(empty, [])))).texts.join()).toContain('makespan 0 s')
  })

  test('many VMs: bars without numbers', async () => {
    const large = uniformProblem(300, 200)
    const drawn = await expectSound(loadSpec(large, roundRobin(large).evaluation))
    expect(drawn.marks('rect')).toBe(200)
    expect(drawn.marks('text')).toBe(1)
  })
})

describe('convergenceSpec', () => {
  const history = [
    { iteration: 1, evaluations: 0, best: 3, mean: 4 },
    { iteration: 5, evaluations: 50, best: 2, mean: 2.5 },
  ]

  test('a line per solver that ends where the run ends, thin lines of the means, the bound', async () => {
    const spec = convergenceSpec({
      one: resultWith(history),
      two: resultWith(history.map(({ iteration, evaluations, best }) => ({ iteration, evaluations, best }))),
    })
    const est = resultWith([]).evaluation.est
    expect(spec.data.values.filter(({ solver }: { solver: string }) => solver === 'one')).toEqual([
      { solver: 'one', effort: 1, best: 3, mean: 4, isEnd: false },
      { solver: 'one', effort: 50, best: 2, mean: 2.5, isEnd: false },
      { solver: 'one', effort: 100, best: est, mean: null, isEnd: true },
    ])
    const drawn = await expectSound(spec)
    expect(drawn.marks('line')).toBe(3)
    expect(drawn.marks('symbol')).toBe(2)
    expect(drawn.marks('rule')).toBe(1)
    expect(drawn.texts).toContain('lower bound')
  })

  test('a rule of one pass is a point; efforts of different size get a logarithmic axis', async () => {
    const spec = convergenceSpec([roundRobin(problem), resultWith(history, 'search', 5000)])
    expect(spec.layer[0].encoding.x.scale.type).toBe('log')
    const drawn = await expectSound(spec)
    expect(drawn.texts).toEqual(expect.arrayContaining(['round-robin', 'search', '10', '1k']))
  })

  test('a list names solvers that occur twice', () => {
    const { values } = convergenceSpec([roundRobin(problem), roundRobin(problem)]).data
    expect(values.map(({ solver }: { solver: string }) => solver)).toEqual(['round-robin', 'round-robin #2'])
  })

  test('gaps to the bound in per cent, what is optimal at the left edge of the logarithm', async () => {
    const bound = resultWith([]).bound!
    const at = (gap: number) => bound + Math.log(1 + gap)
    const spec = convergenceSpec(
      {
        one: resultWith([
          { iteration: 1, evaluations: 1, best: at(0.5) },
          { iteration: 2, evaluations: 2, best: at(0.01) },
          { iteration: 3, evaluations: 3, best: bound },
        ]),
      },
      { measure: 'gap' },
    )
    const gaps = spec.data.values.map(({ best }: { best: number }) => Number(best.toFixed(6)))
    expect(gaps.slice(0, 3)).toEqual([50, 1, 0.5])
    const drawn = await expectSound(spec)
    expect(drawn.texts).toContain('gap to the lower bound (%), logarithmic')
    expect(drawn.marks('rule')).toBe(0)
    const unknown = { ...resultWith([]), bound: null }
    expect(() => convergenceSpec([unknown], { measure: 'gap' })).toThrow(/results with a bound/)
  })

  test('by iterations; without est there is nothing to draw', async () => {
    const spec = convergenceSpec([resultWith(history)], { by: 'iterations' })
    expect(spec.data.values.map(({ effort }: { effort: number }) => effort)).toEqual([1, 5, 10])
    await expectSound(spec)
    expect((await expectSoundWhenEmpty(convergenceSpec([roundRobin(empty)]))).marks('line')).toBe(0)
  })
})

describe('paretoSpec', () => {
  test('a staircase through the front, rings for what it dominates', async () => {
    const points = [
      { timeSeconds: 3, cost: 1 },
      { timeSeconds: 1, cost: 3 },
      { timeSeconds: 3, cost: 3 },
    ]
    const spec = paretoSpec({ search: points, lpt: [{ timeSeconds: 2, cost: 2 }] })
    expect(spec.data.values).toEqual([
      { set: 'search', timeSeconds: 1, cost: 3, isBest: true, area: 42 },
      { set: 'search', timeSeconds: 3, cost: 3, isBest: false, area: 42 },
      { set: 'search', timeSeconds: 3, cost: 1, isBest: true, area: 42 },
      { set: 'lpt', timeSeconds: 2, cost: 2, isBest: true, area: 42 },
    ])
    const drawn = await expectSound(spec)
    expect(drawn.marks('symbol')).toBe(4)
    expect(drawn.marks('line')).toBe(2)
  })

  test('without dominated points no word of rings', async () => {
    const drawn = await expectSound(paretoSpec({ lpt: [{ timeSeconds: 2, cost: 2 }] }))
    expect(drawn.texts.join()).not.toContain('rings')
  })

  test('an empty front', async () => {
    expect((await expectSoundWhenEmpty(paretoSpec({ none: [] }))).marks('symbol')).toBe(0)
  })
})

describe('comparisonSpec', () => {
  const fixed =
    (...assignment: number[]): Solver =>
    (instance, options = {}) =>
      startRun('fixed', instance, options, {}, {}).finish({ assignment, evaluations: 1, iterations: 1 })
  const broken: Solver = () => {
    throw new Error('no')
  }
  // (0, 1, 1): 6 s and cost 4.6, product 27.6; (1, 1, 1): 14 s and cost 1.4, product 19.6: better at weight 0.5.
  const rows = compare({ bad: fixed(0, 1, 1), good: fixed(1, 1, 1), broken }, { problem }, { seeds: 3 })

  test('a mean per solver, best on top, a tick per run; solvers that failed are not there', async () => {
    const spec = comparisonSpec(rows)
    expect(spec.layer[0].encoding.y.sort).toEqual(['good', 'bad'])
    const drawn = await expectSound(spec)
    expect(drawn.marks('symbol')).toBe(2)
    // Ticks are rects in SVG: three runs of two solvers.
    expect(drawn.marks('rect')).toBe(6)
    expect(drawn.texts).toEqual(expect.arrayContaining(['good', 'bad', 'gap to the lower bound (%)']))
  })

  test.each(['est', 'timeSeconds', 'cost', 'load', 'milliseconds', 'evaluations'] as const)('of %s', async (metric) => {
    expect((await expectSound(comparisonSpec(rows, { metric }))).marks('symbol')).toBe(2)
  })

  test('gaps over decades: a logarithmic axis, 0 at its left edge', async () => {
    const gaps = [0, 0.0001, 0.01, 0.5]
    const wide = gaps.map((gap, k) => ({ ...rows[0]!, solver: `s${k}`, gap }))
    const spec = comparisonSpec(wide)
    expect(spec.layer[0].encoding.x.scale).toMatchObject({ type: 'log', domainMin: 0.005 })
    const means = spec.data.values.filter(({ kind }: { kind: string }) => kind === 'mean')
    expect(means.map(({ mean, label }: { mean: number; label: string }) => [mean, label])).toEqual([
      [0.005, '0 %'],
      [0.01, '0.0100 %'],
      [1, '1 %'],
      [50, '50 %'],
    ])
    await expectSound(spec)
  })

  test('no rows', async () => {
    expect((await expectSoundWhenEmpty(comparisonSpec([]))).marks('symbol')).toBe(0)
  })
})

test.each([
  () => ganttSpec(problem, schedule, { titel: 'x' } as object),
  () => loadSpec(problem, evaluate(problem, [0, 1, 1]), { title: 1 } as object),
  () => convergenceSpec([], { by: 'time' } as object),
  () => paretoSpec({}, { colour: 'red' } as object),
  () => comparisonSpec([], { metric: 'speed' } as object),
])('options are checked: %s', (draw) => {
  expect(draw).toThrow(expect.objectContaining({ code: 'invalid-option' }))
})

test('the schema finds what these charts are checked for', () => {
  const spec = lineSpec([], { title: '', xTitle: '', yTitle: '' })
  expect(schemaErrors({ ...spec, layer: [{ mark: { type: 'bar', opacty: 1 } }] })).not.toEqual([])
})

describe('lineSpec', () => {
  test('a line per series, an interval where there is one', async () => {
    const points = ['a', 'b'].flatMap((series) =>
      [10, 20, 30].map((x) => ({ series, x, y: 2 * x, ...(series === 'a' ? { low: x, high: 3 * x } : {}) })),
    )
    const drawn = await expectSound(lineSpec(points, { title: 'Time', xTitle: 'tasks', yTitle: 'seconds' }))
    expect(drawn.marks('line')).toBe(2)
    expect(drawn.marks('symbol')).toBe(6)
    expect(drawn.marks('rule')).toBe(3)
    expect(drawn.texts).toEqual(expect.arrayContaining(['tasks', 'seconds', 'Time']))
  })
})
