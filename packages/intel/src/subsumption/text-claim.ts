import { fold, globWildcards, hasForm, likeWildcards, type Term, type Wildcards } from '@tocsin/model'

type Style = Term['text']

/** What a term says of a text, in the form that texts are compared in. */
export interface TextClaim {
  readonly says: 'is' | 'contains' | 'starts with' | 'ends with' | 'glob' | 'like'
  readonly text: string
  /** Of a value that is cut it can be met by the beginning alone. */
  readonly seesCut: boolean
}

/** The claim of one literal; nothing where the comparison is not one of texts or cannot be said so. */
export function textClaimOf(
  comparison: Term['comparison'],
  literal: string,
  style: Style,
): TextClaim | undefined {
  const text = prepared(literal, style)
  switch (comparison) {
    case 'is':
    case 'ends with':
      return { says: comparison, text, seesCut: false }
    case 'contains':
    case 'starts with':
      return { says: comparison, text, seesCut: true }
    case 'glob':
      return shaped('glob', text, globWildcards)
    case 'like':
      return shaped('like', text, likeWildcards)
    case 'matches':
      return isPlainPattern(literal, style) ? { says: 'contains', text, seesCut: false } : undefined
    default:
      return undefined
  }
}

/** Whether every text of which one is true has the other true too; both claims are of one style. */
export function textEntails(one: TextClaim, other: TextClaim): boolean {
  if (one.seesCut && !other.seesCut) return false
  if (one.says === other.says && one.text === other.text) return true
  switch (other.says) {
    case 'is':
      return false
    case 'contains':
      return runsOf(one).some((run) => run.includes(other.text))
    case 'starts with':
      return (one.says === 'is' || one.says === 'starts with') && one.text.startsWith(other.text)
    case 'ends with':
      return (one.says === 'is' || one.says === 'ends with') && one.text.endsWith(other.text)
    case 'glob':
      return one.says === 'is' && hasForm(one.text, other.text, globWildcards)
    case 'like':
      return one.says === 'is' && hasForm(one.text, other.text, likeWildcards)
  }
}

/** Pieces that stand in every text of which the claim is true. */
function runsOf({ says, text }: TextClaim): readonly string[] {
  if (says === 'glob') return text.split(/[*?]+/)
  return says === 'like' ? text.split(/[%_]+/) : [text]
}

/** Sigma's windash: the slash and the dashes that Windows takes for `-`. */
const dashes = /[/\u2013-\u2015]/g

/** A text in the form that it is compared in. */
export function prepared(text: string, { exact, nfc, dashes: anyDash }: Style): string {
  const composed = nfc === true ? text.normalize('NFC') : text
  const plain = anyDash === true ? composed.replace(dashes, '-') : composed
  return exact ? plain : fold(plain)
}

/** A form with wildcards at its ends only says what a plain comparison says, but for values that are cut. */
function shaped(says: 'glob' | 'like', text: string, { many, one }: Wildcards): TextClaim {
  let [from, to] = [0, text.length]
  while (text[from] === many) from += 1
  while (to > from && text[to - 1] === many) to -= 1
  const core = text.slice(from, to)
  if (core.includes(many) || core.includes(one)) return { says, text, seesCut: false }
  const isOpenBefore = from > 0
  const isOpenAfter = to < text.length || core === ''
  if (isOpenBefore) return { says: isOpenAfter ? 'contains' : 'ends with', text: core, seesCut: false }
  return { says: to < text.length ? 'starts with' : 'is', text: core, seesCut: false }
}

/** Nothing in it has a meaning of its own, and its letters have no other forms than the two cases. */
function isPlainPattern(pattern: string, { nfc, dashes: anyDash }: Style): boolean {
  return nfc !== true && anyDash !== true && /^[\w /:=,;"'<>@#%&~!-]+$/.test(pattern)
}
