/** What stands between `<` and `>`, or between two of these. */
interface Piece {
  readonly kind: 'open' | 'close' | 'empty' | 'comment' | 'data' | 'instruction' | 'text'
  readonly text: string
}

interface Element {
  readonly kind: 'element'
  readonly open: string
  readonly parts: (Element | Piece)[]
  close: string
}

/**
 * Well-formed XML with two blanks for each level. Only blanks between elements change: an element that holds text or
 * CDATA of its own stays as it is written, and so does every tag, comment and instruction.
 */
export function layOutXml(text: string): string {
  const newline = /\r?\n/.exec(text)?.[0] ?? '\n'
  const lines: string[] = []
  for (const part of treeOf(text)) if (!isBlank(part)) write(part, '', lines)
  return `${lines.join(newline)}${newline}`
}

function write(part: Element | Piece, indent: string, lines: string[]): void {
  if (part.kind !== 'element' || !hasOnlyElements(part)) {
    lines.push(indent + verbatim(part))
    return
  }
  lines.push(indent + part.open)
  for (const each of part.parts) if (!isBlank(each)) write(each, `${indent}  `, lines)
  lines.push(indent + part.close)
}

/** Blanks alone are content where no element stands beside them. */
function hasOnlyElements({ open, parts }: Element): boolean {
  if (/\sxml:space\s*=\s*["']preserve/.test(open)) return false
  return parts.some(({ kind }) => kind === 'element' || kind === 'empty') && !parts.some(isContent)
}

function isContent(part: Element | Piece): boolean {
  return part.kind === 'data' || (part.kind === 'text' && !isBlank(part))
}

function isBlank(part: Element | Piece): boolean {
  return part.kind === 'text' && /^[ \t\r\n]*$/.test(part.text)
}

function verbatim(part: Element | Piece): string {
  return part.kind === 'element' ? part.open + part.parts.map(verbatim).join('') + part.close : part.text
}

function treeOf(text: string): readonly (Element | Piece)[] {
  const root: Element = { kind: 'element', open: '', parts: [], close: '' }
  const open = [root]
  for (const piece of piecesOf(text)) {
    const around = open.at(-1) ?? root
    if (piece.kind === 'open') {
      const element: Element = { kind: 'element', open: piece.text, parts: [], close: '' }
      around.parts.push(element)
      open.push(element)
    } else if (piece.kind === 'close') {
      around.close = piece.text
      open.pop()
    } else around.parts.push(piece)
  }
  return root.parts
}

function* piecesOf(text: string): Generator<Piece> {
  let at = 0
  while (at < text.length) {
    const piece = text[at] === '<' ? markupAt(text, at) : textAt(text, at)
    yield piece
    at += piece.text.length
  }
}

function textAt(text: string, at: number): Piece {
  const next = text.indexOf('<', at)
  return { kind: 'text', text: text.slice(at, next < 0 ? undefined : next) }
}

function markupAt(text: string, at: number): Piece {
  if (text.startsWith('<!--', at)) return { kind: 'comment', text: through('-->', text, at) }
  if (text.startsWith('<![CDATA[', at)) return { kind: 'data', text: through(']]>', text, at) }
  if (text.startsWith('<?', at)) return { kind: 'instruction', text: through('?>', text, at) }
  const tag = tagAt(text, at)
  if (tag.startsWith('</')) return { kind: 'close', text: tag }
  return { kind: tag.endsWith('/>') ? 'empty' : 'open', text: tag }
}

function through(end: string, text: string, at: number): string {
  const found = text.indexOf(end, at)
  return text.slice(at, found < 0 ? undefined : found + end.length)
}

/** A `>` in an attribute's value does not end the tag. */
function tagAt(text: string, at: number): string {
  let to = at + 1
  while (to < text.length && text[to] !== '>') {
    const letter = text[to] ?? ''
    const close = letter === '"' || letter === "'" ? text.indexOf(letter, to + 1) : to
    to = close < 0 ? text.length : close + 1
  }
  return text.slice(at, to + 1)
}
