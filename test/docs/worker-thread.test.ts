import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { createProblem, whaql } from '../../src/index.ts'
import { samplesOf } from './samples.ts'

const page = 'docs/how-to/worker-thread.md'

const problem = createProblem({
  tasks: [{ lengthMi: 4000 }, { lengthMi: 7000 }, { lengthMi: 3000 }],
  vms: [{ speedMips: 100 }, { speedMips: 50 }],
})

test('the ten lines of the page solve in a real worker, to the same bit, and pass errors on', () => {
  mkdirSync('.cache', { recursive: true })
  const folder = mkdtempSync(resolve('.cache/worker-'))
  const [worker, caller] = samplesOf(page, readFileSync(page, 'utf8'))
  writeFileSync(join(folder, 'solve-worker.ts'), worker!.source)
  writeFileSync(join(folder, 'solve.ts'), caller!.source)
  writeFileSync(
    join(folder, 'main.mts'),
    `import { createProblem } from 'cloudsched'
    import { solve } from './solve.ts'
    const problem = createProblem({ tasks: [{ lengthMi: 4000 }, { lengthMi: 7000 }, { lengthMi: 3000 }], vms: [{ speedMips: 100 }, { speedMips: 50 }] })
    const result = await solve(problem, { seed: 1, episodes: 300 })
    const error = await solve(problem, { episodes: -1 }).catch(({ code, findings, message }) => ({ code, path: findings[0].path, message }))
    console.log(JSON.stringify({ result, error }))`,
  )
  const output = execFileSync('npx', ['tsx', join(folder, 'main.mts')], { stdio: ['ignore', 'pipe', 'pipe'] })
  rmSync(folder, { recursive: true })
  const { result, error } = JSON.parse(output.toString())
  expect(result).toEqual(JSON.parse(JSON.stringify(whaql(problem, { seed: 1, episodes: 300 }))))
  expect(error).toMatchObject({ code: 'invalid-option', path: 'options.episodes' })
  expect(error.message).toContain('options.episodes must be')
}, 30_000)

test('the example goes on answering, shows progress, and stops with the best so far', () => {
  const output = execFileSync('npx', ['tsx', 'examples/09-worker-thread.ts'], { stdio: ['ignore', 'pipe', 'pipe'] })
  expect(output.toString().trim().split('\n')).toEqual([
    'same schedule as in this thread: true',
    'stopped early: aborted, with a schedule',
    'this thread stayed free: true, reports came in: true',
  ])
}, 30_000)
