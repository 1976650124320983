import type { Span } from '@tocsin/model'

/** A name as namespaces define it; prefixes are gone. */
export interface QualifiedName {
  readonly namespace: string
  readonly local: string
}

export interface XmlAttribute extends QualifiedName {
  readonly value: string
}

/** An element; `from` and `to` are offsets in the decoded text, from its `<` to behind its `>`. */
export interface XmlElement extends QualifiedName {
  readonly attributes: readonly XmlAttribute[]
  /** What xsi:type names, its prefix resolved where it stands. */
  readonly type: QualifiedName | null
  readonly children: readonly XmlElement[]
  /** Its own text, without that of children; CDATA is text. */
  readonly text: string
  readonly from: number
  readonly to: number
}

export interface XmlDocument {
  readonly root: XmlElement
  readonly text: string
  spanOf(range: { readonly from: number; readonly to: number }): Span
}

/** The value of an attribute without a namespace. */
export function attributeOf(element: XmlElement, local: string): string | undefined {
  return element.attributes.find((each) => each.local === local && each.namespace === '')?.value
}

export function childrenNamed(element: XmlElement, local: string): readonly XmlElement[] {
  return element.children.filter((each) => each.local === local)
}

export function childNamed(element: XmlElement, local: string): XmlElement | undefined {
  return element.children.find((each) => each.local === local)
}

/** The trimmed text of a child; an empty one counts as missing. */
export function textOfChild(element: XmlElement, local: string): string | undefined {
  const text = childNamed(element, local)?.text.trim()
  return text === undefined || text === '' ? undefined : text
}

/** XML Schema's boolean; anything else is false. */
export function isTrue(value: string | undefined): boolean {
  const word = value?.trim().toLowerCase()
  return word === 'true' || word === '1'
}
