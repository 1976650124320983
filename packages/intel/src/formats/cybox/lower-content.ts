import type { Condition } from '@tocsin/model'
import { type ByteTest, type Flaw, isFlaw } from '../lowering/byte-facts.ts'
import { allOf, anyOf, never } from '../lowering/compose.ts'
import { type ContentFact, contentOf, deniedFact } from '../lowering/content-rule.ts'
import { flawOfValue } from '../lowering/literals.ts'
import type { FieldContext } from './context.ts'
import type { ContentRow, Field } from './objects/rows.ts'
import { isCaseSensitive, type Said, saidComparison, valuesOf } from './said.ts'

const nothing = never('cybox')

/** What a field says of the bytes of a file or of memory; otherwise why it can never match. */
export function lowerContent(field: Field, row: ContentRow, context: FieldContext): Condition | string {
  const said = saidComparison(field.element, context.findings)
  if (typeof said === 'string') return said
  const facts = testsOf(field, said).map(
    (test): ContentFact | Flaw => flawOfTest(test) ?? row.fact(field)(test),
  )
  const flaw = facts.find(isFlaw)
  if (flaw !== undefined) return flaw.flaw
  const leaves = facts
    .flatMap((fact) => (isFlaw(fact) ? [] : [fact]))
    .map((fact) => contentOf(isDenied(said) ? deniedFact(fact) : fact, row.of, context.blobs))
  return takesAll(said) ? allOf(leaves, nothing) : anyOf(leaves, nothing)
}

function flawOfTest({ text }: ByteTest): Flaw | undefined {
  const flaw = flawOfValue(text)
  return flaw === undefined ? undefined : { flaw }
}

/** A range is one test with two ends. */
function testsOf({ element }: Field, { comparison }: Said): readonly ByteTest[] {
  const exact = isCaseSensitive(element)
  const isRange = comparison.startsWith('between')
  const values = valuesOf(element, isRange ? 'integer' : 'text')
  if (isRange) return [{ comparison: 'is', text: values.map((text) => text.trim()).join(' TO '), exact }]
  const isPadded = comparison === 'is'
  return values.map((text) => ({ comparison, text: isPadded ? text.trim() : text, exact }))
}

function isDenied({ apply, negate }: Said): boolean {
  return (apply === 'none') !== negate
}

/** What is denied of any value is denied of all. */
function takesAll({ apply, negate }: Said): boolean {
  if (apply === 'all') return !negate
  return (apply === 'none') !== negate
}
