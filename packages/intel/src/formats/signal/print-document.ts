import { type Condition, canonicalText, type Micros } from '@tocsin/model'
import { normalForm } from '../../condition/normal-form.ts'
import type { IntelDocument } from '../../document.ts'
import { fromTheBeginning } from '../../print/from-the-beginning.ts'
import { type Printed, refusalsOf, refusedFor } from '../../print/printed.ts'
import { termsOf } from './ast.ts'
import { signalOf } from './from-condition.ts'
import { lower } from './lower.ts'
import { parseSignal, signalLimits } from './parse-signal.ts'
import { printSignal } from './print-signal.ts'
import { contentsOf } from './signal-contents.ts'
import { syntaxVersion } from './syntax-version.ts'

/** A document as a signal's JSON, which carries its name, platforms and techniques. */
export function printAsSignal(document: IntelDocument, at: Micros): Printed {
  const refusals = refusalsOf(document)
  const { condition, notes } = fromTheBeginning(document.condition, at)
  const signal = signalOf({ ...document, condition }, refusals)
  if (signal === undefined) return { kind: 'refused', refusals: refusals.all() }
  const count = termsOf(signal).length
  if (count > signalLimits.terms)
    return refusedFor(`${count} terms; a signal has at most ${signalLimits.terms}`)
  const text = printSignal(signal)
  const again = parseSignal(text)
  if (again.signal === undefined) return refusedFor(again.diagnostics[0]?.message ?? 'no signal')
  if (!isAlike(lower(signal).condition, lower(again.signal).condition))
    return refusedFor('the signal would be read as something else')
  const { name, description, platforms, techniques } = document
  const draft = { name, description, text, platforms, techniques, place: (at: number) => at, diagnostics: [] }
  const { contents } = contentsOf(draft, syntaxVersion(signal))
  return { kind: 'printed', text: `${JSON.stringify(JSON.parse(contents), null, 2)}\n`, notes }
}

function isAlike(one: Condition, other: Condition): boolean {
  return canonicalText(normalForm(one)) === canonicalText(normalForm(other))
}
