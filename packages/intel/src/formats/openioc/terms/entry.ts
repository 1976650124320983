import { type ObjectKind, type PropertyType, type Same, vocabulary } from '@tocsin/model'
import type { FactOf } from '../../lowering/byte-facts.ts'
import type { Meaning } from '../../lowering/paths.ts'
import type { Reason } from './reasons.ts'

/** How a term is evaluated, or why it is not. */
export type Way = PropertyWay | ContentWay | YaraWay | UrlWay | SomeWay | NoWay

export interface PropertyWay {
  readonly kind: 'property'
  /** A row of the vocabulary. */
  readonly property: string
  readonly type: PropertyType
  readonly meaning: Meaning
  /** Words of OpenIOC for words of the recorder. */
  readonly words?: Readonly<Record<string, string>>
  /** Our spelling of a whole value. */
  readonly spell?: (text: string) => string
}

/** By a generated YARA rule over the bytes of a file. */
export interface ContentWay {
  readonly kind: 'content'
  readonly factOf: FactOf
}

/** A part of a YARA rule; parameters of OpenIOC 1.1 change what it asks. */
export interface YaraWay {
  readonly kind: 'yara'
  readonly part: 'text' | 'hex' | 'regex' | 'size' | 'rule'
}

/** By the host of a URL in DNS and connections, by its text in command lines and files. */
export interface UrlWay {
  readonly kind: 'url'
}

/** A number of which only “more than none” is known: then the property has one of these values. */
export interface SomeWay {
  readonly kind: 'some'
  readonly property: string
  readonly values: readonly string[]
}

export interface NoWay {
  readonly kind: 'none'
  readonly reason: Reason
}

/** A property, or one with its meaning and words, or another way. */
export type Entry =
  | string
  | readonly [property: string, meaning: Meaning, words?: Readonly<Record<string, string>>]
  | Way

/** Terms with one prefix that can speak of one instance. */
export interface TermGroup {
  readonly prefix: string
  readonly object: ObjectKind
  readonly from: Same['from']
  /** Terms of other prefixes with the same object do not speak of the same instance, unless they have the same word here. */
  readonly apart?: string
  readonly terms?: Readonly<Record<string, Entry>>
  /** Reason → names of the terms that are not evaluable for it. */
  readonly missing?: Partial<Readonly<Record<Reason, string>>>
}

export function wayOf(entry: Entry): Way {
  if (typeof entry === 'object' && 'kind' in entry) return entry
  const [property, meaning = 'plain', words] = typeof entry === 'string' ? [entry] : entry
  const type = vocabulary.get(property)?.type ?? 'text'
  return { kind: 'property', property, type, meaning, ...(words === undefined ? {} : { words }) }
}

export function content(factOf: FactOf): ContentWay {
  return { kind: 'content', factOf }
}

export function spelled(property: string, spell: (text: string) => string): PropertyWay {
  const type = vocabulary.get(property)?.type ?? 'text'
  return { kind: 'property', property, type, meaning: 'plain', spell }
}

export const url: UrlWay = { kind: 'url' }
