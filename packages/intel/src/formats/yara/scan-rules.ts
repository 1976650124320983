import { type Cut, cutYara } from './cut-yara.ts'
import { stringsOf, type YaraString } from './yara-strings.ts'

export interface YaraRule {
  readonly name: string
  readonly isPrivate: boolean
  readonly tags: readonly string[]
  readonly meta: ReadonlyMap<string, string>
  readonly strings: readonly YaraString[]
  /** The condition's tokens joined by one blank. */
  readonly condition: string
  readonly from: number
  readonly to: number
}

export interface Named {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** What a YARA text declares. Only the outline is read; whether the text is right is the validator's to say. */
export interface YaraOutline {
  readonly rules: readonly YaraRule[]
  readonly imports: readonly Named[]
  readonly includes: readonly Named[]
}

/** What is beyond these is not looked at: neither more rules, nor more pieces of one rule. */
const most = { rules: 50_000, pieces: 200_000 } as const

/** Reads the outline of a text; of a broken one as much as can be seen. */
export function scanRules(source: string): YaraOutline {
  const outline = { rules: [] as YaraRule[], imports: [] as Named[], includes: [] as Named[] }
  /** The pieces of the rule that is open, from the word `rule` on. */
  let body: Cut[] | undefined
  let isPrivate = false
  let previous: Cut | undefined
  for (const piece of cutYara(source)) {
    if (body !== undefined) {
      if (body.length < most.pieces) body.push(piece)
      if (isSign(piece, '}')) {
        outline.rules.push(ruleOf(body, isPrivate, piece.to))
        if (outline.rules.length === most.rules) break
        body = undefined
        isPrivate = false
      }
    } else if (piece.kind === 'word' && piece.text === 'rule') body = [piece]
    else if (piece.kind === 'word' && piece.text === 'private') isPrivate = true
    else if (piece.kind === 'text' && previous?.kind === 'word') {
      const named = { name: piece.text, from: previous.from, to: piece.to }
      if (previous.text === 'import') outline.imports.push(named)
      if (previous.text === 'include') outline.includes.push(named)
    }
    previous = piece
  }
  if (body !== undefined && body.length > 1) outline.rules.push(ruleOf(body, isPrivate, source.length))
  return outline
}

/** Hex strings are pieces of their own, so the first closing brace ends a rule. */
function isSign(piece: Cut | undefined, text: string): boolean {
  return piece?.kind === 'sign' && piece.text === text
}

function ruleOf(pieces: readonly Cut[], isPrivate: boolean, to: number): YaraRule {
  const opening = pieces.findIndex((piece) => isSign(piece, '{'))
  const head = pieces.slice(2, opening === -1 ? undefined : opening)
  const body = opening === -1 ? [] : pieces.slice(opening + 1, isSign(pieces.at(-1), '}') ? -1 : undefined)
  const condition = section(body, 'condition')
  return {
    name: pieces[1]?.text ?? '',
    isPrivate,
    tags: head.filter(({ kind }) => kind === 'word').map(({ text }) => text),
    meta: metaOf(section(body, 'meta')),
    strings: stringsOf(section(body, 'strings')),
    condition: condition.map(({ text }) => text).join(' '),
    from: pieces[0]?.from ?? 0,
    to,
  }
}

const sections = ['meta', 'strings', 'condition']

function section(body: readonly Cut[], name: string): readonly Cut[] {
  const startsSection = (at: number) =>
    body[at]?.kind === 'word' && sections.includes(body[at].text) && body[at + 1]?.text === ':'
  const start = body.findIndex(({ text }, at) => text === name && startsSection(at))
  if (start === -1) return []
  const end = body.findIndex((_, at) => at > start && startsSection(at))
  return body.slice(start + 2, end === -1 ? undefined : end)
}

// meta := { identifier '=' value }
function metaOf(pieces: readonly Cut[]): ReadonlyMap<string, string> {
  const meta = new Map<string, string>()
  for (const [at, piece] of pieces.entries()) {
    const value = pieces[at + 2]
    if (piece.kind !== 'word' || pieces[at + 1]?.text !== '=' || value === undefined) continue
    if (!meta.has(piece.text)) meta.set(piece.text, value.text)
  }
  return meta
}
