import { type Condition, canonicalText, type Literal, type Micros } from '@tocsin/model'
import type { IntelDocument } from '../../document.ts'
import { uuidOf } from '../../print/identifiers.ts'
import { conditionOnHost } from '../../print/of-host.ts'
import { linesOf } from '../../print/plain-tests.ts'
import { type Printed, refusalsOf, refusedFor } from '../../print/printed.ts'
import { meansTheSame } from '../../print/same-meaning.ts'
import { filesOf } from '../../print/things.ts'
import { farUntil } from '../lowering/validity.ts'
import { timeOf } from './comparison-of-term.ts'
import { patternOf, notes as placeNotes, type SaidPattern } from './from-condition.ts'
import { type Alternative, objectsAmong } from './objects-among.ts'
import { printPattern } from './pattern/print-pattern.ts'
import { readStix2 } from './read-stix2.ts'

/** So many values stand in one set of a pattern. */
const mostInSet = 500

/** A document as a STIX 2.1 bundle: an indicator for each of its alternatives. */
export function printAsStix2(document: IntelDocument, at: Micros): Printed {
  const refusals = refusalsOf(document)
  const onHost = conditionOnHost(document, refusals)
  if (onHost === undefined) return { kind: 'refused', refusals: refusals.all() }
  const things = filesOf(onHost)
  const notes = new Set<string>()
  const printer = { refusals, blobs: document.blobs, notes }
  const alternatives = alternativesOf(things.condition, document.blobs)
  const claims = alternatives.map((part) => claimOf(part, printer)).filter((claim) => claim !== undefined)
  if (claims.length < alternatives.length) return { kind: 'refused', refusals: refusals.all() }
  const text = `${JSON.stringify(bundleOf(document, claims, at), null, 2)}\n`
  const again = readStix2(new TextEncoder().encode(text), {}, nobody)
  const means: Condition = { kind: 'or', parts: claims.map((claim) => meantBy(claim)) }
  if (again.document === undefined || !meansTheSame(again.document.condition, means))
    return refusedFor('parts that STIX 2 would read otherwise')
  // What the document says itself needs no note.
  if (meansTheSame(onHost, means)) notes.clear()
  if (things.notes.length > 0 && lookEverywhere.has(document.kind)) notes.delete(placeNotes.file)
  const isComposed = /"nfc":true/.test(canonicalText(means)) && !/"nfc":true/.test(canonicalText(onHost))
  if (isComposed) notes.add('letters beyond ASCII are compared in their composed form')
  return { kind: 'printed', text, notes: [...notes, ...notesOn(document)] }
}

function notesOn({ platforms }: IntelDocument): readonly string[] {
  return platforms.length === 0
    ? []
    : [`STIX 2 names no platforms; the document is for ${platforms.join(', ')}`]
}

/** Kinds whose files are looked for in every place as those of STIX 2 are. */
const lookEverywhere: ReadonlySet<IntelDocument['kind']> = new Set(['list', 'misp', 'stix2'])

/** Our patterns hold no YARA. */
const nobody = { validate: () => ({ accepted: false, problems: [] }) }

interface Claim {
  readonly said: SaidPattern
  readonly valid?: { readonly from: Micros; readonly until: Micros }
}

function claimOf({ part, valid }: Timed, printer: Parameters<typeof patternOf>[1]): Claim | undefined {
  const said = patternOf(part, printer)
  return said && { said, ...(valid === undefined ? {} : { valid }) }
}

function meantBy({ said, valid }: Claim): Condition {
  return valid === undefined ? said.means : { kind: 'during', ...valid, part: said.means }
}

interface Timed {
  readonly part: Alternative
  readonly valid?: Claim['valid']
}

/** The parts of the outermost OR, long lists of values in pieces. */
function alternativesOf(condition: Condition, blobs: IntelDocument['blobs']): readonly Timed[] {
  const parts = condition.kind === 'or' ? condition.parts : [condition]
  const always = parts.filter(({ kind }) => kind !== 'during')
  const limited = parts.filter((part) => part.kind === 'during')
  const objectsIn = (some: readonly Condition[]) =>
    objectsAmong(some.flatMap((part) => inPieces(part, blobs)))
  return [
    ...objectsIn(always).map((part): Timed => ({ part })),
    ...limited.flatMap(({ part, from, until }) =>
      objectsIn(part.kind === 'or' ? part.parts : [part]).map(
        (each): Timed => ({ part: each, valid: { from, until } }),
      ),
    ),
  ]
}

function inPieces(part: Condition, blobs: IntelDocument['blobs']): readonly Condition[] {
  if (part.kind !== 'term' || part.operand.kind === 'property') return [part]
  const values = part.operand.kind === 'set' ? linesOf(part.operand, blobs) : part.operand.values
  // Why a set cannot be written out is told where it is written.
  if (typeof values === 'string' || values.length <= mostInSet) return [part]
  const pieces: Condition[] = []
  for (let at = 0; at < values.length; at += mostInSet) {
    const some: readonly Literal[] = values.slice(at, at + mostInSet)
    pieces.push({ ...part, operand: { kind: 'values', values: some } })
  }
  return pieces
}

function bundleOf(document: IntelDocument, claims: readonly Claim[], at: Micros) {
  const { kind, intrinsicId, name, techniques } = document
  const base = `${kind} ${intrinsicId}`
  const stamp = { spec_version: '2.1', created: timeOf(at), modified: timeOf(at) }
  const indicators = claims.map((claim) => indicatorOf(document, claim, stamp))
  const attacks = techniques.map((technique) => ({
    type: 'attack-pattern',
    ...stamp,
    id: `attack-pattern--${uuidOf(technique.id)}`,
    name: technique.name || technique.id,
    external_references: [{ source_name: 'mitre-attack', external_id: technique.id }],
  }))
  const relationships = indicators.flatMap((indicator) =>
    attacks.map((attack) => ({
      type: 'relationship',
      ...stamp,
      id: `relationship--${uuidOf(`${indicator.id} ${attack.id}`)}`,
      relationship_type: 'indicates',
      source_ref: indicator.id,
      target_ref: attack.id,
    })),
  )
  const objects = [...indicators, ...attacks, ...relationships]
  const report = {
    type: 'report',
    ...stamp,
    id: `report--${uuidOf(base)}`,
    name,
    report_types: ['indicator'],
    published: timeOf(at),
    object_refs: objects.map(({ id }) => id),
  }
  return {
    type: 'bundle',
    id: `bundle--${uuidOf(base)}`,
    objects: indicators.length === 1 ? objects : [report, ...objects],
  }
}

function indicatorOf(
  { name, description }: IntelDocument,
  { said, valid }: Claim,
  stamp: { readonly spec_version: string; readonly created: string; readonly modified: string },
) {
  const pattern = printPattern(said.pattern)
  return {
    type: 'indicator',
    ...stamp,
    id: `indicator--${uuidOf(`${name} ${pattern}`)}`,
    name,
    ...(description === null ? {} : { description }),
    pattern,
    pattern_type: 'stix',
    pattern_version: '2.1',
    // Without a time it holds for all that was ever recorded.
    valid_from: timeOf(valid?.from ?? 0),
    ...(valid === undefined || valid.until >= farUntil ? {} : { valid_until: timeOf(valid.until) }),
  }
}
