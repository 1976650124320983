import { type Cut, cutYara } from './cut-yara.ts'

export interface YaraRule {
  readonly name: string
  readonly isPrivate: boolean
  readonly tags: readonly string[]
  readonly meta: ReadonlyMap<string, string>
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

const most = 50_000

/** Reads the outline of a text; of a broken one as much as can be seen. */
export function scanRules(source: string): YaraOutline {
  const pieces = cutYara(source)
  const outline = { rules: [] as YaraRule[], imports: [] as Named[], includes: [] as Named[] }
  let isPrivate = false
  let at = 0
  while (at < pieces.length && outline.rules.length < most) {
    const piece = pieces[at]
    const next = pieces[at + 1]
    if (
      piece?.kind === 'word' &&
      next?.kind === 'text' &&
      (piece.text === 'import' || piece.text === 'include')
    ) {
      const named = { name: next.text, from: piece.from, to: next.to }
      ;(piece.text === 'import' ? outline.imports : outline.includes).push(named)
      at += 2
    } else if (piece?.kind === 'word' && piece.text === 'rule' && next?.kind === 'word') {
      const end = bodyEnd(pieces, at)
      outline.rules.push(ruleOf(pieces.slice(at, end), next.text, isPrivate))
      isPrivate = false
      at = end
    } else {
      if (piece?.kind === 'word' && piece.text === 'private') isPrivate = true
      at += 1
    }
  }
  return outline
}

/** Hex strings are pieces of their own, so the first closing brace ends the rule. */
function bodyEnd(pieces: readonly Cut[], rule: number): number {
  let at = rule
  while (at < pieces.length && !(pieces[at]?.kind === 'sign' && pieces[at]?.text === '}')) at += 1
  return at + 1
}

function ruleOf(pieces: readonly Cut[], name: string, isPrivate: boolean): YaraRule {
  const opening = pieces.findIndex(({ kind, text }) => kind === 'sign' && text === '{')
  const head = pieces.slice(2, opening === -1 ? undefined : opening)
  const body = opening === -1 ? [] : pieces.slice(opening + 1, -1)
  const condition = section(body, 'condition')
  return {
    name,
    isPrivate,
    tags: head.filter(({ kind }) => kind === 'word').map(({ text }) => text),
    meta: metaOf(section(body, 'meta')),
    condition: condition.map(({ text }) => text).join(' '),
    from: pieces[0]?.from ?? 0,
    to: pieces.at(-1)?.to ?? 0,
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
