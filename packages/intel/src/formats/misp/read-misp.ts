import { type Condition, type Diagnostic, digestOfBytes } from '@tocsin/model'
import type { Hints, IntelDocument, Reading } from '../../document.ts'
import { decodeUtf8, parseJson } from '../../text.ts'
import { anyOf, isNever } from '../lowering/compose.ts'
import { type Attribute, eventsOf, type MispEvent } from './attributes.ts'
import type { MispCode } from './codes.ts'
import { never } from './lower-facts.ts'
import { type LeftOut, lowerAttribute, lowerObject } from './objects.ts'
import { whyLeftOut } from './types.ts'

// Limit: a MISP document has at most 20,000 attributes.
const mostAttributes = 20_000
const mostFlawsShown = 50

/** Reads a MISP event, or several: any attribute or object meant for detection will do. */
export function readMisp(bytes: Uint8Array, hints: Hints): Reading {
  const text = decodeUtf8(bytes)
  const body = text === undefined ? undefined : parseJson(text)
  if (text === undefined || body === undefined) return refused('MSP001', 'the document is not JSON in UTF-8')
  const events = eventsOf(body)
  const [first] = events
  if (first === undefined) return refused('MSP002', 'the JSON holds no MISP event')
  if (countOf(events) > mostAttributes)
    return refused('MSP006', `more than ${mostAttributes} attributes; split the document`)
  const { condition, diagnostics, blobs } = lowered(events)
  if (isNever(condition)) {
    const message = 'no attribute is meant for detection (to_ids) and can be looked for'
    return { kind: 'misp', diagnostics: [...diagnostics, { code: 'MSP003', severity: 'error', message }] }
  }
  const document: IntelDocument = {
    kind: 'misp',
    typeVersion: '2.4',
    ...identityOf(first, bytes, hints),
    platforms: hints.platforms ?? [],
    techniques: events.flatMap(({ techniques }) => techniques),
    contents: text,
    compiled: null,
    subject: 'host',
    condition,
    origins: new Map(),
    blobs,
  }
  return { kind: 'misp', document, diagnostics }
}

function countOf(events: readonly MispEvent[]): number {
  return events.reduce((total, { alone, together }) => {
    return total + alone.length + together.reduce((all, { attributes }) => all + attributes.length, 0)
  }, 0)
}

function lowered(events: readonly MispEvent[]): {
  readonly condition: Condition
  readonly diagnostics: readonly Diagnostic[]
  readonly blobs: LeftOut['blobs']
} {
  const skipped = new Map<string, number>()
  const flaws: { readonly attribute: Attribute; readonly why: string }[] = []
  const leftOut: LeftOut = {
    blobs: new Map(),
    skipped: (type) => skipped.set(type, (skipped.get(type) ?? 0) + 1),
    flawed: (attribute, why) => flaws.push({ attribute, why }),
  }
  const parts = events.flatMap(({ alone, together }) => [
    ...alone.map((attribute) => lowerAttribute(attribute, leftOut)).filter((part) => part !== undefined),
    ...together.flatMap((object) => lowerObject(object, leftOut)),
  ])
  const diagnostics = [...skippedRemarks(skipped), ...flawRemarks(flaws)]
  return { condition: anyOf(parts, never), diagnostics, blobs: leftOut.blobs }
}

/** One remark for each reason. */
function skippedRemarks(skipped: ReadonlyMap<string, number>): readonly Diagnostic[] {
  const reasons = Map.groupBy([...skipped].slice(0, 200), ([type]) => whyLeftOut(type))
  return [...reasons].map(([why, types]) => {
    const counts = types.slice(0, 50).map(([type, count]) => `${count} of ${type.slice(0, 40)}`)
    return { code: 'MSP004', severity: 'warning', message: `left out: ${counts.join(', ')}: ${why}` }
  })
}

function flawRemarks(
  flaws: readonly { readonly attribute: Attribute; readonly why: string }[],
): readonly Diagnostic[] {
  const remarks = flaws.slice(0, mostFlawsShown).map(({ attribute: { type, value }, why }) => {
    const message = `${type.slice(0, 40)} “${value.slice(0, 60)}” is left out: ${why}`
    return { code: 'MSP005', severity: 'warning', message } as const
  })
  if (flaws.length <= mostFlawsShown) return remarks
  const message = `${flaws.length} attributes have unfit values in all`
  return [...remarks, { code: 'MSP005', severity: 'warning', message }]
}

function identityOf({ uuid, info }: MispEvent, bytes: Uint8Array, hints: Hints) {
  const id = (uuid ?? hints.fileName ?? digestOfBytes(bytes).slice(0, 16)).slice(0, 200)
  return {
    intrinsicId: id,
    name: (info ?? hints.name ?? hints.fileName ?? id).slice(0, 500),
    description: hints.description ?? null,
  }
}

function refused(code: MispCode, message: string): Reading {
  return { kind: 'misp', diagnostics: [{ code, severity: 'error', message }] }
}
