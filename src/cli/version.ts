import { createRequire } from 'node:module'

/** The version of the package, asked of the package itself: it stands at another depth in sources and in bundles. */
export function version(): string {
  return (createRequire(import.meta.url)('cloudsched/package.json') as { readonly version: string }).version
}
