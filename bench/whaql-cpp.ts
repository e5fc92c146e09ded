/**
 * WHAQL as printed beside the same loop in C++ (-O3): identical assignments, and the ratio of the times, one run of each
 * by turns on every instance. Says so and stops where there is no compiler.
 *
 *   npx tsx bench/whaql-cpp.ts [--tasks 20] [--instances 20]
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createProblem, whaql } from 'cloudsched'
import { paperInstance } from 'cloudsched/workload'
import { createRng } from './alea.ts'
import { mean, median, writePage } from './evidence-page.ts'

const { values } = parseArgs({
  options: { tasks: { type: 'string', default: '20' }, instances: { type: 'string', default: '20' } },
})
const compiler = ['g++', 'clang++'].find((name) => spawnSync(name, ['--version']).status === 0)
if (!compiler) {
  console.log('No C++ compiler found: nothing compared.')
  process.exit(0)
}
const folder = mkdtempSync(join(tmpdir(), 'cloudsched-cpp-'))
const program = join(folder, 'whaql-paper')
execFileSync(compiler, [
  '-O3',
  '-march=native',
  '-ffp-contract=off',
  '-o',
  program,
  join(import.meta.dirname, 'cpp/whaql-paper.cpp'),
])

const taskCount = Number(values.tasks)
const seeds = Array.from({ length: Number(values.instances) }, (_, seed) => seed + 1)
const input = { episodes: 5000, exploitation: 0.9, learningRate: 0.1, discount: 0.9, influence: 1, timeWeight: 0.5 }

const rows = seeds.flatMap((seed) => {
  const problem = createProblem(paperInstance({ taskCount, seed }))
  const { s0, s1, s2, c } = createRng(`${seed}/rl/episodes`).state()
  const { episodes, exploitation, learningRate, discount, influence, timeWeight } = input
  const text = [
    taskCount,
    problem.vmCount,
    episodes,
    exploitation,
    learningRate,
    discount,
    influence,
    timeWeight,
    s0,
    s1,
    s2,
    c,
    ...problem.lengthMi!,
    ...problem.speedMips!,
    ...problem.pricePerSecond!,
  ].join(' ')
  return [0, 1, 2].map(() => {
    const start = process.cpuUsage()
    const ours = whaql(problem, { preset: 'paper', seed, ...input })
    const used = process.cpuUsage(start)
    const milliseconds = (used.user + used.system) / 1000
    const [theirMs, theirEst, theirAssignment] = execFileSync(program, { input: text }).toString().trim().split('\n')
    if (theirAssignment!.trim() !== ours.assignment.join(' '))
      throw new Error(`seed ${seed}: the assignments differ, est ${theirEst} in C++, ${ours.evaluation.est} here`)
    return { ours: milliseconds, theirs: Number(theirMs), gap: ours.gap! }
  })
})
rmSync(folder, { recursive: true })
// The first instances warm the compiler of the engine up.
const warm = rows.slice(Math.min(9, rows.length - 1))
const ratio = median(warm.map((row) => row.ours / row.theirs))
writePage({
  name: 'whaql-cpp',
  title: 'WHAQL as printed, beside C++',
  command: 'npx tsx bench/whaql-cpp.ts',
  seeds: `instances and solver 1-${seeds.length}`,
  body: `${taskCount} tasks x 5 VMs, weight 0.5, 5000 episodes, three runs of either program by turns on each of ${seeds.length} instances; the C++ program (bench/cpp/whaql-paper.cpp, ${compiler} -O3 -march=native) computes the same operations on the same random stream. Identical assignments: ${rows.length} of ${rows.length}. Processor time on both sides, the engine's compiler and garbage collector included; the C++ program starts cold each time.\n\n| | median ms | least ms |\n|---|---:|---:|\n| TypeScript | ${median(warm.map((row) => row.ours)).toFixed(1)} | ${Math.min(...warm.map((row) => row.ours)).toFixed(1)} |\n| C++ | ${median(warm.map((row) => row.theirs)).toFixed(1)} | ${Math.min(...warm.map((row) => row.theirs)).toFixed(1)} |\n\nMedian ratio ${ratio.toFixed(2)}. Mean gap of the schedules ${mean(rows.map(({ gap }) => 100 * gap)).toFixed(2)} %.`,
})
console.log(`median ratio ${ratio.toFixed(2)}`)
