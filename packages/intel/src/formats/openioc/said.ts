import type { Condition } from '@tocsin/model'
import type { WrittenItem } from './item-of-test.ts'

export interface WrittenGroup {
  readonly kind: 'group'
  readonly operator: 'AND' | 'OR'
  readonly parts: readonly (WrittenGroup | WrittenItem)[]
}

/** A part of an Indicator with what it is meant to be read as. */
export interface Said {
  readonly written: WrittenGroup | WrittenItem
  readonly means: Condition
}

/** The denial of an item, or of any of several; nothing where OpenIOC has none. */
export function denied({ written, means }: Said): Said | undefined {
  if (written.kind === 'item')
    return written.negate
      ? undefined
      : { written: { ...written, negate: true }, means: { kind: 'not', part: means } }
  if (written.operator === 'AND') return undefined
  const parts = written.parts.map((part) =>
    part.kind === 'item' && !part.negate ? { ...part, negate: true } : undefined,
  )
  const told = parts.filter((part) => part !== undefined)
  if (told.length < parts.length) return undefined
  return { written: { kind: 'group', operator: 'AND', parts: told }, means: { kind: 'not', part: means } }
}

/** All or any of the parts; nothing where one is missing. */
export function series(kind: 'and' | 'or', parts: readonly (Said | undefined)[]): Said | undefined {
  const said = parts.filter((part) => part !== undefined)
  if (said.length < parts.length) return undefined
  const [only] = said
  if (said.length === 1) return only
  const written = said.flatMap(({ written: part }) => (kind === 'or' && isAny(part) ? part.parts : [part]))
  return {
    written: { kind: 'group', operator: kind === 'and' ? 'AND' : 'OR', parts: written },
    means: { kind, parts: said.map(({ means }) => means) },
  }
}

function isAny(part: WrittenGroup | WrittenItem): part is WrittenGroup {
  return part.kind === 'group' && part.operator === 'OR'
}
