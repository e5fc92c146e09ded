/** Reads from the sources what the documentation says about options. */
import { globSync, readFileSync } from 'node:fs'
import ts from 'typescript'

export interface OptionDoc {
  readonly name: string
  /** Text of `@defaultValue`; `null` where there is none. */
  readonly defaultValue: string | null
}

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration

const sources = globSync('src/**/*.ts').map((path) => ({
  path,
  tree: ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true),
}))

const declarations = new Map<string, Declaration>(
  sources.flatMap(({ tree }) =>
    tree.statements
      .filter((statement) => ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
      .map((statement): [string, Declaration] => [statement.name.text, statement]),
  ),
)

/** Names and files of all exported `somethingDefaults`. */
export const defaultsObjects: readonly { readonly name: string; readonly path: string }[] = sources.flatMap(
  ({ path, tree }) =>
    tree.statements
      .filter(
        (statement) =>
          ts.isVariableStatement(statement) &&
          statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword),
      )
      .flatMap((statement) =>
        (statement as ts.VariableStatement).declarationList.declarations.map(({ name }) => name.getText()),
      )
      .filter((name) => name.endsWith('Defaults'))
      .map((name) => ({ name, path })),
)

/** The options of an interface, those it extends included; of a union, those of its members. */
export function optionDocs(interfaceName: string): OptionDoc[] {
  const declaration = declarations.get(interfaceName)
  if (!declaration) throw new Error(`No interface ${interfaceName} in src.`)
  return ts.isInterfaceDeclaration(declaration) ? docsOfInterface(declaration) : docsOfType(declaration.type)
}

function docsOfInterface({
  members,
  heritageClauses = [] as unknown as ts.NodeArray<ts.HeritageClause>,
}: ts.InterfaceDeclaration): OptionDoc[] {
  const own = docsOfMembers(members)
  const inherited = heritageClauses.flatMap(({ types }) =>
    types.flatMap(({ expression, typeArguments }) => docsOfReference(expression.getText(), typeArguments)),
  )
  return [...own, ...inherited.filter(({ name }) => !own.some((doc) => doc.name === name))]
}

function docsOfType(type: ts.TypeNode): OptionDoc[] {
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) return type.types.flatMap(docsOfType)
  if (ts.isTypeLiteralNode(type)) return docsOfMembers(type.members)
  if (ts.isTypeReferenceNode(type)) return docsOfReference(type.typeName.getText(), type.typeArguments)
  throw new Error(`Options written as ${type.getText()} are not understood here.`)
}

/** `Omit<Options, 'seed'>` and its like stand for `Options`. */
function docsOfReference(name: string, typeArguments: ts.NodeArray<ts.TypeNode> | undefined): OptionDoc[] {
  return declarations.has(name) ? optionDocs(name) : docsOfType(typeArguments![0]!)
}

function docsOfMembers(members: ts.NodeArray<ts.TypeElement>): OptionDoc[] {
  return members.filter(ts.isPropertySignature).map((member) => {
    const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'defaultValue')
    return { name: member.name.getText(), defaultValue: tag ? (ts.getTextOfJSDocComment(tag.comment) ?? '') : null }
  })
}

/** The value that a text begins with, lists and objects included; `undefined` where it begins with words. */
export function leadingLiteral(text: string): unknown {
  const form = /^(?:'[^']*'|-?[\d.]+(?:e-?\d+)?|true|false|null|Infinity|\[[^\]]*\]+|\{[^}]*\})(?=$|[\s,;.])/
  const literal = form.exec(text.trim())?.[0]
  if (literal === undefined || literal === 'Infinity') return literal && Infinity
  const json = literal.replaceAll(/'([^']*)'/g, '"$1"').replaceAll(/([{,]\s*)(\w+):/g, '$1"$2":')
  try {
    return JSON.parse(json) as unknown
  } catch {
    return undefined
  }
}
