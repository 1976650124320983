import type { Condition } from '@tocsin/model'
import type { Hints, Reading, YaraValidator } from '../../document.ts'
import { attributeOf, childNamed, textOfChild, type XmlElement } from '../../xml/tree.ts'
import { isStix } from '../cybox/names.ts'
import { lowerObservables } from '../cybox/read-cybox.ts'
import { readerOf } from '../cybox/reader.ts'
import { anyOf, isNever, never } from '../lowering/compose.ts'
import type { Findings } from '../lowering/findings.ts'
import { type RootContent, readXmlDocument } from '../lowering/xml-document.ts'
import { type Contents, contentsOf } from './contents.ts'
import { lowerIndicator } from './indicators.ts'
import type { StixReader } from './reader.ts'

/** Reads a STIX 1 package. Any of its indicators will do; observables count where there is no indicator. */
export function readStix(bytes: Uint8Array, hints: Hints, yara: YaraValidator): Reading {
  return readXmlDocument('stix', bytes, hints, (root, findings) => readRoot(root, findings, yara))
}

function readRoot(root: XmlElement, findings: Findings, yara: YaraValidator): RootContent | undefined {
  if (root.local !== 'STIX_Package' || !isStix(root.namespace)) {
    findings.say({ code: 'STX001', severity: 'error', message: foreignRoot(root), at: root })
    return undefined
  }
  const reader = { ...readerOf(root, findings), yara }
  const contents = contentsOf(root)
  return {
    typeVersion: attributeOf(root, 'version')?.trim().slice(0, 20) || '1.2',
    ...namesOf(root, contents),
    condition: conditionOf(root, contents, reader),
    blobs: reader.blobs,
  }
}

function conditionOf(
  root: XmlElement,
  { indicators, observableLists }: Contents,
  reader: StixReader,
): Condition {
  const { findings } = reader
  const parts = indicators.map((each) => lowerIndicator(each, reader)).filter((part) => part !== undefined)
  if (parts.length === 0) parts.push(...observableLists.map((list) => lowerObservables(list, reader)))
  else sayLeftOut(observableLists, findings)
  const condition = anyOf(parts, never('cybox'))
  if (isNever(condition)) {
    const message = 'no indicator or observable is left that could match'
    findings.say({ code: 'STX002', severity: 'warning', message, at: root })
  } else if (indicators.length === 0) {
    const message = 'there is no indicator; the observables are taken for one'
    findings.say({ code: 'STX003', severity: 'warning', message, at: root })
  }
  return condition
}

function sayLeftOut(lists: readonly XmlElement[], findings: Findings): void {
  const [first] = lists
  if (first === undefined) return
  findings.say({
    code: 'STX004',
    severity: 'note',
    message: 'observables that no indicator uses are not looked for',
    at: first,
  })
}

function foreignRoot({ local, namespace }: XmlElement): string {
  if (/MAEC/.test(local) || namespace.includes('maec')) return `"${local}" is MAEC, which is not read`
  if (isStix(namespace)) return `"${local}" alone is not read; wrap it in a STIX_Package`
  return `the root is "${local}", a STIX 1 document starts with "STIX_Package"`
}

function namesOf(root: XmlElement, contents: Contents): Pick<RootContent, 'title' | 'description'> {
  const header = childNamed(root, 'STIX_Header')
  const [indicator] = contents.indicators
  return {
    title: (header && textOfChild(header, 'Title')) ?? (indicator && textOfChild(indicator, 'Title')),
    description: header && textOfChild(header, 'Description'),
  }
}
