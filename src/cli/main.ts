#!/usr/bin/env node
import { run } from './run.ts'

const { argv, stdout, stderr } = process
const interrupt = new AbortController()

// The first Ctrl-C asks for the best so far, a second one ends the process as usual.
process.once('SIGINT', () => interrupt.abort(new Error('interrupted')))

// The reader of a pipe may leave early, as `head` does: that is no error.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await run(argv.slice(2), { stdout, stderr, signal: interrupt.signal })
