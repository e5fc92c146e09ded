import { describe, expect, test } from 'vitest'
import { runShared } from '../../../bench/shared-world.ts'
import { commitProposals, createScheduler, proposePlacements } from '../../../src/live/index.ts'
import { createRng } from '../../../src/random/rng.ts'

function two() {
  const shared = createScheduler()
  for (const id of ['m0', 'm1']) shared.machineChanged({ id, capacity: { cpu: 2 } })
  for (const id of ['a', 'b']) shared.submit({ id, demand: { cpu: 2 } })
  const replica = shared.snapshot()
  return { shared, replica }
}

describe('two schedulers with the same old picture', () => {
  test('want the same machine; the second one is told, looks again and takes the other', () => {
    const { shared, replica } = two()
    const first = proposePlacements(replica, (task) => task === 'a', 0)
    const second = proposePlacements(replica, (task) => task === 'b', 0)
    expect([first[0]!.machine, second[0]!.machine]).toEqual(['m0', 'm0'])
    expect(commitProposals(shared, first, 0)).toMatchObject({
      placements: [{ task: 'a', machine: 'm0' }],
      conflicts: [],
    })
    const refused = commitProposals(shared, second, 0)
    expect(refused.placements).toEqual([])
    expect(refused.conflicts[0]).toMatchObject({ task: 'b', reason: expect.stringContaining('needs 2 cpu, 0 free') })
    const again = proposePlacements(shared.snapshot(), (task) => task === 'b', 1)
    expect(commitProposals(shared, again, 1).placements).toMatchObject([{ task: 'b', machine: 'm1' }])
  })

  test('a commit that arrives twice places nothing twice', () => {
    const { shared, replica } = two()
    const proposals = proposePlacements(replica, () => true, 0)
    expect(commitProposals(shared, proposals, 0).placements).toHaveLength(2)
    const again = commitProposals(shared, proposals, 1)
    expect(again.placements).toEqual([])
    expect(again.conflicts.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 2 }, () => 'the task does not wait any more'),
    )
    // Nor after it has failed and waits for its second attempt.
    shared.finished('a', { status: 'failed' })
    expect(commitProposals(shared, proposals, 2).conflicts[0]!.reason).toContain('has been placed 1 times')
  })

  test('by revisions any change of the machine is a conflict, its own placements are not', () => {
    const shared = createScheduler()
    shared.machineChanged({ id: 'm', capacity: { cpu: 9 } })
    for (const id of ['a', 'b', 'c']) shared.submit({ id, demand: { cpu: 1 } })
    const replica = shared.snapshot()
    const mine = proposePlacements(replica, (task) => task !== 'c', 0)
    const theirs = proposePlacements(replica, (task) => task === 'c', 0)
    expect(commitProposals(shared, mine, 0, 'revision').conflicts).toEqual([])
    expect(commitProposals(shared, theirs, 0, 'revision').conflicts).toMatchObject([
      { reason: 'the machine has changed since it was seen' },
    ])
    expect(commitProposals(shared, theirs, 0, 'room').placements).toHaveLength(1)
    expect(shared.machineRemoved('m')).toHaveLength(3)
    expect(commitProposals(shared, theirs, 0).conflicts).toHaveLength(1)
  })
})

test.each(['room', 'revision'] as const)(
  'in random interleavings nothing is lost, doubled or overfilled (%s)',
  (rule) => {
    let conflicts = 0
    let repetitions = 0
    for (let seed = 0; seed < 60; seed++) {
      const counts = runShared(createRng(`shared ${rule} ${seed}`), 1 + (seed % 5), 24, rule)
      conflicts += counts.conflicts
      repetitions += counts.repetitions
    }
    expect(conflicts).toBeGreaterThan(50)
    expect(repetitions).toBeGreaterThan(50)
  },
)
