import { type Condition, type Digest, digestOfBytes, type Kind } from '@tocsin/model'
import type { Hints, IntelDocument, Reading } from '../../document.ts'
import { parseXml } from '../../xml/parse-xml.ts'
import { attributeOf, type XmlElement } from '../../xml/tree.ts'
import { type Findings, findingsOf } from './findings.ts'
import { originsOf } from './origins.ts'

/** What a format finds in the root of its XML; what it does not name comes from the hints of the upload. */
export interface RootContent {
  readonly typeVersion: string
  readonly title: string | undefined
  readonly description: string | undefined
  readonly condition: Condition
  readonly blobs: ReadonlyMap<Digest, Uint8Array>
}

/**
 * Reads a document whose format is XML with the intrinsic id at its root. `readRoot` says what is wrong to the
 * findings; after an error there is no document, whatever it returns.
 */
export function readXmlDocument(
  kind: Kind,
  bytes: Uint8Array,
  hints: Hints,
  readRoot: (root: XmlElement, findings: Findings) => RootContent | undefined,
): Reading {
  const { document, diagnostics } = parseXml(bytes)
  if (document === undefined) return { kind, diagnostics }
  const { root } = document
  const findings = findingsOf(document)
  const content = readRoot(root, findings)
  const all = [...diagnostics, ...findings.diagnostics()]
  if (content === undefined || findings.hasErrors()) return { kind, diagnostics: all }
  const { typeVersion, title, description, condition, blobs } = content
  const intrinsicId = attributeOf(root, 'id')?.trim() || hints.fileName || digestOfBytes(bytes).slice(0, 16)
  const read: IntelDocument = {
    kind,
    typeVersion,
    intrinsicId,
    name: title ?? hints.name ?? hints.fileName ?? intrinsicId,
    description: description ?? hints.description ?? null,
    platforms: hints.platforms ?? [],
    techniques: [],
    contents: document.text,
    compiled: null,
    subject: 'host',
    condition,
    origins: originsOf(condition, findings, document.spanOf(root)),
    blobs,
  }
  return { kind, document: read, diagnostics: all }
}
