/** One JSON object to standard output; with `--follow` one per line. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** A remark beside what is printed. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Rows under headings, padded with blanks; numbers stand right. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = [headings, ...rows.map((row) => row.map(String))]
  const widths = headings.map((_, column) => Math.max(...texts.map((row) => (row[column] ?? '').length)))
  const isNumber = (row: number, column: number) => row > 0 && typeof rows[row - 1]?.[column] === 'number'
  return texts
    .map((row, line) =>
      row
        .map((cell, column) =>
          isNumber(line, column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Removes what a terminal would act on: text from documents and endpoints is not ours. */
export function harmless(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '�')
}
