import type { Span } from '@tocsin/model'

/** Turns offsets into spans. The table of line starts is built when the first span is asked for. */
export function lineTable(text: string): (range: { readonly from: number; readonly to: number }) => Span {
  let starts: number[] | undefined
  return ({ from, to }) => {
    starts ??= lineStarts(text)
    const line = lineOf(starts, from)
    return { from, to, line: line + 1, column: from - (starts[line] ?? 0) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
