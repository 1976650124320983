import type { Condition } from '@tocsin/model'
import type { Hints, Reading } from '../../document.ts'
import { attributeOf, childrenNamed, textOfChild, type XmlElement } from '../../xml/tree.ts'
import { anyOf, isNever, never } from '../lowering/compose.ts'
import type { Findings } from '../lowering/findings.ts'
import { type RootContent, readXmlDocument } from '../lowering/xml-document.ts'
import { isCybox } from './names.ts'
import { lowerObservable } from './observables.ts'
import { type Reader, readerOf } from './reader.ts'

/** Reads a stand-alone CybOX 2 document. Any of its observables will do. */
export function readCybox(bytes: Uint8Array, hints: Hints): Reading {
  return readXmlDocument('cybox', bytes, hints, readRoot)
}

function readRoot(root: XmlElement, findings: Findings): RootContent | undefined {
  if (root.local !== 'Observables' || !isCybox(root.namespace)) {
    const message = `the root is "${root.local}", a CybOX document starts with "Observables" of CybOX 2`
    findings.say({ code: 'CBX001', severity: 'error', message, at: root })
    return undefined
  }
  const reader = readerOf(root, findings)
  const condition = lowerObservables(root, reader)
  if (isNever(condition)) {
    const message = 'no observable is left that could match'
    findings.say({ code: 'CBX002', severity: 'warning', message, at: root })
  }
  const [first] = childrenNamed(root, 'Observable')
  const title = first && textOfChild(first, 'Title')
  return { typeVersion: versionOf(root), title, description: undefined, condition, blobs: reader.blobs }
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
