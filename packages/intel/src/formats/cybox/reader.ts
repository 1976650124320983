import type { Digest } from '@tocsin/model'
import { attributeOf, type XmlElement } from '../../xml/tree.ts'
import type { Findings } from '../lowering/findings.ts'

/** What the readers of one STIX or CybOX document share. */
export interface Reader {
  readonly findings: Findings
  /** Everything that has an id; references are resolved against it, so they may point forwards. */
  readonly byId: ReadonlyMap<string, XmlElement>
  /** Ids whose content is being read. */
  readonly open: Set<string>
  readonly blobs: Map<Digest, Uint8Array>
  /** Characters that references may still repeat. */
  left: number
  /** Elements that are being read, one in the other. */
  depth: number
}

/** References can multiply: what they repeat may be four times as long as the document, or 4 MiB. */
function mostRepeated(root: XmlElement): number {
  return Math.max(4 * 1024 * 1024, 4 * (root.to - root.from))
}
const deepest = 200

export function readerOf(root: XmlElement, findings: Findings): Reader {
  const byId = new Map<string, XmlElement>()
  const collect = (element: XmlElement) => {
    const id = attributeOf(element, 'id')
    if (id !== undefined && !byId.has(id)) byId.set(id, element)
    for (const child of element.children) collect(child)
  }
  collect(root)
  return { findings, byId, open: new Set(), blobs: new Map(), left: mostRepeated(root), depth: 0 }
}

/** Reads an element, or what it refers to; nothing if that lies outside of the document. */
export function follow<Result>(
  element: XmlElement,
  reader: Reader,
  read: (target: XmlElement) => Result | undefined,
): Result | undefined {
  reader.depth += 1
  const isAllowed = !reader.findings.hasErrors() && !isTooMuch(element, reader)
  const result = isAllowed ? readTarget(element, reader, read) : undefined
  reader.depth -= 1
  return result
}

/** The element that is meant, without reading on from it; nothing if it lies outside of the document. */
export function resolve(element: XmlElement, reader: Reader): XmlElement | undefined {
  const reference = attributeOf(element, 'idref')
  if (reference === undefined) return element
  const target = reader.byId.get(reference)
  if (target === undefined) {
    sayOutside(reference, element, reader)
    return undefined
  }
  reader.left -= target.to - target.from
  return reader.findings.hasErrors() || isTooMuch(element, reader) ? undefined : target
}

function readTarget<Result>(
  element: XmlElement,
  reader: Reader,
  read: (target: XmlElement) => Result | undefined,
): Result | undefined {
  const reference = attributeOf(element, 'idref')
  if (reference === undefined) return read(element)
  const target = reader.byId.get(reference)
  if (target === undefined) {
    sayOutside(reference, element, reader)
    return undefined
  }
  if (reader.open.has(reference)) {
    const message = `"${reference}" refers to itself`
    reader.findings.say({ code: 'CBX009', severity: 'error', message, at: element })
    return undefined
  }
  reader.left -= target.to - target.from
  reader.open.add(reference)
  const result = follow(target, reader, read)
  reader.open.delete(reference)
  return result
}

function sayOutside(reference: string, element: XmlElement, { findings }: Reader): void {
  const message = `"${reference}" is not in this document`
  findings.sayOnce({ code: 'CBX008', severity: 'note', message, at: element })
}

function isTooMuch(element: XmlElement, { findings, left, depth }: Reader): boolean {
  if (left >= 0 && depth <= deepest) return false
  const message =
    left < 0
      ? 'references repeat more than four times what is there'
      : `references are nested deeper than ${deepest}`
  findings.say({ code: 'CBX010', severity: 'error', message, at: element })
  return true
}
