// Limit: a regular expression has at most 8,192 characters and 10,000 steps, counted repetition written out.
/** What one pattern may weigh: ten thousand steps are compiled in a tenth of a second and kept in 8 MiB. */
export const heaviestPattern = 10_000

/** A class of Unicode, or a range that folding case must walk through. */
const wideClass = 50
const wideRange = 500

/**
 * About how many steps RE2 makes of a pattern: counted repetition writes its operand as often as it counts, so that
 * seven characters can stand for a thousand steps. Whether the pattern is well-formed is RE2's to say.
 */
export function patternWeight(pattern: string): number {
  const outer: number[] = []
  let sum = 0
  let last = 0
  const add = (weight: number) => {
    sum += weight
    last = weight
  }
  for (let at = 0; at < pattern.length; ) {
    const to = endOfPiece(pattern, at)
    const piece = pattern.slice(at, to)
    const times = timesOf(piece)
    if (piece === '(') {
      outer.push(sum)
      sum = 0
    } else if (piece === ')') {
      const inside = sum + 2
      sum = outer.pop() ?? 0
      add(inside)
    } else if (times === undefined) add(weightOf(piece))
    else {
      sum += last * (times - 1)
      last *= times
    }
    at = to
  }
  return outer.reduce((total, each) => total + each, sum)
}

/** A piece is an escape, a text between \Q and \E, a class, a counted repetition, or a character. */
function endOfPiece(pattern: string, from: number): number {
  switch (pattern[from]) {
    case '\\':
      return endOfEscape(pattern, from)
    case '[':
      return endOfClass(pattern, from)
    case '{':
      return from + (/^\{\d{1,9}(?:,\d{0,9})?\}/.exec(pattern.slice(from, from + 22))?.[0].length ?? 1)
    default:
      return from + 1
  }
}

function endOfEscape(pattern: string, from: number): number {
  const letter = pattern[from + 1]
  if (letter === 'Q') {
    const end = pattern.indexOf('\\E', from)
    return end === -1 ? pattern.length : end + 2
  }
  if (letter === 'x' || letter === 'p' || letter === 'P')
    return from + (/^\\.(?:\{[^}]*\})?/.exec(pattern.slice(from, from + 64))?.[0].length ?? 2)
  return from + 2
}

/** The first bracket may be its member. */
function endOfClass(pattern: string, from: number): number {
  let at = from + (pattern[from + 1] === '^' ? 3 : 2)
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
  return at + 1
}

function timesOf(piece: string): number | undefined {
  const counts = /^\{(\d+)(?:,(\d*))?\}$/.exec(piece)
  return counts === null ? undefined : Math.max(1, Number(counts[1]), Number(counts[2] || 0))
}

function weightOf(piece: string): number {
  if (/^\\[pP]/.test(piece)) return wideClass
  if (piece.startsWith('\\Q')) return piece.length
  if (!piece.startsWith('[')) return 1
  const classes = piece.match(/\\[pP]/g)?.length ?? 0
  const members = piece.replace(/^\[\^?/, '')
  // Folding walks through what lies between two letters; short ranges and a dash that stands for itself cost nothing.
  const ranges = members.match(/.-(?:\\x|[^\u0000-\u007f])/gsu)?.length ?? 0
  return 1 + piece.length / 16 + classes * wideClass + ranges * wideRange
}
