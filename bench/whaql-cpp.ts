/**
 * WHAQL as printed beside the same loop in C++ (-O3): identical assignments, and the ratio of the times at several sizes.
 * Both sides repeat the run in a process of their own, by turns. Says so and stops where there is no compiler.
 *
 *   npx tsx bench/whaql-cpp.ts
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProblem } from 'cloudsched'
import { paperInstance } from 'cloudsched/workload'
import { buildSync } from 'esbuild'
import { createRng } from './alea.ts'
import { median, writePage } from './evidence-page.ts'

interface Size {
  readonly tasks: number
  readonly vms: number
  readonly episodes: number
  readonly instances: number
  readonly runs: number
}

const sizes: readonly Size[] = [
  { tasks: 20, vms: 5, episodes: 5000, instances: 10, runs: 60 },
  { tasks: 50, vms: 5, episodes: 5000, instances: 3, runs: 20 },
  { tasks: 100, vms: 10, episodes: 2000, instances: 3, runs: 20 },
  { tasks: 1000, vms: 50, episodes: 100, instances: 3, runs: 12 },
]

const compiler = ['g++', 'clang++'].find((name) => spawnSync(name, ['--version']).status === 0)
if (!compiler) {
  console.log('No C++ compiler found: nothing compared.')
  process.exit(0)
}
const folder = mkdtempSync(join(tmpdir(), 'cloudsched-cpp-'))
const flags = ['-std=c++17', '-O3', '-march=native', '-ffp-contract=off']

function compile(name: string, ...more: string[]): string {
  const program = join(folder, name)
  execFileSync(compiler!, [...flags, ...more, '-o', program, join(import.meta.dirname, 'cpp/whaql-paper.cpp')])
  return program
}

const zeroed = compile('zeroed')
const vectors = compile('vectors', '-DVECTORS')
// Bundled as the package is built; a loader that compiles each file by itself yields slower code.
const bundle = join(folder, 'whaql-paper.mjs')
buildSync({
  entryPoints: [join(import.meta.dirname, 'cpp/whaql-paper.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'es2022',
})

interface Runs {
  readonly milliseconds: readonly number[]
  readonly states: number
  readonly assignment: readonly number[]
}

function inCpp(program: string, { tasks, vms, episodes, runs }: Size, seed: number): Runs {
  const problem = createProblem(paperInstance({ taskCount: tasks, vmCount: vms, seed }))
  const { s0, s1, s2, c } = createRng(`${seed}/rl/episodes`).state()
  const settings = [tasks, vms, episodes, 0.9, 0.1, 0.9, 1, 0.5, s0, s1, s2, c]
  const input = [...settings, ...problem.lengthMi!, ...problem.speedMips!, ...problem.pricePerSecond!].join(' ')
  const [times, states, assignment] = execFileSync(program, [String(runs)], { input })
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' ').map(Number))
  return { milliseconds: times!, states: states![0]!, assignment: assignment! }
}

function inTypeScript({ tasks, vms, episodes, runs }: Size, seed: number, ...nodeFlags: string[]): Runs {
  return JSON.parse(
    execFileSync(process.execPath, [
      ...nodeFlags,
      bundle,
      ...[tasks, vms, episodes, seed, runs].map(String),
    ]).toString(),
  )
}

/** The second half of the runs: the engine has compiled the loop, and both allocators know the sizes. */
const warm = ({ milliseconds }: Runs) => median(milliseconds.slice(milliseconds.length >> 1))
const first = ({ milliseconds }: Runs) => milliseconds[0]!

let identical = 0
const measured = sizes.map((size) => {
  const rows = Array.from({ length: size.instances }, (_, k) => {
    const [ours, theirs, withVectors] = [
      inTypeScript(size, k + 1),
      inCpp(zeroed, size, k + 1),
      inCpp(vectors, size, k + 1),
    ]
    for (const other of [theirs, withVectors]) {
      if (other.assignment.join() !== ours.assignment.join() || other.states !== ours.states)
        throw new Error(`${size.tasks} x ${size.vms}, seed ${k + 1}: the assignments differ`)
    }
    identical++
    return { ours, theirs, withVectors }
  })
  const middle = (figure: (row: (typeof rows)[number]) => number) => median(rows.map(figure))
  return {
    size,
    states: middle(({ ours }) => ours.states),
    ours: middle(({ ours }) => warm(ours)),
    theirs: middle(({ theirs }) => warm(theirs)),
    vectors: middle(({ withVectors }) => warm(withVectors)),
    toTheirs: middle(({ ours, theirs }) => warm(ours) / warm(theirs)),
    toVectors: middle(({ ours, withVectors }) => warm(ours) / warm(withVectors)),
    toFirst: middle(({ ours, withVectors }) => warm(ours) / first(withVectors)),
    firstOurs: middle(({ ours }) => first(ours)),
    firstTheirs: middle(({ theirs }) => first(theirs)),
  }
})

interface Profile {
  readonly nodes: readonly {
    readonly callFrame: { readonly functionName: string; readonly url: string }
    readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[]
  }[]
}

/** Share of the samples of a profile by function; what the engine has inlined counts where it stands in the source. */
function sharesOfTime(): [name: string, share: number][] {
  inTypeScript({ ...sizes[0]!, runs: 300 }, 1, '--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${folder}`)
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'))!
  const { nodes } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile
  const functionAt: string[] = []
  let current = ''
  for (const line of readFileSync(bundle, 'utf8').split('\n')) {
    current = /^\s*(?:function\*? (\w+)|(me\.next) = )/.exec(line)?.slice(1).find(Boolean) ?? current
    functionAt.push(current)
  }
  const ticksBy = new Map<string, number>()
  let all = 0
  for (const { callFrame, positionTicks = [] } of nodes) {
    for (const { line, ticks } of positionTicks) {
      const name = callFrame.url.endsWith('.mjs') ? functionAt[line - 1]! : callFrame.functionName || 'engine'
      ticksBy.set(name, (ticksBy.get(name) ?? 0) + ticks)
      all += ticks
    }
    if (callFrame.functionName === '(garbage collector)') {
      const ticks = (nodes.find((node) => node.callFrame === callFrame) as { hitCount?: number }).hitCount ?? 0
      if (positionTicks.length === 0) {
        ticksBy.set('garbage collector', ticks)
        all += ticks
      }
    }
  }
  return [...ticksBy].map(([name, ticks]): [string, number] => [name, ticks / all]).sort(([, a], [, b]) => b - a)
}

const shares = sharesOfTime()
rmSync(folder, { recursive: true })

const rowsOf = measured.map((row) => {
  const { tasks, vms, episodes } = row.size
  const cells = [row.ours, row.theirs, row.vectors].map((ms) => ms.toFixed(1))
  const ratios = [row.toTheirs, row.toVectors, row.toFirst].map((ratio) => ratio.toFixed(2))
  const firsts = [row.firstOurs, row.firstTheirs].map((ms) => ms.toFixed(1))
  return `| ${[`${tasks} x ${vms}`, episodes, row.states, ...cells, ...ratios, ...firsts].join(' | ')} |`
})
const typical = measured[0]!
const goal = 1.5
const verdict = `At ${typical.size.tasks} x ${typical.size.vms} the goal of ${goal} is ${typical.toTheirs <= goal ? 'reached' : 'missed'} beside C++ with zeroed memory (${typical.toTheirs.toFixed(2)}) and ${typical.toVectors <= goal ? 'reached' : 'missed'} beside C++ with vectors (${typical.toVectors.toFixed(2)}).`
writePage({
  name: 'whaql-cpp',
  title: 'WHAQL as printed, beside C++',
  command: 'npx tsx bench/whaql-cpp.ts',
  seeds: `instances and solver 1-${Math.max(...sizes.map(({ instances }) => instances))}`,
  body: `The C++ program (bench/cpp/whaql-paper.cpp, ${compiler} ${flags.join(' ')}) computes the same operations on the same random stream, in two forms: with the memory of src/rl (4 MiB zeroed at the start, then doubled) and, as it is usually written, with vectors that double from 1024 states. The TypeScript is bundled as the package is built (esbuild, ES2022). Weight 0.5. Each side repeats the run in a process of its own; milliseconds of processor time, the engine's compiler and garbage collector included. *Warm* is the median of the second half of the runs, *first* the first run of a process; each figure is the median over the instances (${sizes.map(({ tasks, vms, instances }) => `${instances} of ${tasks} x ${vms}`).join(', ')}). Identical assignments and numbers of states: ${identical} of ${sizes.reduce((sum, { instances }) => sum + instances, 0)}.

| tasks x VMs | episodes | states | TypeScript warm, ms | C++ zeroed, warm | C++ vectors, warm | ratio to zeroed | ratio to vectors | ratio to vectors, their first run | TypeScript first, ms | C++ zeroed, first |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${rowsOf.join('\n')}

${verdict} The third ratio is a warm engine beside a C++ program that starts each time.

## Where the time goes

Samples of 300 runs at ${typical.size.tasks} x ${typical.size.vms}, by the function in which they stand in the source, inlined or not:

| function | share |
|---|---:|
${shares
  .slice(0, 14)
  .map(([name, share]) => `| ${name} | ${(100 * share).toFixed(1)} % |`)
  .join('\n')}`,
})
console.log(verdict)
