import { number, text } from './cells.ts'
import { column, columns, readTable } from './table.ts'
import type { TextSource } from './text.ts'

/** The day of one VM of the PlanetLab traces. */
export interface PlanetlabVm {
  readonly id: string
  /** Mean CPU use in percent, one value per 5 minutes: 288 in a day. */
  readonly cpuPercent: readonly number[]
}

const percent = number('a number in [0, 100]', (x) => x >= 0 && x <= 100)

/**
 * Reads a day of the PlanetLab CPU traces from CSV: a row per VM, with its name in column `vm` and a column per step, `t0`,
 * `t1`, and so on.
 *
 * @throws CloudschedError `format` with every finding at once
 */
export function readPlanetlabCsv(source: TextSource): PlanetlabVm[] {
  return readTable<PlanetlabVm>(source, (header, findings) => {
    const steps = header.filter((title) => title !== 'vm')
    steps.forEach((title, step) => {
      if (title !== `t${step}`)
        findings.push({ path: 'line 1', received: title, expected: `a header of vm, t0, t1, ..., with t${step} here` })
    })
    return { id: column('vm', text), cpuPercent: columns(steps, percent) }
  })
}
