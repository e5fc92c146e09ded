/** What went wrong, as a stable word that programs may switch on; each has a section in docs/errors.md. */
export type ErrorCode =
  | 'invalid-input'
  | 'invalid-option'
  | 'infeasible'
  | 'format'
  | 'missing-peer'
  | 'memory-limit'
  | 'checkpoint'
  | 'diverged'
  | 'solver'

/** One violated rule of an input. */
export interface Finding {
  /** Where: `tasks[3].lengthMi`, `options.episodes`, `line 12`. */
  readonly path: string
  /** The value found there, as it was given. */
  readonly received: unknown
  /** The rule, as the end of the sentence "path must be ...". */
  readonly expected: string
  /** What to change, when there is a likely cause. */
  readonly hint?: string
}

const brand = Symbol.for('cloudsched.error')

/** At most this many findings are spelt out in the message; all of them stay in `findings`. */
const shownFindings = 20

/**
 * The one error class of the library. `path`, `received`, `expected` and `hint` are those of the first finding;
 * `findings` holds all that were found in one input.
 */
export class CloudschedError extends Error {
  override readonly name = 'CloudschedError'
  readonly code: ErrorCode
  readonly findings: readonly Finding[]

  constructor(code: ErrorCode, findings: readonly [Finding, ...Finding[]], options?: ErrorOptions) {
    super(messageOf(findings), options)
    this.code = code
    this.findings = findings
    Object.defineProperty(this, brand, { value: true })
  }

  get path(): string {
    return this.findings[0]!.path
  }

  get received(): unknown {
    return this.findings[0]!.received
  }

  get expected(): string {
    return this.findings[0]!.expected
  }

  get hint(): string | undefined {
    return this.findings[0]!.hint
  }
}

/** True for an error of this library, also when it was thrown by the other module format's copy of it. */
export function isCloudschedError(error: unknown): error is CloudschedError {
  return typeof error === 'object' && error !== null && brand in error
}

/** Throws one error for all findings, or nothing when there are none. */
export function throwFindings(code: ErrorCode, findings: readonly Finding[]): void {
  const [first, ...rest] = findings
  if (first) throw new CloudschedError(code, [first, ...rest])
}

function messageOf(findings: readonly Finding[]): string {
  const lines = findings.slice(0, shownFindings).map(sentence)
  const hidden = findings.length - lines.length
  return (hidden > 0 ? [...lines, `... and ${hidden} more.`] : lines).join('\n')
}

function sentence({ path, received, expected, hint }: Finding): string {
  const rule = `${path} must be ${expected}, received ${show(received)}.`
  return hint ? `${rule} ${hint}` : rule
}

/** A value in at most 80 characters: long inputs must not flood a log. */
function show(value: unknown): string {
  const text = describe(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' && typeof value !== 'string') return String(value)
  if (Array.isArray(value) && value.length > 20) return `a list of ${value.length} values`
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`
  try {
    // JSON alone would write null for NaN and Infinity.
    return JSON.stringify(value, (_, x) => (typeof x === 'number' && !Number.isFinite(x) ? String(x) : x))
  } catch {
    return Object.prototype.toString.call(value)
  }
}
