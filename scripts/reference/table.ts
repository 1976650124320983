/** A table of Markdown; bars in cells are escaped, an empty cell shows a dash. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ') || '–').join(' | ')} |`
  return [line(head), `|${'--|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

/** Words as code, with commas between them. */
export function codes(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ')
}
