/** A small experiment as a notebook would hold it: is WHAQL as printed better than Q-learning? */
import { createProblem, qLearning, type Solver, whaql } from 'cloudsched'
import { compare, summarise } from 'cloudsched/experiment'
import { summaryTable } from 'cloudsched/report'
import { paperInstance } from 'cloudsched/workload'

const solvers: Record<string, Solver> = {
  QL: (problem, options) => qLearning(problem, { ...options, preset: 'paper', episodes: 1000 }),
  WHAQL: (problem, options) => whaql(problem, { ...options, preset: 'paper', episodes: 1000 }),
}
const problems = [1, 2, 3, 4, 5].map((seed) => createProblem(paperInstance({ taskCount: 20, seed })))
const summary = summarise(compare(solvers, problems, { seeds: 4 }))
console.log(summaryTable(summary))
for (const { a, b, wins, losses, adjustedP } of summary.pairs) {
  console.log(
    `${a} against ${b}: better on ${wins}, worse on ${losses} of ${problems.length} problems, p = ${adjustedP.toFixed(3)}`,
  )
}
