/** One cell of a row, without its quotes. */
export interface Cell {
  readonly text: string
  readonly from: number
}

export interface Row {
  readonly line: number
  readonly cells: readonly Cell[]
}

/** The rows of a list that are neither blank nor comments; a line that holds one value is one cell. */
export function* rowsOf(text: string): Generator<Row> {
  const separator = separatorOf(text)
  let line = 0
  let from = 0
  while (from <= text.length) {
    const newline = text.indexOf('\n', from)
    const end = newline === -1 ? text.length : newline
    line += 1
    const start = afterBlanks(text, from, end)
    if (start < end && !isComment(text, start)) yield { line, cells: cellsOf(text, start, end, separator) }
    from = end + 1
  }
}

function afterBlanks(text: string, from: number, end: number): number {
  let at = from
  while (at < end && isBlank(text.charCodeAt(at))) at += 1
  return at
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || unit === 0xfeff || unit === 0xa0
}

function isComment(text: string, at: number): boolean {
  return text[at] === '#' || text[at] === ';' || text.startsWith('//', at)
}

const looked = 50

/** What stands in most of the first lines; without any, cells end at blanks. */
function separatorOf(text: string): ',' | ';' | '|' | '\t' | undefined {
  const lines = text
    .slice(0, 65_536)
    .split('\n', looked)
    .map((each) => each.trim())
  const told = lines.filter((line) => line !== '' && !isComment(line, 0))
  return ([',', ';', '|', '\t'] as const).find(
    (each) => told.filter((line) => line.includes(each)).length * 2 > told.length,
  )
}

/** A comment may stand behind the value of a line. */
function cellsOf(text: string, start: number, end: number, separator: string | undefined): readonly Cell[] {
  let last = end
  while (last > start && isBlank(text.charCodeAt(last - 1))) last -= 1
  if (separator !== undefined) return separated(text, start, last, separator)
  const cells: Cell[] = []
  for (const { 0: found, index } of text.slice(start, last).matchAll(/[^\s,;|]+/g)) {
    if (isComment(found, 0)) break
    const quote = /^["']/.test(found) ? 1 : 0
    cells.push({ text: found.replace(/^["']|["']$/g, ''), from: start + index + quote })
  }
  return cells
}

// cell := '"' { character | '""' } '"' | { character }
function separated(text: string, start: number, end: number, separator: string): readonly Cell[] {
  const cells: Cell[] = []
  let at = start
  while (at <= end) {
    const from = separator === '\t' ? at : Math.min(afterBlanks(text, at, end), end)
    const isQuoted = text[from] === '"' && from < end
    const to = isQuoted ? quoteEnd(text, from + 1, end) : end
    const next = text.indexOf(separator, isQuoted ? to : from)
    const cellEnd = next === -1 || next > end ? end : next
    cells.push(
      isQuoted
        ? {
            text: text
              .slice(from + 1, to)
              .replaceAll('""', '"')
              .trim(),
            from: from + 1,
          }
        : { text: text.slice(from, cellEnd).trim().replace(/^'|'$/g, ''), from },
    )
    at = cellEnd + 1
  }
  return cells
}

function quoteEnd(text: string, from: number, end: number): number {
  let at = from
  while (at < end) {
    if (text[at] !== '"') at += 1
    else if (text[at + 1] === '"') at += 2
    else return at
  }
  return end
}
