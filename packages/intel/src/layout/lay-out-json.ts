/** JSON with two blanks for each level. Keys, their order, numbers and escapes stay as they are written. */
export function layOutJson(text: string): string {
  let written = ''
  let depth = 0
  let before = ''
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const closes = token === '}' || token === ']'
    const opened = before === '{' || before === '['
    if (closes) depth -= 1
    if (closes ? !opened : opened || before === ',') written += `\n${'  '.repeat(depth)}`
    written += token === ':' ? ': ' : token
    if (token === '{' || token === '[') depth += 1
    before = token
  }
  return `${written}\n`
}
