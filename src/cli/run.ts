import { isCloudschedError } from '../errors/cloudsched-error.ts'
import { compare } from './compare.ts'
import { generate } from './generate.ts'
import { mainHelp } from './help.ts'
import { exitCode, type Io, UsageError } from './io.ts'
import { solve } from './solve.ts'
import { version } from './version.ts'

type Command = (argv: readonly string[], io: Io) => Promise<number>

const commands: Readonly<Record<string, Command>> = { solve, compare, generate }

/**
 * The command, without a process: what it prints goes to `io`, what it would exit with is returned.
 *
 * @param argv - what was typed after `cloudsched`
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io)
  } catch (error) {
    return explainFailure(error, io)
  }
}

async function dispatch([name, ...rest]: readonly string[], io: Io): Promise<number> {
  if (name === '--version') {
    io.stdout.write(`${version()}\n`)
    return exitCode.done
  }
  if (name === '--help' || name === '-h') {
    io.stdout.write(mainHelp)
    return exitCode.done
  }
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) return command(rest, io)
  throw new UsageError(
    name === undefined
      ? 'Name a command: solve, compare or generate.'
      : `There is no command ${name}: solve, compare or generate.`,
  )
}

function explainFailure(error: unknown, { stderr, signal }: Io): number {
  if (signal.aborted && error === signal.reason) {
    stderr.write('Interrupted before there was a schedule; nothing was written.\n')
    return exitCode.interrupted
  }
  if (error instanceof UsageError) {
    stderr.write(`${error.message}\nTry: cloudsched --help\n`)
    return exitCode.usage
  }
  if (isCloudschedError(error)) {
    stderr.write(`${error.message}\n`)
    return error.code === 'solver' ? exitCode.internal : exitCode.usage
  }
  stderr.write(
    `An error inside cloudsched, please report it:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return exitCode.internal
}
