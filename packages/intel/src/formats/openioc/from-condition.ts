import { type Condition, canonicalText, childrenOf, type ObjectKind, type Same } from '@tocsin/model'
import { normalForm } from '../../condition/normal-form.ts'
import { meansTheSame } from '../../print/same-meaning.ts'
import { objectOf } from '../../print/things.ts'
import { instanceOf } from './instances.ts'
import { itemsOf, own, type Printer, wordsFor } from './items-of-part.ts'
import { denied, type Said, series } from './said.ts'
import { termsReading } from './terms.ts'

/** A condition with each thing in one place, as an Indicator; nothing where it is none. */
export function indicatorOf(node: Condition, printer: Printer): Said | undefined {
  switch (node.kind) {
    case 'or':
      return series(
        'or',
        gathered(node.parts).map((part) =>
          part.kind === 'several' ? asOne(part, printer) : indicatorOf(part, printer),
        ),
      )
    case 'and':
      return series(
        'and',
        node.parts.map((part) => indicatorOf(part, printer)),
      )
    case 'not':
      return absent(node, node.part, printer)
    case 'term':
      return claim(node, { kind: 'same', object: node.object, from: 'either', part: node }, printer)
    case 'same':
      return claim(node, node, printer)
    default:
      return printer.refusals.refuse(node, wordsFor(node.kind))
  }
}

/** What one instance of OpenIOC is here: connections that are watched and that are there, drivers, mutexes. */
interface Several {
  readonly kind: 'several'
  readonly first: Condition
}

function gathered(parts: readonly Condition[]): readonly (Condition | Several)[] {
  const byForm = new Map(parts.map((part) => [formOf(part), part] as const))
  const taken = new Set<Condition>()
  const several = parts.flatMap((part): readonly Several[] => {
    if (taken.has(part)) return []
    const views = viewsOf(part).map((view) => byForm.get(formOf(view)))
    const seen = views.filter((view) => view !== undefined)
    if (views.length < 2 || seen.length < views.length) return []
    for (const view of seen) taken.add(view)
    return [{ kind: 'several', first: part }]
  })
  return [...parts.filter((part) => !taken.has(part)), ...several]
}

/** All that an OpenIOC document looks for where it asks for this instance. */
function viewsOf(part: Condition): readonly Condition[] {
  const object = objectOf(part)
  if (object !== 'connection' && object !== 'driver' && object !== 'process') return [part]
  if (part.kind === 'same' && part.from !== 'either') return [part]
  const whole = normalForm(instance(object, 'either', part.kind === 'same' ? part.part : part))
  return whole.kind === 'or' ? whole.parts : [whole]
}

function instance(object: ObjectKind, from: Same['from'], part: Condition): Condition {
  return instanceOf({ kind: 'item', object, from, isNegated: false, condition: part }, part)
}

function formOf(part: Condition): string {
  return canonicalText(normalForm(part))
}

function asOne({ first }: Several, printer: Printer): Said | undefined {
  if (first.kind === 'same') return claim(first, first, { ...printer, isWhole: true })
  if (first.kind !== 'term') return undefined
  const around: Same = { kind: 'same', object: first.object, from: 'either', part: first }
  return claim(first, around, { ...printer, isWhole: true })
}

const eventOnly: ReadonlySet<string> = new Set(['network', 'dns', 'image', 'driver'])

/** One instance: its items are all of one class of terms. */
function claim(
  node: Condition,
  { object, from, part }: Same,
  printer: Printer & { readonly isWhole?: true },
): Said | undefined {
  const { refusals } = printer
  if (part.kind === 'term' && part.property.startsWith('foreign:openioc/')) return own(part, printer)
  if (object === 'observation')
    return refusals.refuse(node, 'an object that only STIX observes; no endpoint sees it')
  if (hasContent(part)) return refusals.refuse(node, 'what stands in a file, which a YARA rule looks for')
  if (from === 'state') return refusals.refuse(node, `what only a scan finds (${object})`)
  if (!hasPositive(part, false))
    return refusals.refuse(node, `an object (${object}) of which is only told what it is not`)
  const place = { object, from: sourceFor(object, from, part), ...printer }
  const isWritten = object === 'file' && place.from === 'event'
  const body = isWritten ? withoutWrites(part) : part
  if (body === undefined) return refusals.refuse(node, 'an operation on files; events of OpenIOC are writes')
  const said = itemsOf(body, false, place)
  if (said === undefined) return undefined
  const means = instance(object, place.from, said.means)
  const asked: Condition = isWritten ? { kind: 'and', parts: [writes(part), said.means] } : said.means
  if (!printer.isWhole && !meansTheSame(means, { kind: 'same', object, from: place.from, part: asked }))
    return refusals.refuse(node, `one way in which a ${object} shows; OpenIOC looks for all of them`)
  return { written: said.written, means }
}

/** Terms of events where the claim is of one, or where no other terms read what it says. */
function sourceFor(object: ObjectKind, from: Same['from'], part: Condition): 'event' | 'either' {
  if (from === 'event') return 'event'
  const needsEvent = canBe(part, object, 'event') && !canBe(part, object, 'either')
  return eventOnly.has(object) && needsEvent ? 'event' : 'either'
}

function canBe(part: Condition, object: Same['object'], from: Same['from']): boolean {
  if (part.kind === 'term')
    return object !== 'observation' && termsReading(part.property, object, from).length > 0
  const parts = 'parts' in part ? part.parts : 'part' in part ? [part.part] : []
  return parts.every((each) => canBe(each, object, from))
}

/** What is left of a written file; nothing where it is not just written. */
function withoutWrites(part: Condition): Condition | undefined {
  const parts = part.kind === 'and' ? part.parts : [part]
  const others = parts.filter((each) => !isWrites(each))
  const [only] = others
  if (others.length === parts.length || only === undefined) return undefined
  return others.length === 1 ? only : { kind: 'and', parts: others }
}

function writes(part: Condition): Condition {
  return (part.kind === 'and' ? part.parts : [part]).find(isWrites) ?? part
}

function isWrites(part: Condition): boolean {
  if (part.kind !== 'term' || part.property !== 'file.operation' || part.comparison !== 'is') return false
  return part.operand.kind === 'values' && [...part.operand.values].sort().join() === 'create,write'
}

/** No such instance: only of single comparisons, each of which is an item by itself. */
function absent(node: Condition, part: Condition, printer: Printer): Said | undefined {
  const said = indicatorOf(part, printer)
  if (said === undefined) return undefined
  const denials = denied(said)
  if (denials === undefined)
    return printer.refusals.refuse(node, 'the absence of something with several properties')
  return denials
}

function hasContent(part: Condition): boolean {
  return part.kind === 'content' || childrenOf(part).some(hasContent)
}

function hasPositive(part: Condition, isDenied: boolean): boolean {
  if (part.kind === 'term' || part.kind === 'content') return !isDenied
  if (part.kind === 'not') return hasPositive(part.part, !isDenied)
  return 'parts' in part && part.parts.some((each) => hasPositive(each, isDenied))
}
