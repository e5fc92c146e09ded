/** A page in a real browser without a window, over Chromium's own debugging protocol: no driver has to be installed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'

/** Where Chromium is installed; `undefined` where it is not. */
export const chromium: string | undefined = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path))

export interface BrowserPage {
  /** What went wrong in the page so far: exceptions, `console.error`, files that did not load. */
  readonly errors: readonly string[]
  /** The value of an expression in the page, as JSON. */
  evaluate(expression: string): Promise<unknown>
  close(): Promise<void>
}

export async function openPage(url: string): Promise<BrowserPage> {
  const profile = mkdtempSync(join(tmpdir(), 'cloudsched-browser-'))
  const options = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run']
  const args = [...options, '--window-size=1200,1100', '--remote-debugging-port=0', `--user-data-dir=${profile}`]
  const browser = spawn(chromium!, [...args, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const socket = new WebSocket(await debuggerOf(browser))
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  const errors: string[] = []
  const pending = new Map<number, (answer: Record<string, unknown>) => void>()
  let sent = 0
  let sessionId: string | undefined

  function send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++sent
    socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }))
    return new Promise((resolve) => pending.set(id, resolve))
  }

  socket.addEventListener('message', ({ data }) => {
    const { id, result, error, method, params } = JSON.parse(String(data))
    pending.get(id)?.(result ?? { error })
    pending.delete(id)
    if (method === 'Runtime.exceptionThrown')
      errors.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text)
    if (method === 'Runtime.consoleAPICalled' && params.type === 'error') errors.push(JSON.stringify(params.args))
    if (method === 'Log.entryAdded' && params.entry.level === 'error')
      errors.push(`${params.entry.text} ${params.entry.url ?? ''}`)
  })

  const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
  sessionId = (await send('Target.attachToTarget', { targetId, flatten: true }))['sessionId'] as string
  for (const domain of ['Runtime', 'Log', 'Page']) await send(`${domain}.enable`)
  await send('Page.navigate', { url })
  return {
    errors,
    async evaluate(expression) {
      const { result } = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })
      return (result as { readonly value?: unknown }).value
    },
    async close() {
      sessionId = undefined
      const gone = new Promise((resolve) => browser.once('exit', resolve))
      await Promise.race([send('Browser.close'), gone])
      await gone
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Chromium prints the address of its debugger. */
async function debuggerOf(browser: ChildProcess): Promise<string> {
  const lines: string[] = []
  for await (const line of createInterface({ input: browser.stderr! })) {
    const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1]
    if (address) {
      browser.stderr!.resume()
      return address
    }
    lines.push(line)
  }
  throw new Error(`Chromium ended before it listened:\n${lines.join('\n')}`)
}
