import { trimmed } from './lines.ts'

/** Paragraphs of `Name: value` lines, as dpkg and apk keep them; of each the wanted fields. */
export function* stanzas(
  text: string,
  wanted: readonly string[],
): Generator<Readonly<Record<string, string>>> {
  let fields: Record<string, string> = {}
  for (let at = 0; at <= text.length; ) {
    const found = text.indexOf('\n', at)
    const end = found < 0 ? text.length : found
    const line = text.slice(at, end)
    at = end + 1
    if (line === '') {
      if (Object.keys(fields).length > 0) yield fields
      fields = {}
      continue
    }
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon))
    if (wanted.includes(name)) fields[name] = trimmed(line.slice(colon + 1))
  }
  if (Object.keys(fields).length > 0) yield fields
}
