import { CloudschedError, type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { broken, type Cell } from './cells.ts'
import { readText, type TextSource } from './text.ts'

/** The numbers of a text one after another, whatever blanks and line breaks stand between them. */
export interface NumberStream {
  /** The next number; NaN when it breaks the rule, which `end` will say. `what` names it in the error. */
  next(what: string, cell: Cell<number>): number
  /** The next numbers of one kind. */
  list(length: number, what: string, cell: Cell<number>): number[]
  /** The next number as the size of what follows: a wrong one throws at once, since all after it would be misread. */
  size(what: string, cell: Cell<number>): number
  /** Notes that the number just read breaks a rule that only its reader knows. */
  note(what: string, received: number, expected: string): void
  /** Says that all is read. @throws CloudschedError `format` with every finding; also when something follows */
  end(): void
}

/**
 * Opens a text of numbers in a fixed order, as benchmark instances are written. Every method throws CloudschedError
 * `format` where the text ends too early, with all findings so far.
 */
export function openNumbers(source: TextSource): NumberStream {
  const lines = readText(source).split(/\r\n|\n|\r/)
  const findings: Finding[] = []
  let line = 0
  let tokens: readonly string[] = []
  let place = 0

  function token(): string | null {
    while (place === tokens.length) {
      if (line === lines.length) return null
      tokens = lines[line++]!.match(/\S+/g) ?? []
      place = 0
    }
    return tokens[place++]!
  }

  function fail(finding: Finding): never {
    const [first = finding, ...rest] = [...findings, finding]
    throw new CloudschedError('format', [first, ...rest])
  }

  function next(what: string, { parse, rule }: Cell<number>): number {
    const received = token()
    if (received === null)
      return fail({
        path: `line ${line}`,
        received: 'the end of the text',
        expected: `followed by ${what}`,
        hint: 'Maybe the file was cut off here.',
      })
    const value = parse(received)
    if (value !== broken) return value
    findings.push({ path: `line ${line}, ${what}`, received, expected: rule })
    return Number.NaN
  }

  return {
    next,
    list: (length, what, cell) => Array.from({ length }, () => next(what, cell)),
    size(what, cell) {
      const value = next(what, cell)
      if (Number.isNaN(value)) throwFindings('format', findings)
      return value
    },
    note(what, received, expected) {
      findings.push({ path: `line ${line}, ${what}`, received, expected })
    },
    end() {
      const received = token()
      if (received !== null)
        fail({
          path: `line ${line}`,
          received,
          expected: 'absent: all numbers that the sizes announce were read before it',
        })
      throwFindings('format', findings)
    },
  }
}
