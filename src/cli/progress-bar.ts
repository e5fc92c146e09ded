import cliProgress from 'cli-progress'
import { formatNumber } from '../report/format-number.ts'
import type { Progress } from '../run/run-options.ts'
import type { Io } from './io.ts'

export interface ProgressBar {
  update(progress: Pick<Progress, 'fraction'> & { readonly gap?: number | null; readonly label?: string }): void
  stop(): void
}

/** A bar on a terminal; nothing at all where nobody looks. */
export function progressBar({ stderr }: Io, label: string): ProgressBar | null {
  if (!stderr.isTTY) return null
  const bar = new cliProgress.SingleBar({
    stream: stderr as NodeJS.WriteStream,
    format: '{label} [{bar}] {percentage} % {gap}',
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    barsize: 30,
    clearOnComplete: true,
    hideCursor: true,
    linewrap: false,
  })
  bar.start(1, 0, { label, gap: '' })
  return {
    update: ({ fraction, gap, label: now = label }) =>
      bar.update(fraction, {
        label: now,
        gap: gap === null || gap === undefined ? '' : `gap ${formatNumber(gap * 100, 3)} %`,
      }),
    stop: () => bar.stop(),
  }
}
