/** Reads from the sources which public functions take options. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { entries } from '../../scripts/entries.ts'

const parsed = new Map<string, ts.SourceFile>()

const optionsType = /\b\w+Options\b/

/** Types of functions that take options as their last parameter. */
const solverType = /\b(?:Solver|AsyncSolver|SolveSteps)\b/

/** A public function and the type of its options. */
export interface OptionTaker {
  readonly name: string
  readonly entry: string
  readonly type: string
}

/** The functions among the exports of all entries that take options. */
export const optionTakers: readonly OptionTaker[] = entries.flatMap(({ specifier, source }) =>
  exportsOf(source).flatMap(({ name, path }): OptionTaker[] => {
    const type = optionsOf(name, path)
    return type === null ? [] : [{ name, entry: specifier, type }]
  }),
)

interface Exported {
  readonly name: string
  /** The file that declares it. */
  readonly path: string
}

/** What an entry exports as a value. */
function exportsOf(path: string): Exported[] {
  return parse(path)
    .statements.filter(ts.isExportDeclaration)
    .flatMap((statement) => {
      const { exportClause, moduleSpecifier, isTypeOnly } = statement
      if (isTypeOnly || !exportClause || !ts.isNamedExports(exportClause) || !moduleSpecifier) return []
      const from = join(dirname(path), (moduleSpecifier as ts.StringLiteral).text)
      return exportClause.elements
        .filter((element) => !element.isTypeOnly)
        .map(({ name }) => ({ name: name.text, path: from }))
    })
}

/** The type of its options; `null` where it takes none. */
function optionsOf(name: string, path: string): string | null {
  for (const statement of parse(path).statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name) {
      const types = statement.parameters.map(({ type }) => type?.getText() ?? '')
      return types.find((type) => optionsType.test(type)) ?? null
    }
    if (!ts.isVariableStatement(statement)) continue
    const declaration = statement.declarationList.declarations.find((one) => one.name.getText() === name)
    const type = declaration?.type?.getText() ?? ''
    if (declaration) return solverType.test(type) ? type : null
  }
  return null
}

function parse(path: string): ts.SourceFile {
  const known = parsed.get(path)
  if (known) return known
  const tree = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true)
  parsed.set(path, tree)
  return tree
}
