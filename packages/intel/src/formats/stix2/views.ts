import type { Condition, Digest, ObjectKind } from '@tocsin/model'
import type { ObjectPath, PropertyTest } from './pattern/ast.ts'
import { normalHashName } from './pattern/check-pattern.ts'
import { printPath } from './pattern/print-pattern.ts'

/** How a property holds what a path says. */
export interface PropertyRow {
  readonly property: string
  /** A whole value is a part of the property. */
  readonly isPart?: true
  /** The property's words for the values of STIX. */
  readonly words?: Readonly<Record<string, string>>
}

/** What a test needs that is more than a comparison with a property. */
export interface TestTools {
  readonly blobs: Map<Digest, Uint8Array>
  /** Why no value can meet it. */
  readonly say: (why: string) => void
}

/** One object of ours as which an object of STIX can show on an endpoint. */
export interface View {
  readonly object: ObjectKind
  /** Our property for a path; nothing where the object does not tell. */
  propertyOf(path: ObjectPath): PropertyRow | undefined
  /** Instead of a property: what a test means for an object that shows it only in part, or in its bytes. */
  readonly conditionOf?: (test: PropertyTest, tools: TestTools) => Condition | undefined
  /** The paths that `conditionOf` knows. */
  readonly readsInPart?: (path: ObjectPath) => boolean
  /** It shows only what has one of these paths; without it, anything it has a property for. */
  readonly about?: RegExp
  /** For the reference page. */
  readonly paths: readonly (readonly [path: string, reads: string])[]
}

/** The views of an object type; none where no endpoint sees such objects. */
export type Views = (objectType: string) => readonly View[]

export type Row = readonly [path: string, property: string, how?: Omit<PropertyRow, 'property'>]

export function view(
  object: ObjectKind,
  rows: readonly Row[],
  more: Pick<View, 'conditionOf' | 'readsInPart' | 'about'> & { readonly paths?: View['paths'] } = {},
): View {
  const byPath = new Map(rows.map(([path, property, how = {}]) => [path, { property, ...how }]))
  return {
    object,
    propertyOf: (path) => byPath.get(spelledAlike(path)),
    ...more,
    paths: [...rows.map(([path, property]) => [path, property] as const), ...(more.paths ?? [])],
  }
}

export function hashRows(path: string, owner: string): readonly Row[] {
  return ['md5', 'sha1', 'sha256'].map((hash) => [
    `${path}.${hash}`,
    `${owner}${owner.includes('.') ? '_' : '.'}${hash}`,
  ])
}

/** Without the object type, hashes in one spelling, and the first of a list as any of it. */
export function spelledAlike(path: ObjectPath): string {
  const steps = path.steps.map((step, number) => {
    if (step.kind === 'index') return { kind: 'index', index: '*' } as const
    const above = path.steps[number - 1]
    const isHash = above?.kind === 'key' && above.key === 'hashes'
    return isHash ? { ...step, key: normalHashName(step.key) } : step
  })
  return printPath({ objectType: '', steps }).slice(1)
}
