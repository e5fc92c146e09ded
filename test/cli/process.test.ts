import { execFileSync, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { folderWith } from './run-in-process.ts'

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The command as a process, as a shell would start it. */
function start(argv: readonly string[], nodeOptions: readonly string[] = []) {
  const child = spawn(process.execPath, ['--import', 'tsx', ...nodeOptions, 'src/cli/main.ts', ...argv])
  const ended = new Promise<Ended>((resolve) => {
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { child, ended }
}

const files = { 'tasks.csv': 'lengthMi\n400\n200\n', 'vms.csv': 'speedMips\n100\n100\n' }

test('a pipe gets pure JSON', async () => {
  const folder = await folderWith(files)
  const { code, stdout, stderr } = await start(['solve', folder.at('tasks.csv'), folder.at('vms.csv')]).ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(JSON.parse(stdout).evaluation.timeSeconds).toBe(4)
})

test('bad input ends with 2', async () => {
  const { code, stdout, stderr } = await start(['solve', 'nowhere.json']).ended
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('Cannot read nowhere.json')
})

test('without vega a drawn chart names the command that installs it, before the search', async () => {
  const resolve = `export const resolve = (name, context, next) => {
    if (name === 'vega') throw Object.assign(new Error('no vega'), { code: 'ERR_MODULE_NOT_FOUND' })
    return next(name, context)
  }`
  const register = `import { register } from 'node:module'; register('./resolve.mjs', import.meta.url)`
  const folder = await folderWith({ ...files, 'resolve.mjs': resolve, 'hide-vega.mjs': register })
  const argv = ['solve', folder.at('tasks.csv'), folder.at('vms.csv'), '--chart', folder.at('gantt.svg')]
  const { code, stderr } = await start(argv, ['--import', pathToFileURL(folder.at('hide-vega.mjs')).href]).ended
  expect(stderr).toContain('npm install vega vega-lite')
  expect(code).toBe(2)
  expect(await folder.names()).not.toContain('gantt.svg')
})

test.skipIf(process.platform === 'win32')('Ctrl-C ends with 130 and the best so far', async () => {
  const folder = await folderWith({
    'vms.csv': `speedMips\n${Array.from({ length: 20 }, (_, vm) => 400 + 31 * vm).join('\n')}\n`,
  })
  // The process waits for this pipe to be opened: from then on it listens to signals.
  execFileSync('sh', ['-c', 'mkfifo "$0"', folder.at('tasks.csv')])
  const { child, ended } = start([
    'solve',
    folder.at('tasks.csv'),
    folder.at('vms.csv'),
    '--time-limit-ms',
    '60000',
    '--out',
    folder.at('plan.json'),
  ])
  const lengths = Array.from({ length: 500 }, (_, task) => 60_000 + 113 * task)
  await writeFile(folder.at('tasks.csv'), `lengthMi\n${lengths.join('\n')}\n`)
  setTimeout(() => child.kill('SIGINT'), 500)
  const { code, stdout, stderr } = await ended
  expect(stderr).toContain('Interrupted: this is the best schedule so far')
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
  expect(JSON.parse(await readFile(folder.at('plan.json'), 'utf8')).status).toBe('aborted')
})
