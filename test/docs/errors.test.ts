import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, test } from 'vitest'

/** The words of the type `ErrorCode`, as the source has them. */
function errorCodes(): string[] {
  const path = 'src/errors/cloudsched-error.ts'
  const { statements } = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true)
  const type = statements.find(
    (statement) => ts.isTypeAliasDeclaration(statement) && statement.name.text === 'ErrorCode',
  )
  return (type as ts.TypeAliasDeclaration).type.getText().match(/(?<=')[a-z-]+(?=')/g)!
}

test('docs/errors.md has a section for each code, and for nothing else', () => {
  const sections = readFileSync('docs/errors.md', 'utf8').match(/(?<=^## ).+$/gm)
  expect(sections).toEqual(errorCodes())
})
