import type { Bins } from './bins.ts'

/** A binary tree as parallel lists, one entry for each node; node 0 is the root. Plain data. */
export interface RegressionTree {
  /** The column that the node asks for; -1 for a leaf. */
  readonly columns: readonly number[]
  /** A row goes left where its input is at most this. */
  readonly thresholds: readonly number[]
  readonly left: readonly number[]
  readonly right: readonly number[]
  /** What a leaf answers; 0 for an inner node. */
  readonly values: readonly number[]
}

/** When a tree is grown. */
export interface TreeShape {
  /** Leaves at most. */
  readonly leaves: number
  /** Rows of a leaf at least. */
  readonly leafRows: number
}

/** A tree whose leaves have no values yet. */
export interface GrownTree {
  readonly columns: number[]
  readonly thresholds: number[]
  /** The same thresholds as ranges of the bins. */
  readonly ranges: number[]
  readonly left: number[]
  readonly right: number[]
  /** By how much each node's split lowered the sum of squared distances; 0 for a leaf. */
  readonly gains: number[]
  /** The training rows, those of one leaf side by side. */
  readonly rows: Int32Array
  /** For each leaf its node and its part of `rows`. */
  readonly leaves: readonly { readonly node: number; readonly start: number; readonly end: number }[]
}

interface Leaf {
  readonly node: number
  readonly start: number
  readonly end: number
  readonly sum: number
  readonly histogram: Histogram
  readonly split: Split | null
}

/** Sum of the targets and number of the rows in each range of each column tried. */
interface Histogram {
  readonly sums: Float64Array
  readonly counts: Int32Array
}

interface Split {
  readonly gain: number
  readonly column: number
  readonly range: number
}

/** Below this share of the sum of squares a gain is rounding. */
const leastGainShare = 1e-10

/**
 * Grows a regression tree (Breiman, Friedman, Olshen, Stone 1984), always at the leaf whose split lowers the sum of
 * squared distances most. Splits are found on histograms (Ke et al. 2017), of which only the smaller child's is
 * counted: the other's is the difference. O(rows columns) a level. Equal gains: the first leaf, column, range.
 *
 * @param targets - of each row of the bins
 * @param rows - the rows to learn from; the order is changed
 * @param columns - the columns to try, ascending
 */
export function growTree(
  { codes, edges, rowCount }: Bins,
  targets: Float64Array,
  rows: Int32Array,
  columns: Int32Array,
  { leaves: leafLimit, leafRows }: TreeShape,
): GrownTree {
  const width = 1 + columns.reduce((most, column) => Math.max(most, edges[column]!.length), 0)
  const buffer = new Int32Array(rows.length)
  const tree: GrownTree = { columns: [], thresholds: [], ranges: [], left: [], right: [], gains: [], rows, leaves: [] }
  let squares = 0
  for (const row of rows) squares += targets[row]! * targets[row]!
  const leastGain = leastGainShare * squares

  const leaves: Leaf[] = [leafOf(addNode(), 0, rows.length, countRows(0, rows.length))]
  while (leaves.length < leafLimit) {
    const best = leaves.reduce((found, leaf) => ((leaf.split?.gain ?? 0) > (found.split?.gain ?? 0) ? leaf : found))
    if (best.split === null) break
    leaves.splice(leaves.indexOf(best), 1, ...divide(best, best.split))
  }
  return { ...tree, leaves: leaves.map(({ node, start, end }) => ({ node, start, end })) }

  function addNode(): number {
    for (const list of [tree.thresholds, tree.ranges, tree.gains]) list.push(0)
    for (const list of [tree.left, tree.right]) list.push(-1)
    return tree.columns.push(-1) - 1
  }

  function leafOf(node: number, start: number, end: number, histogram: Histogram): Leaf {
    let sum = 0
    for (let range = 0; range < width; range++) sum += histogram.sums[range]!
    return { node, start, end, sum, histogram, split: bestSplit(histogram, sum, end - start) }
  }

  function countRows(start: number, end: number): Histogram {
    const sums = new Float64Array(columns.length * width)
    const counts = new Int32Array(columns.length * width)
    for (let k = 0; k < columns.length; k++) {
      const firstCode = columns[k]! * rowCount
      const firstCell = k * width
      for (let i = start; i < end; i++) {
        const row = rows[i]!
        const cell = firstCell + codes[firstCode + row]!
        sums[cell]! += targets[row]!
        counts[cell]!++
      }
    }
    return { sums, counts }
  }

  function bestSplit({ sums, counts }: Histogram, sum: number, count: number): Split | null {
    let best: Split | null = null
    const whole = (sum * sum) / count
    for (let k = 0; k < columns.length; k++) {
      const column = columns[k]!
      let leftSum = 0
      let leftCount = 0
      for (let range = 0; range < edges[column]!.length; range++) {
        leftSum += sums[k * width + range]!
        leftCount += counts[k * width + range]!
        const rightCount = count - leftCount
        if (leftCount < leafRows) continue
        if (rightCount < leafRows) break
        const rightSum = sum - leftSum
        const gain = (leftSum * leftSum) / leftCount + (rightSum * rightSum) / rightCount - whole
        if (gain > leastGain && gain > (best?.gain ?? 0)) best = { gain, column, range }
      }
    }
    return best
  }

  function divide({ node, start, end, histogram }: Leaf, { column, range, gain }: Split): [Leaf, Leaf] {
    let middle = start
    let laterCount = 0
    for (let i = start; i < end; i++) {
      const row = rows[i]!
      if (codes[column * rowCount + row]! <= range) rows[middle++] = row
      else buffer[laterCount++] = row
    }
    rows.set(buffer.subarray(0, laterCount), middle)

    tree.columns[node] = column
    tree.ranges[node] = range
    tree.thresholds[node] = edges[column]![range]!
    tree.gains[node] = gain
    tree.left[node] = addNode()
    tree.right[node] = addNode()
    const isLeftSmaller = middle - start <= end - middle
    const smaller = isLeftSmaller ? countRows(start, middle) : countRows(middle, end)
    const larger = without(histogram, smaller)
    return [
      leafOf(tree.left[node]!, start, middle, isLeftSmaller ? smaller : larger),
      leafOf(tree.right[node]!, middle, end, isLeftSmaller ? larger : smaller),
    ]
  }
}

/** The difference of two histograms; it takes the place of the first, which is no longer needed. */
function without(whole: Histogram, part: Histogram): Histogram {
  for (let cell = 0; cell < part.counts.length; cell++) {
    whole.sums[cell]! -= part.sums[cell]!
    whole.counts[cell]! -= part.counts[cell]!
    // What is left of an empty range is rounding.
    if (whole.counts[cell] === 0) whole.sums[cell] = 0
  }
  return whole
}

/** What a tree answers to one row of inputs. */
export function predictTree(
  { columns, thresholds, left, right, values }: RegressionTree,
  row: ArrayLike<number>,
): number {
  let node = 0
  while (columns[node]! >= 0) node = row[columns[node]!]! <= thresholds[node]! ? left[node]! : right[node]!
  return values[node]!
}

/** Whether data of unknown origin are a tree over so many columns; children stand after their parents, so that it ends. */
export function isTree(data: unknown, columnCount: number): data is RegressionTree {
  const tree = (data ?? {}) as Partial<RegressionTree>
  const { columns, thresholds, left, right, values } = tree
  const lists = [columns, thresholds, left, right, values]
  if (!lists.every((list) => Array.isArray(list) && list.length === columns!.length && list.every(Number.isFinite))) {
    return false
  }
  const isChild = (child: number, node: number): boolean =>
    Number.isInteger(child) && child > node && child < columns!.length
  return (
    columns!.every(
      (column, node) =>
        column === -1 ||
        (Number.isInteger(column) &&
          column >= 0 &&
          column < columnCount &&
          isChild(left![node]!, node) &&
          isChild(right![node]!, node)),
    ) && columns!.length > 0
  )
}
