/** The lines of a file without those that are empty or comments. */
export function linesOf(text: string, comment = /^[#;]/): readonly string[] {
  return text
    .split('\n')
    .map(trimmed)
    .filter((line) => line !== '' && !comment.test(line))
}

/** Without blanks around it. Not by a pattern: one that looks for trailing blanks takes quadratic time on blanks within. */
export function trimmed(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && isBlank(text.charCodeAt(from))) from += 1
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1
  return text.slice(from, to)
}

/** Blank, tab or carriage return; `trim` would take parts of names that others use. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d
}
