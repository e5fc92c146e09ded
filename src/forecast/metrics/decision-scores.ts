import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { checkLength } from './pairs.ts'

/** A list of yes (1) and no (0). */
export type Labels = ArrayLike<number>

/** How often decisions and labels agree. */
export interface ConfusionCounts {
  readonly truePositives: number
  readonly falsePositives: number
  readonly trueNegatives: number
  readonly falseNegatives: number
}

/**
 * Counts the four outcomes of decisions (1 or 0) against labels (1 or 0).
 *
 * @throws CloudschedError `invalid-input` for lists of two lengths and for entries other than 0 and 1
 * @example
 * confusionCounts([1, 1, 0, 0], [1, 0, 0, 0]) // one true positive, one false negative, two true negatives
 */
export function confusionCounts(labels: Labels, decisions: Labels): ConfusionCounts {
  checkLength('decisions', decisions, labels.length)
  checkBinary('labels', labels)
  checkBinary('decisions', decisions)
  // By twice the label plus the decision.
  const counts = [0, 0, 0, 0]
  for (let i = 0; i < labels.length; i++) counts[(labels[i] === 1 ? 2 : 0) + (decisions[i] === 1 ? 1 : 0)]!++
  const [trueNegatives, falsePositives, falseNegatives, truePositives] = counts as [number, number, number, number]
  return { truePositives, falsePositives, trueNegatives, falseNegatives }
}

/** Measures of decisions, each in [0, 1] but mcc in [-1, 1]. */
export interface DecisionScores extends ConfusionCounts {
  readonly count: number
  /** Share of labels that are 1. */
  readonly baseRate: number | null
  readonly accuracy: number | null
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
  /** Matthews correlation coefficient. */
  readonly mcc: number | null
  /** Why a measure is `null`. */
  readonly reasons: Readonly<Partial<Record<DecisionMeasure, string>>>
}

/** Measures that may not be defined. */
export type DecisionMeasure = 'baseRate' | 'accuracy' | 'precision' | 'recall' | 'f1' | 'mcc'

/**
 * Accuracy, precision, recall, F1 and Matthews' coefficient of decisions against labels.
 *
 * @example
 * decisionScores([1, 1, 0, 0], [1, 0, 0, 0]) // accuracy 0.75, precision 1, recall 0.5, f1 0.667, mcc 0.577
 */
export function decisionScores(labels: Labels, decisions: Labels): DecisionScores {
  const counts = confusionCounts(labels, decisions)
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = counts
  const count = labels.length
  const reasons: Partial<Record<DecisionMeasure, string>> = {}
  const ratio = (measure: DecisionMeasure, over: number, under: number, reason: string): number | null => {
    if (under > 0) return over / under
    reasons[measure] = count === 0 ? 'there are no labels' : reason
    return null
  }
  return {
    count,
    ...counts,
    baseRate: ratio('baseRate', tp + fn, count, ''),
    accuracy: ratio('accuracy', tp + tn, count, ''),
    precision: ratio('precision', tp, tp + fp, 'nothing was decided positive'),
    recall: ratio('recall', tp, tp + fn, 'no label is positive'),
    f1: ratio('f1', 2 * tp, 2 * tp + fp + fn, 'neither a label nor a decision is positive'),
    mcc: ratio(
      'mcc',
      tp * tn - fp * fn,
      Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn),
      'all labels or all decisions are equal',
    ),
    reasons,
  }
}

/**
 * Average precision: the area under the steps of precision against recall as the cut-off falls. Equal scores are one
 * step. `null` when no label is positive.
 *
 * @param scores - the larger, the more likely positive
 * @example
 * averagePrecision([1, 0, 1], [0.9, 0.8, 0.7]) // 0.83
 */
export function averagePrecision(labels: Labels, scores: ArrayLike<number>): number | null {
  checkLength('scores', scores, labels.length)
  checkBinary('labels', labels)
  const unknown = Array.prototype.findIndex.call(scores, Number.isNaN)
  if (unknown >= 0)
    throw new CloudschedError('invalid-input', [
      { path: `scores[${unknown}]`, received: Number.NaN, expected: 'a number' },
    ])
  const order = Array.from({ length: labels.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!)
  const positives = order.reduce((sum, i) => sum + labels[i]!, 0)
  if (positives === 0) return null
  let found = 0
  let foundBefore = 0
  let area = 0
  order.forEach((i, rank) => {
    found += labels[i]!
    const next = order[rank + 1]
    if (next !== undefined && scores[next] === scores[i]) return
    area += ((found - foundBefore) / positives) * (found / (rank + 1))
    foundBefore = found
  })
  return area
}

function checkBinary(path: string, list: Labels): void {
  for (let i = 0; i < list.length; i++)
    if (list[i] !== 0 && list[i] !== 1)
      throw new CloudschedError('invalid-input', [{ path: `${path}[${i}]`, received: list[i], expected: '0 or 1' }])
}

/** A range of shares. */
export interface ShareRange {
  readonly low: number
  readonly high: number
}

/** Without true negatives, true positives equal the accuracy but for rounding. */
const roundingGuard = 1e-9

/**
 * The share of positive labels that a pair of accuracy and F1 implies: with e = 1 - accuracy, true positives are
 * F1 e / (2 (1 - F1)), positives between that and e more. Two models of one test set must have ranges that meet.
 *
 * @param accuracy - in [0, 1]
 * @param f1 - in [0, 1)
 * @returns shares; `null` where F1 is 1, which says nothing, and for a pair that no test set can give
 * @example
 * impliedBaseRate(0.975, 0.896) // low 0.108, high 0.133
 */
export function impliedBaseRate(accuracy: number, f1: number): ShareRange | null {
  const errors = 1 - accuracy
  const truePositives = (f1 * errors) / (2 * (1 - f1))
  if (!(accuracy >= 0 && accuracy <= 1 && f1 >= 0 && f1 < 1) || truePositives > accuracy + roundingGuard) return null
  return { low: truePositives, high: truePositives + errors }
}
