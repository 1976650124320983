import type { Digest, Field, Literal, Micros, ObjectKind } from './values.ts'

/** One event or one scanned object, as conditions read it. */
export interface Instance {
  readonly object: ObjectKind | 'observation'
  readonly from: 'event' | 'state'
  readonly key: string
  readonly at: Micros
  read(property: string): Field
}

/** `matches`: RE2 syntax, searched; `like`: STIX `%` and `_`; `glob`: `*` and `?`, whole value. */
export type Comparison =
  | 'is'
  | 'contains'
  | 'starts with'
  | 'ends with'
  | 'matches'
  | 'like'
  | 'glob'
  | 'greater'
  | 'less'
  | 'at least'
  | 'at most'
  | 'between'
  | 'between exclusive'
  | 'in network'
  | 'covers network'
  | 'in domain'
  | 'bit and'
  | 'bit or'
  | 'bit xor'
  | 'exists'

export type Operand =
  /** At most 1,000 values, never empty; `between` takes pairs, `exists` takes `[true]`. */
  | { readonly kind: 'values'; readonly values: readonly Literal[] }
  /** A blob: sorted values, one a line. */
  | {
      readonly kind: 'set'
      readonly digest: Digest
      readonly count: number
      readonly of: 'md5' | 'sha1' | 'sha256' | 'text' | 'network' | 'domain'
    }
  /** Another property of the same instance (Sigma's fieldref). */
  | { readonly kind: 'property'; readonly property: string }

export interface Term {
  readonly kind: 'term'
  readonly object: ObjectKind
  /** A row of the vocabulary, or `foreign:<vocabulary>/<path>`: readable, never evaluable. */
  readonly property: string
  readonly comparison: Comparison
  readonly operand: Operand
  /** Over the operand's values (CybOX apply_condition). */
  readonly apply: 'any' | 'all' | 'none'
  /** "Has a value, and it is not this": STIX 2 and CybOX. Signals, Sigma and OpenIOC lower NOT to the node `not`. */
  readonly negate: boolean
  /** `exact: false` folds case (simple Unicode folding, one table); `dashes`: Sigma's windash. */
  readonly text: { readonly exact: boolean; readonly nfc?: true; readonly dashes?: true }
}

/** A YARA rule: true for a file's bytes or a process's memory. */
export interface Content {
  readonly kind: 'content'
  /** Digest of the blob that holds the rule text. */
  readonly source: Digest
  /** One rule of the text; without it, any rule. */
  readonly rule?: string
  readonly engines: readonly ('libyara' | 'yara-x')[]
  readonly modules: readonly string[]
  readonly of: 'file' | 'memory' | 'either'
}

/** All parts read one instance. */
export interface Same {
  readonly kind: 'same'
  readonly object: ObjectKind | 'observation'
  readonly from: 'event' | 'state' | 'either'
  readonly part: Condition
}

export type Condition =
  | Term
  | Content
  | Same
  /** Never empty. */
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  /** STIX AND and FOLLOWEDBY: distinct instances; in order means at(next) ≥ at(previous). */
  | { readonly kind: 'all-of'; readonly order: 'any' | 'in-order'; readonly parts: readonly Condition[] }
  | { readonly kind: 'repeat'; readonly times: number; readonly part: Condition }
  /** Last minus first event of one binding; the process entry and its lineage do not count. */
  | { readonly kind: 'within'; readonly micros: Micros; readonly part: Condition }
  /** from ≤ at < until. */
  | { readonly kind: 'during'; readonly from: Micros; readonly until: Micros; readonly part: Condition }

export type Verdict = 'match' | 'no-match' | 'inconclusive'

/** Child numbers from the root; the root is `[]`. A `not`, `same`, `repeat`, `within` or `during` has the one child 0. */
export type NodePath = readonly number[]

/** The children of a node in the order that NodePath numbers them. */
export function childrenOf(condition: Condition): readonly Condition[] {
  switch (condition.kind) {
    case 'term':
    case 'content':
      return []
    case 'and':
    case 'or':
    case 'all-of':
      return condition.parts
    default:
      return [condition.part]
  }
}

/** Visits every node before its children. */
export function visit(
  condition: Condition,
  see: (node: Condition, at: NodePath) => void,
  at: NodePath = [],
): void {
  see(condition, at)
  for (const [number, child] of childrenOf(condition).entries()) visit(child, see, [...at, number])
}
