import { type Condition, digestOfBytes } from '@tocsin/model'
import type { Hints, IntelDocument, Reading } from '../../document.ts'
import { parseXml } from '../../xml/parse-xml.ts'
import { attributeOf, childrenNamed, textOfChild, type XmlElement } from '../../xml/tree.ts'
import { anyOf, isNever, never } from '../lowering/compose.ts'
import { findingsOf } from '../lowering/findings.ts'
import { originsOf } from '../lowering/origins.ts'
import { isCybox } from './names.ts'
import { lowerObservable } from './observables.ts'
import { type Reader, readerOf } from './reader.ts'

/** Reads a stand-alone CybOX 2 document. Any of its observables will do. */
export function readCybox(bytes: Uint8Array, hints: Hints): Reading {
  const { document, diagnostics } = parseXml(bytes)
  if (document === undefined) return { kind: 'cybox', diagnostics }
  const { root } = document
  const findings = findingsOf(document)
  if (root.local !== 'Observables' || !isCybox(root.namespace)) {
    findings.say({
      code: 'CBX001',
      severity: 'error',
      message: `the root is "${root.local}", a CybOX document starts with "Observables" of CybOX 2`,
      at: root,
    })
    return { kind: 'cybox', diagnostics: [...diagnostics, ...findings.diagnostics()] }
  }
  const reader = readerOf(root, findings)
  const condition = lowerObservables(root, reader)
  if (isNever(condition)) {
    const message = 'no observable is left that could match'
    findings.say({ code: 'CBX002', severity: 'warning', message, at: root })
  }
  const all = [...diagnostics, ...findings.diagnostics()]
  if (findings.hasErrors()) return { kind: 'cybox', diagnostics: all }
  const id = attributeOf(root, 'id')?.trim() || hints.fileName || digestOfBytes(bytes).slice(0, 16)
  const [first] = childrenNamed(root, 'Observable')
  const title = first && textOfChild(first, 'Title')
  const read: IntelDocument = {
    kind: 'cybox',
    typeVersion: versionOf(root),
    intrinsicId: id,
    name: title ?? hints.name ?? hints.fileName ?? id,
    description: hints.description ?? null,
    platforms: hints.platforms ?? [],
    techniques: [],
    contents: document.text,
    compiled: null,
    subject: 'host',
    condition,
    origins: originsOf(condition, findings, document.spanOf(root)),
    blobs: reader.blobs,
  }
  return { kind: 'cybox', document: read, diagnostics: all }
}

/** The observables of an Observables element, joined by OR; those that only compositions use are parts of these. */
export function lowerObservables(list: XmlElement, reader: Reader): Condition {
  const all = childrenNamed(list, 'Observable')
  const used = new Set(all.flatMap(referencesInside))
  const free = all.filter((each) => !used.has(attributeOf(each, 'id') ?? ''))
  const parts = (free.length === 0 ? all : free).map((each) => lowerObservable(each, reader))
  return anyOf(
    parts.filter((part) => part !== undefined),
    never('cybox'),
  )
}

function referencesInside(observable: XmlElement): readonly string[] {
  return childrenNamed(observable, 'Observable_Composition')
    .flatMap((composition) => childrenNamed(composition, 'Observable'))
    .flatMap((part) => [attributeOf(part, 'idref') ?? '', ...referencesInside(part)])
    .filter((reference) => reference !== '')
}

function versionOf(root: XmlElement): string {
  const major = attributeOf(root, 'cybox_major_version')?.trim() || '2'
  const minor = attributeOf(root, 'cybox_minor_version')?.trim() || '1'
  return `${major}.${minor}`.slice(0, 20)
}
