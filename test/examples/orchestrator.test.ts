import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { conclude } from '../../examples/orchestrator/attempt-files.ts'
import { holdAlone } from '../../examples/orchestrator/only-one.ts'
import type { EndedTask } from '../../examples/orchestrator/orchestrator.ts'
import { stateFile } from '../../examples/orchestrator/state-file.ts'
import { chromium, openPage } from './headless-chromium.ts'

// Processes start slowly on a busy computer.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
let folder: string
const services: ChildProcess[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudsched-orchestrator-'))
})
afterAll(async () => {
  for (const service of services) await end(service, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** One process, so that a kill meets the service and no wrapper. */
async function start(
  name: string,
  log: 'inherit' | 'ignore' = 'inherit',
): Promise<{ readonly service: ChildProcess; readonly url: string }> {
  const options = ['--folder', join(folder, name), '--port', '0', '--stuck-seconds', '3']
  const args = ['--import', 'tsx', 'examples/orchestrator/main.ts', ...options]
  const service = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', log] })
  services.push(service)
  const [line] = (await once(createInterface({ input: service.stdout! }), 'line')) as [string]
  return { service, url: line }
}

async function end(service: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
  if (service.exitCode === null && service.signalCode === null) {
    const gone = once(service, 'exit')
    service.kill(signal)
    await gone
  }
  return service.exitCode
}

const json = { 'content-type': 'application/json' }

async function post(url: string, body: unknown, headers: Record<string, string> = json) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${url}tasks`, { method: 'POST', headers, body: text })
  return { status: response.status, body: JSON.parse(await response.text()) }
}

/** Of any shape: the expectations say which. */
async function get(url: string, path: string) {
  return JSON.parse(await (await fetch(`${url}${path}`)).text())
}

/** The status of a request that says it goes to another host. */
function statusFrom(host: string, url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => resolve(response.resume().statusCode))
      .once('error', reject)
      .end()
  })
}

async function until<T>(look: () => Promise<T | null | false | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found) return found
    await pause(50)
  }
}

/** All results that attempts left for tasks that have ended, in the folders of the tasks. */
function resultsOf(task: EndedTask): { readonly status: string }[] {
  const own = join(folder, 'killed', String(task.number))
  return readdirSync(own)
    .filter((name) => name.endsWith('.result.json'))
    .map((name) => JSON.parse(readFileSync(join(own, name), 'utf8')))
}

test('killed in the middle and started again: every task ends exactly once, what ran runs on', async () => {
  const { service, url } = await start('killed')
  const work = (k: number) =>
    [
      { kind: 'primes', below: 20_000 },
      { kind: 'wait', seconds: 0.2 },
      { kind: 'flaky', failures: 1 },
    ][k % 3]
  const ids = Array.from({ length: 12 }, (_, k) => `task-${k}`)
  for (const [k, id] of ids.entries()) {
    expect((await post(url, { id, work: work(k), demand: { cpu: 1 + (k % 2) } })).status).toBe(201)
  }
  await until(async () => (await get(url, 'state')).ended.length >= 2)
  const long = { id: 'long', priority: 1, work: { kind: 'wait', seconds: 3 } }
  expect((await post(url, long)).status).toBe(201)
  const before = await until(async () => {
    const state = await get(url, 'state')
    return (
      state.tasks.some(({ id, progress }: { id: string; progress: number }) => id === 'long' && progress > 0) && state
    )
  })
  // Acknowledged, and the service is killed at once.
  expect((await post(url, { id: 'last', work: { kind: 'primes', below: 100 } })).status).toBe(201)
  await end(service, 'SIGKILL')
  const killedMs = Date.now()

  const again = await start('killed')
  const tasks: EndedTask[] = await until(async () => {
    const { ended } = await get(again.url, 'state')
    return ended.length === ids.length + 2 && ended
  })
  expect(tasks.map(({ id }) => id).sort()).toEqual([...ids, 'last', 'long'].sort())
  for (const task of tasks) {
    expect(task.state).toBe('finished')
    // Whatever was tried, and by whom: one attempt of each task has finished.
    expect(resultsOf(task).filter(({ status }) => status === 'finished')).toHaveLength(1)
  }
  // What had been reported stands as it was reported.
  for (const task of before.ended) expect(tasks).toContainEqual(task)
  // 0 to 19 999 hold 2262 primes, 0 to 99 hold 25.
  const found = (id: string) => tasks.find((task) => task.id === id)!.last!
  expect(found('task-0').result.detail).toBe(2262)
  expect(found('last').result.detail).toBe(25)
  expect(found('task-2')).toMatchObject({ attempt: 2, result: { detail: 2 } })
  // The long one was at work when its orchestrator was killed, and is the same process still.
  expect(found('long').attempt).toBe(1)
  expect(found('long').result.startedMs).toBeLessThan(killedMs)
  expect(found('long').result.endedMs).toBeGreaterThan(killedMs)
  expect(await get(again.url, 'tasks/last')).toMatchObject({ state: 'finished', id: 'last' })
  expect(await end(again.service, 'SIGTERM')).toBe(0)
})

test('what cannot be written is not acknowledged, and ends the process', async () => {
  const { service, url } = await start('full', 'ignore')
  await post(url, { id: 'written', work: { kind: 'hang' }, demand: { cpu: 100 } })
  const gone = once(service, 'exit')
  // No file can be made where a folder stands.
  mkdirSync(join(folder, 'full', 'state.json.draft'))
  await expect(post(url, { id: 'unwritten', work: { kind: 'hang' } })).rejects.toThrow('fetch failed')
  expect(await gone).toEqual([1, null])
  const { scheduler } = JSON.parse(readFileSync(join(folder, 'full', 'state.json'), 'utf8'))
  expect(scheduler.waiting.map(({ task }: { task: { id: string } }) => task.id)).toEqual(['written'])
})

describe('one service', () => {
  let url: string
  beforeAll(async () => {
    url = (await start('one')).url
  })

  test('what is malformed, too long or from elsewhere is refused and changes nothing', async () => {
    const work = { kind: 'wait', seconds: 0 }
    await post(url, { id: 'stays', work, demand: { cpu: 100 } })
    const known = async () => ({ ...(await get(url, 'state')), atMs: 0 })
    const state = await known()
    const file = readFileSync(join(folder, 'one', 'state.json'), 'utf8')
    const refused = async (body: unknown, headers?: Record<string, string>) => {
      const answer = await post(url, body, headers)
      return [answer.status, answer.body.error.code]
    }
    expect(await refused('{"id":')).toEqual([400, 'json'])
    expect(await refused('[]')).toEqual([400, 'invalid-input'])
    expect(await refused({ id: 'x', work: { kind: 'rm -rf' } })).toEqual([400, 'invalid-input'])
    expect(await refused({ id: 'x', work, demand: { cpu: -1 } })).toEqual([400, 'invalid-input'])
    expect(await refused({ id: 'x', work, demand: { cpu: 1, gpu: -1 } })).toEqual([400, 'invalid-input'])
    expect(await refused({ id: '', work })).toEqual([400, 'invalid-input'])
    expect(await refused({ id: 'x', work, priority: 'high' })).toEqual([400, 'invalid-input'])
    expect(await refused({ id: 'x', work, prio: 1 })).toEqual([400, 'invalid-input'])
    expect(await refused({ id: 'stays', work })).toEqual([409, 'known'])
    expect(await refused(' '.repeat(65 * 1024))).toEqual([413, 'too-long'])
    expect(await refused({ id: 'x', work }, { 'content-type': 'text/plain' })).toEqual([415, 'content-type'])
    expect(await statusFrom('elsewhere.example', `${url}state`)).toBe(403)
    expect((await fetch(`${url}tasks/nobody`)).status).toBe(404)
    expect((await fetch(`${url}tasks/nobody`, { method: 'DELETE' })).status).toBe(404)
    expect((await fetch(`${url}tasks/%ff`)).status).toBe(400)
    expect((await fetch(`${url}nowhere`)).status).toBe(404)
    expect(await known()).toEqual(state)
    expect(readFileSync(join(folder, 'one', 'state.json'), 'utf8')).toBe(file)

    const why = await get(url, 'tasks/stays')
    expect(why.refusals[0]).toEqual({ machine: 'small', reasons: ['needs 100 cpu, 1 free'] })
    expect((await fetch(`${url}tasks/stays`, { method: 'DELETE' })).status).toBe(200)
    expect(await get(url, 'tasks/stays')).toMatchObject({ state: 'cancelled' })
  })

  test('machines never hold more than they have', async () => {
    const cores: Record<string, number> = { small: 1, medium: 2, large: 4 }
    // 2, 0.5 and 0.5 cores in turn: 13 in all, on 7.
    for (let k = 0; k < 13; k++) {
      await post(url, { id: `t${k}`, work: { kind: 'wait', seconds: 0.4 }, demand: { cpu: k % 3 === 0 ? 2 : 0.5 } })
    }
    const tasks: EndedTask[] = await until(async () => {
      const { ended, machines } = await get(url, 'state')
      for (const { id, booked } of machines) expect(booked).toBeLessThanOrEqual(cores[id]!)
      const own = ended.filter(({ id }: EndedTask) => /^t\d/.test(id))
      return own.length === 13 && own
    })
    // As the processes themselves say when they were at work.
    for (const at of tasks.map(({ last }) => last!)) {
      const beside = tasks.filter(({ last }) => {
        const { machine, result } = last!
        const isThen = result.startedMs <= at.result.startedMs && at.result.startedMs < result.endedMs
        return machine === at.machine && isThen
      })
      const booked = beside.reduce((sum, { id }) => sum + (Number(id.slice(1)) % 3 === 0 ? 2 : 0.5), 0)
      expect(booked).toBeLessThanOrEqual(cores[at.machine]!)
    }
  })

  test('an attempt that does not get on is found by the monitor and tried again; a cancelled one ends', async () => {
    await post(url, { id: 'stuck', work: { kind: 'hang' } })
    const state = await until(async () => {
      const now = await get(url, 'state')
      return now.tasks[0]?.attempt === 2 && now.tasks[0].progress !== null && now
    })
    expect(state.anomalies).toContainEqual(expect.objectContaining({ kind: 'stuck-task', subject: 'stuck, attempt 1' }))
    expect((await fetch(`${url}tasks/stuck`, { method: 'DELETE' })).status).toBe(200)
    expect(await get(url, 'state')).toMatchObject({ running: 0 })
    expect(await get(url, 'tasks/stuck')).toMatchObject({ state: 'cancelled', last: { attempt: 2 } })
  })

  test.skipIf(chromium === undefined)(
    'the page draws its charts in a real browser (skipped where no Chromium is installed)',
    async () => {
      const { finished } = await get(url, 'state')
      for (let k = 0; k < 4; k++)
        await post(url, { id: `<b>${k}</b>`, work: { kind: 'wait', seconds: 30 }, demand: { cpu: 0.5 } })
      const page = await openPage(url)
      try {
        const seen = await until(async () => {
          const text = await page.evaluate(`JSON.stringify({
      titles: [...document.querySelectorAll('h2')].map((title) => title.firstChild.textContent),
      courses: [...document.querySelectorAll('svg path.course')].map((path) => path.getTotalLength()),
      tiles: document.querySelector('#tiles').innerText,
      tasks: [...document.querySelectorAll('#running td:first-child')].map((cell) => cell.textContent),
    })`)
          const now = text ? JSON.parse(text as string) : {}
          return now.tasks?.length === 4 && now.courses.some((length: number) => length > 1) && now
        })
        expect(seen.titles.slice(0, 5)).toEqual([
          'small',
          'medium',
          'large',
          'Waiting and running tasks',
          'Finished since the left edge',
        ])
        // Two lines for each machine, two of the courses, one of what has finished.
        expect(seen.courses).toHaveLength(9)
        expect(seen.tiles.split(/\s+/).slice(0, 6)).toEqual([
          '0',
          'waiting',
          '4',
          'running',
          String(finished),
          'finished',
        ])
        expect(seen.tasks.sort()).toEqual(['<b>0</b>', '<b>1</b>', '<b>2</b>', '<b>3</b>'])
        await page.evaluate(`document.querySelector('#add').click()`)
        await until(async () => (await get(url, 'state')).running + (await get(url, 'state')).waiting >= 14)
        expect(page.errors).toEqual([])
      } finally {
        await page.close()
        for (const { id } of [...(await get(url, 'state')).queue, ...(await get(url, 'state')).tasks]) {
          await fetch(`${url}tasks/${encodeURIComponent(id)}`, { method: 'DELETE' })
        }
      }
    },
  )
})

describe('the parts', () => {
  const result = { status: 'finished', detail: 1, pid: 1, startedMs: 0, endedMs: 1 } as const

  test('what became of an attempt is said by who comes first', () => {
    const own = mkdtempSync(join(folder, 'attempts-'))
    expect(conclude(own, 1, result)).toEqual(result)
    expect(conclude(own, 1, { ...result, status: 'failed' })).toEqual(result)
    expect(conclude(own, 2, { ...result, status: 'failed' }).status).toBe('failed')
    expect(readdirSync(own).sort()).toEqual(['1.result.json', '2.result.json'])
  })

  test('a burst of changes costs two writes, and each save ends with its change on the disk', async () => {
    let value = 0
    let writes = 0
    const path = join(folder, 'state.json')
    const file = stateFile(path, () => ({ value, writes: ++writes }))
    expect(file.read()).toBeNull()
    const saves = Array.from({ length: 50 }, async () => {
      const mine = ++value
      await file.save()
      expect(file.read()!.value).toBeGreaterThanOrEqual(mine)
    })
    value = 100
    const first = file.save()
    await first
    value = 101
    await file.save()
    await Promise.all(saves)
    expect(file.read()).toEqual({ value: 101, writes: 2 })
    expect(existsSync(`${path}.draft`)).toBe(false)
  })

  test('a folder is held by one process at a time, and what a killed one left is no obstacle', async () => {
    const path = join(folder, 'held')
    const release = await holdAlone(path)
    await expect(holdAlone(path)).rejects.toThrow('held by another process')
    release()
    const killed = spawn(
      process.execPath,
      ['-e', `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('on'))`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    await once(killed.stdout, 'data')
    await end(killed, 'SIGKILL')
    expect(existsSync(path)).toBe(true)
    const releaseAgain = await holdAlone(path)
    releaseAgain()
  })
})
