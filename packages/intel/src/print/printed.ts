import { type Condition, childrenOf, type Span, visit } from '@tocsin/model'
import type { IntelDocument } from '../document.ts'

/** A part of a document that the other format cannot say. */
export interface Refusal {
  readonly why: string
  readonly span?: Span
}

/** A document in another format, exact, or why it cannot be. */
export type Printed =
  | {
      readonly kind: 'printed'
      readonly text: string
      /** Where the same thing is looked for in more or fewer places. */
      readonly notes: readonly string[]
    }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }

/** Collects what cannot be said, each reason once for each place. */
export interface Refusals {
  /** For use where a printed part is expected: there is none. */
  refuse(node: Condition, why: string): undefined
  all(): readonly Refusal[]
}

/** More reasons than these say nothing new. */
const most = 100

export function refusalsOf({ condition, origins }: IntelDocument): Refusals {
  const spans = new Map<Condition, Span>()
  const ofProperties = new Map<string, Span>()
  visit(condition, (node, at) => {
    const span = origins.get(at.join('.'))
    if (span === undefined) return
    spans.set(node, span)
    if (node.kind === 'term' && !ofProperties.has(node.property)) ofProperties.set(node.property, span)
  })
  /** A node that was made of others stands where its first property was written. */
  const spanOf = (node: Condition): Span | undefined => {
    const known = spans.get(node) ?? (node.kind === 'term' ? ofProperties.get(node.property) : undefined)
    return (
      known ??
      childrenOf(node)
        .map(spanOf)
        .find((span) => span !== undefined)
    )
  }
  const said = new Map<string, Refusal>()
  return {
    refuse(node, why) {
      const span = spanOf(node)
      const key = `${span?.from ?? ''} ${why}`
      if (said.size < most) said.set(key, { why, ...(span === undefined ? {} : { span }) })
      return undefined
    },
    all: () => [...said.values()],
  }
}

export function refusedFor(why: string): Printed {
  return { kind: 'refused', refusals: [{ why }] }
}
