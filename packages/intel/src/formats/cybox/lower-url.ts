import type { Condition } from '@tocsin/model'
import { isAddress } from '../list/observable.ts'
import { anyOf, isNever, negated, never, someConnection, term } from '../lowering/compose.ts'
import { flawOfValue } from '../lowering/literals.ts'
import { flawOfPattern } from '../lowering/patterns.ts'
import { urlCondition } from '../lowering/urls.ts'
import type { FieldContext } from './context.ts'
import type { Field, UrlRow } from './objects/rows.ts'
import { isCaseSensitive, saidComparison, valuesOf } from './said.ts'

const nothing = never('cybox')
const comparable: ReadonlySet<string> = new Set(['is', 'contains', 'starts with', 'ends with', 'matches'])

/** A URL by all that an endpoint sees of it, which is no single object; otherwise why it can never match. */
export function lowerUrl({ element }: Field, { url }: UrlRow, context: FieldContext): Condition | string {
  const said = saidComparison(element, context.findings)
  if (typeof said === 'string') return said
  const { comparison, apply, negate } = said
  if (!comparable.has(comparison)) return `"${comparison}" does not compare URLs`
  const texts = valuesOf(element, 'text').map((text) => text.trim())
  const flaw = texts.map((text) => flawOfValue(text) ?? flawIn(comparison, text)).find((why) => why)
  if (flaw !== undefined) return flaw
  const test = {
    comparison,
    exact: isCaseSensitive(element) && comparison === 'matches',
    blobs: context.blobs,
  }
  const condition = anyOf(
    texts.map((text) => (url === 'host' ? hostCondition(text) : urlCondition({ ...test, text }))),
    nothing,
  )
  if (isNever(condition)) return 'no endpoint sees such a URL'
  return (apply === 'none') !== negate ? negated(condition) : condition
}

function flawIn(comparison: string, text: string): string | undefined {
  return comparison === 'matches' ? flawOfPattern(text) : undefined
}

/** The host that a request names, with its port or without it. */
function hostCondition(text: string): Condition {
  const host = text.replace(/:\d{1,5}$/, '').toLowerCase()
  if (!isAddress(host))
    return term({ object: 'dns', property: 'dns.query', comparison: 'is', values: [host] })
  const property = 'connection.remote_address'
  return someConnection(term({ object: 'connection', property, comparison: 'is', values: [host] }))
}
