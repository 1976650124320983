import type { Condition, Diagnostic, Span } from '@tocsin/model'
import type { XmlCode } from '../../xml/codes.ts'
import type { XmlDocument } from '../../xml/tree.ts'
import type { CyboxCode } from '../cybox/codes.ts'
import type { OpenIocCode } from '../openioc/codes.ts'
import type { StixCode } from '../stix/codes.ts'

interface Range {
  readonly from: number
  readonly to: number
}

export interface Remark {
  readonly code: XmlCode | OpenIocCode | CyboxCode | StixCode
  readonly severity: Diagnostic['severity']
  readonly message: string
  readonly at?: Range
  readonly hint?: string
}

/** What a reader has to say about a document, and where each node of the condition was written. */
export interface Findings {
  say(remark: Remark): void
  /** Says it once for all remarks with the same message; the diagnostic tells how often it was meant. */
  sayOnce(remark: Remark): void
  /** Remembers where a node was written; gives the node back. */
  written<Node extends Condition>(node: Node, at: Range): Node
  placeOf(node: Condition): Span | undefined
  hasErrors(): boolean
  diagnostics(): readonly Diagnostic[]
}

/** A document with more remarks than this has one problem, not a thousand. */
const most = 1_000

export function findingsOf(document: XmlDocument): Findings {
  const remarks: { readonly remark: Remark; times: number }[] = []
  const once = new Map<string, { times: number }>()
  const places = new Map<Condition, Range>()
  let left = 0
  let errors = 0
  const say = (remark: Remark) => {
    if (remark.severity === 'error') errors += 1
    const said = { remark, times: 1 }
    if (remarks.length < most || remark.severity === 'error') remarks.push(said)
    else left += 1
    return said
  }
  return {
    say,
    sayOnce(remark) {
      const key = `${remark.code} ${remark.message}`
      const said = once.get(key)
      if (said === undefined) once.set(key, say(remark))
      else said.times += 1
    },
    written(node, at) {
      places.set(node, { from: at.from, to: at.to })
      return node
    },
    placeOf(node) {
      const at = places.get(node)
      return at && document.spanOf(at)
    },
    hasErrors: () => errors > 0,
    diagnostics() {
      const said = remarks.map(({ remark, times }) => diagnosticOf(remark, times, document))
      if (left === 0) return said
      return [...said, remarksLeft(left)]
    },
  }
}

function remarksLeft(count: number): Diagnostic {
  const code: XmlCode = 'XML012'
  return { code, severity: 'note', message: `${count} more remarks were left out` }
}

function diagnosticOf({ at, hint, ...remark }: Remark, times: number, document: XmlDocument): Diagnostic {
  const message = times === 1 ? remark.message : `${remark.message} (${times} times)`
  return {
    code: remark.code,
    severity: remark.severity,
    message,
    ...(at === undefined ? {} : { span: document.spanOf(at) }),
    ...(hint === undefined ? {} : { hint }),
  }
}
