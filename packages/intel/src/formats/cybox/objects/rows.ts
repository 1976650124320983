import type { Comparison, Content, ObjectKind } from '@tocsin/model'
import type { XmlElement } from '../../../xml/tree.ts'
import type { FactOf } from '../../lowering/byte-facts.ts'
import type { Meaning } from '../../lowering/paths.ts'

/** A field of an object as it is written, with what it reads. */
export interface Field {
  readonly element: XmlElement
  /** Element names below Properties, joined by a slash. */
  readonly path: string
  readonly row: KnownField
  /** The elements around it, Properties first. */
  readonly ancestors: readonly XmlElement[]
}

/** A field that a property of an endpoint tells. */
export interface FieldRow {
  readonly property: string
  /** A file's path may be written with or without its name: whole values are tried on this property too. */
  readonly or?: string
  readonly meaning?: Meaning
  /** How `Equals` is read where the field holds a part of the property. */
  readonly equals?: Comparison
  readonly words?: Readonly<Record<string, string>>
  /** What is written before the name that the kernel has. */
  readonly without?: RegExp
}

/** A field that the bytes of a file, or of a process's memory, tell. */
export interface ContentRow {
  readonly fact: (field: Field) => FactOf
  readonly of: Content['of']
  /** For the reference page. */
  readonly reads: string
}

/** A URL, or the host of one. */
export interface UrlRow {
  readonly url: 'whole' | 'host'
}

/** A field that no endpoint tells. */
export interface UnseenRow {
  readonly why: string
}

/** `implied`: says nothing that another field of the object does not say. */
export type KnownField = FieldRow | ContentRow | UrlRow | UnseenRow | 'implied'

export interface ObjectRow {
  readonly object: ObjectKind
  /** The type whose fields this one has too. */
  readonly base?: string
  /** Why the fields that are not listed are seen on no endpoint. */
  readonly why?: string
  /** Element names below Properties, joined by a slash; one that ends with `/*` stands for all that is below. */
  readonly fields: Readonly<Record<string, KnownField>>
}

export type ObjectRows = Readonly<Record<string, ObjectRow>>

export const to = (property: string): FieldRow => ({ property })
export const part = (property: string): FieldRow => ({ property, equals: 'contains' })
export const unseen = (why: string): UnseenRow => ({ why })

export function inFile(fact: FactOf, reads: string): ContentRow {
  return { fact: () => fact, of: 'file', reads }
}

export function inMemory(fact: FactOf, reads: string): ContentRow {
  return { fact: () => fact, of: 'memory', reads }
}

/** The same why for several fields. */
export function allUnseen(why: string, names: string): Readonly<Record<string, UnseenRow>> {
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, { why }]),
  )
}

/** Fields of a nested object, as they are called from the outside. */
export function below(
  prefix: string,
  fields: Readonly<Record<string, KnownField>>,
): Readonly<Record<string, KnownField>> {
  return Object.fromEntries(Object.entries(fields).map(([path, row]) => [`${prefix}/${path}`, row]))
}
