/**
 * The stream scheduler in 100 000 random interleavings of events with losses, repetitions, reordering and restarts:
 * `npx tsx bench/live-simulation.ts [interleavings]`. Writes docs/results/live-simulation.md.
 */
import { markdownTable } from 'cloudsched/report'
import seedrandom from 'seedrandom'
import { writePage } from './evidence-page.ts'
import { runWorld, type WorldCounts } from './live-world.ts'
import { runShared } from './shared-world.ts'

const interleavings = Number(process.argv[2] ?? 100_000)
const steps = 40

const totals: WorldCounts = { steps: 0, placements: 0, evictions: 0, restarts: 0, refusals: 0, comparisons: 0 }
const start = process.cpuUsage()
for (let seed = 0; seed < interleavings; seed++) {
  const counts = runWorld(seedrandom.alea(`interleaving ${seed}`), steps)
  for (const key of Object.keys(totals) as (keyof WorldCounts)[]) totals[key] += counts[key]
}
const { user, system } = process.cpuUsage(start)

/** Several schedulers on shared machines: how often their decisions come too late. */
const sharedRuns = 100
const shared = [1, 2, 4, 8, 16].flatMap((schedulers) =>
  (['room', 'revision'] as const).map((rule) => {
    let [proposals, conflicts, repetitions] = [0, 0, 0]
    for (let seed = 0; seed < sharedRuns; seed++) {
      const counts = runShared(seedrandom.alea(`shared ${seed}`), schedulers, 48, rule)
      proposals += counts.proposals
      conflicts += counts.conflicts
      repetitions += counts.repetitions
    }
    return {
      schedulers,
      'conflict where': rule === 'room' ? 'no room is left' : 'the machine has changed',
      'proposals a task': proposals / (48 * sharedRuns),
      'conflicts %': (100 * conflicts) / proposals,
      'commits that arrived twice': repetitions,
    }
  }),
)

writePage({
  name: 'live-simulation',
  title: 'The stream scheduler where everything goes wrong',
  command: 'npx tsx bench/live-simulation.ts',
  seeds: `'interleaving 0' to 'interleaving ${interleavings - 1}'`,
  body: `${interleavings} runs of ${steps} random steps each, followed by a calm end in which all work must finish. Reports of tasks and machines
are lost (15 %), repeated (15 % of acknowledgements are lost) and arrive in any order; machines come, go and shrink under their
tasks; the process dies before or after it has written its snapshot and goes on from the last one. After each step: every
accepted task is in exactly one place, no machine was given more than it has, every running task stands where it was decided
to, attempts are counted without a gap; a copy from a snapshot that went through JSON decides as its original. No run broke any of it.

${markdownTable([
  {
    interleavings,
    steps: totals.steps,
    placements: totals.placements,
    evictions: totals.evictions,
    restarts: totals.restarts,
    'refused reports': totals.refusals,
    'compared copies': totals.comparisons,
    'processor s': Math.round((user + system) / 1e6),
  },
])}

## Several schedulers on shared machines

${sharedRuns} runs a row (seeds 'shared 0' to 'shared ${sharedRuns - 1}') of 48 tasks: each scheduler decides on a copy of the shared state that is as
old as chance has it, commits arrive late or twice. In no run was a task placed twice or lost, or a machine given more than it
has. Conflicts count proposals that were refused, those of commits that arrived twice among them.

${markdownTable(shared)}`,
})
