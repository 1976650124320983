import { type Content, visit } from '@tocsin/model'
import type { Leaf } from './evaluate/leaf.ts'

/** Hashes that a scanner computes. */
export type HashName = 'md5' | 'sha1' | 'sha256'

/** What a leaf reads that a scanner reads only on demand. */
export interface Needs {
  readonly hashes: readonly HashName[]
  readonly contents: ReadonlyMap<string, Content>
  readonly costly: readonly string[]
}

/** What an instance's open leaves still need. */
export interface Missing {
  readonly hashes: ReadonlySet<HashName>
  readonly contents: readonly Content[]
  /** Properties of `costlyProperties`. */
  readonly costly: ReadonlySet<string>
}

export const nothingNeeded: Needs = { hashes: [], contents: new Map(), costly: [] }

/** They are many or slow to read, so a scanner reads them only where a term asks. */
export const costlyProperties: ReadonlySet<string> = new Set([
  ...['process.handle', 'process.mapped_path', 'process.environment'],
  ...['file.format', 'file.machine', 'file.entry_point', 'file.section', 'file.library', 'file.import'],
  ...['file.export', 'file.compiled', 'file.imphash', 'file.signed', 'file.interpreter', 'file.build_id'],
])

/** Whether a leaf needs what is not asked for yet. */
export function isMore(
  needs: Needs,
  known: Pick<Missing, 'hashes' | 'costly'> & Pick<Needs, 'contents'>,
): boolean {
  for (const key of needs.contents.keys()) if (!known.contents.has(key)) return true
  return (
    needs.hashes.some((name) => !known.hashes.has(name)) ||
    needs.costly.some((property) => !known.costly.has(property))
  )
}

function keyOf({ source, rule = '' }: Content): string {
  return `${source} ${rule}`
}

const hash = /\.(?:\w+_)?(md5|sha1|sha256)$/

export function needsOf(leaf: Leaf): Needs {
  const contents = new Map<string, Content>()
  const costly: string[] = []
  const hashes = new Set<HashName>()
  visit(leaf, (node) => {
    if (node.kind === 'content') contents.set(keyOf(node), node)
    if (node.kind !== 'term') return
    const name = hash.exec(node.property)?.[1]
    if (name === 'md5' || name === 'sha1' || name === 'sha256') hashes.add(name)
    if (costlyProperties.has(node.property)) costly.push(node.property)
  })
  return { hashes: [...hashes], contents, costly }
}
