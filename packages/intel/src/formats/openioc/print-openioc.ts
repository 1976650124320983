import type { Micros } from '@tocsin/model'
import type { IntelDocument } from '../../document.ts'
import { fromTheBeginning } from '../../print/from-the-beginning.ts'
import { uuidOf } from '../../print/identifiers.ts'
import { conditionOnHost } from '../../print/of-host.ts'
import { type Printed, refusalsOf, refusedFor } from '../../print/printed.ts'
import { meansTheSame } from '../../print/same-meaning.ts'
import { thingsOf } from '../../print/things.ts'
import { indicatorOf } from './from-condition.ts'
import type { WrittenItem } from './item-of-test.ts'
import { readOpenIoc } from './read-openioc.ts'
import type { WrittenGroup } from './said.ts'

/** No document has more items. */
export const mostItems = 10_000

/** A document as OpenIOC 1.1. */
export function printAsOpenIoc(document: IntelDocument, at: Micros): Printed {
  const refusals = refusalsOf(document)
  const onHost = conditionOnHost(document, refusals)
  if (onHost === undefined) return { kind: 'refused', refusals: refusals.all() }
  const { condition: always, notes: timeNotes } = fromTheBeginning(onHost, at)
  const { condition, notes } = thingsOf(always)
  const said = indicatorOf(condition, { refusals, blobs: document.blobs })
  if (said === undefined) return { kind: 'refused', refusals: refusals.all() }
  const { written, means } = said
  const count = countOf(written)
  if (count > mostItems) return refusedFor(`${count} items; a document has at most ${mostItems}`)
  const text = textOf(document, groupOf(written), at)
  const again = readOpenIoc(new TextEncoder().encode(text), {})
  if (again.document === undefined || !meansTheSame(again.document.condition, means))
    return refusedFor('parts that OpenIOC would bind to one instance, and the document does not')
  return { kind: 'printed', text, notes: [...timeNotes, ...notes, ...notesOn(document)] }
}

function notesOn({ platforms }: IntelDocument): readonly string[] {
  return platforms.length === 0
    ? []
    : [`OpenIOC names no platforms; the document is for ${platforms.join(', ')}`]
}

function groupOf(written: WrittenGroup | WrittenItem): WrittenGroup {
  return written.kind === 'group' ? written : { kind: 'group', operator: 'OR', parts: [written] }
}

function countOf(part: WrittenGroup | WrittenItem): number {
  return part.kind === 'item' ? 1 : part.parts.reduce((sum, each) => sum + countOf(each), 0)
}

function textOf(
  { name, description, kind, intrinsicId }: IntelDocument,
  group: WrittenGroup,
  at: Micros,
): string {
  const time = `${new Date(Math.floor(at / 1_000)).toISOString().slice(0, 19)}Z`
  const id = uuidOf(`${kind} ${intrinsicId}`)
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<OpenIOC xmlns="http://openioc.org/schemas/OpenIOC_1.1" id="${id}" last-modified="${time}" published-date="${time}">`,
    '  <metadata>',
    `    <short_description>${escaped(name)}</short_description>`,
    ...(description === null ? [] : [`    <description>${escaped(description)}</description>`]),
    `    <authored_date>${time}</authored_date>`,
    '  </metadata>',
    '  <criteria>',
    ...linesOf(group, id, '    '),
    '  </criteria>',
    '</OpenIOC>',
    '',
  ].join('\n')
}

function linesOf(part: WrittenGroup | WrittenItem, above: string, indent: string): readonly string[] {
  if (part.kind === 'item') return itemLines(part, above, indent)
  const id = uuidOf(`${above} ${part.operator}`)
  return [
    `${indent}<Indicator id="${id}" operator="${part.operator}">`,
    ...inOrder(part.parts).flatMap((each, number) => linesOf(each, `${id} ${number}`, `${indent}  `)),
    `${indent}</Indicator>`,
  ]
}

/** The schema wants an Indicator's items before its Indicators. */
function inOrder(parts: WrittenGroup['parts']): WrittenGroup['parts'] {
  return [...parts.filter(({ kind }) => kind === 'item'), ...parts.filter(({ kind }) => kind === 'group')]
}

function itemLines(item: WrittenItem, above: string, indent: string): readonly string[] {
  const { search, condition, value, type, preserveCase, negate } = item
  const group = search.slice(0, search.lastIndexOf('/')).replace(/\/.*/, '')
  const kind = /event$/i.test(group) ? 'event' : 'mir'
  const id = uuidOf(`${above} ${search} ${condition} ${value}`)
  return [
    `${indent}<IndicatorItem id="${id}" condition="${condition}" preserve-case="${preserveCase}" negate="${negate}">`,
    `${indent}  <Context document="${escaped(group)}" search="${escaped(search)}" type="${kind}" />`,
    `${indent}  <Content type="${type}">${escaped(value)}</Content>`,
    `${indent}</IndicatorItem>`,
  ]
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"\r]/g, (letter) => references[letter] ?? letter)
}
