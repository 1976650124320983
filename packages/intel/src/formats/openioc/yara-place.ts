import type { Flaw } from '../lowering/byte-facts.ts'

/** Where in a file a string must stand, as it follows the string's name. */
export interface YaraPlace {
  readonly text: string
  readonly modules: readonly string[]
}

/** Reads the values of `yara/offset/at` and `yara/offset/in`. */
export function yaraPlace(at: string | undefined, range: string | undefined): YaraPlace | Flaw {
  if (at !== undefined && range !== undefined) return { flaw: 'it has both an offset and a range of offsets' }
  if (at !== undefined) {
    const offset = offsetOf(at)
    return offset === undefined
      ? { flaw: `yara/offset/at is no offset: ${short(at)}` }
      : place(` at ${offset}`)
  }
  if (range === undefined) return place('')
  const [from, until, ...more] = range
    .trim()
    .replace(/^\(|\)$/g, '')
    .split('..')
  const [low, high] = [offsetOf(from ?? ''), offsetOf(until ?? '')]
  if (low === undefined || high === undefined || more.length > 0)
    return { flaw: `yara/offset/in is no range: ${short(range)}` }
  const isEmpty = /^\d+$/.test(low) && /^\d+$/.test(high) && Number(low) > Number(high)
  return isEmpty
    ? { flaw: `yara/offset/in ends before it starts: ${short(range)}` }
    : place(` in (${low}..${high})`)
}

function place(text: string): YaraPlace {
  return { text, modules: text.includes('pe.') ? ['pe'] : [] }
}

const atom = /^(?:filesize|entrypoint|\d{1,12}(?:KB|MB)?|0x[0-9a-f]{1,8})$/i

/** A sum of numbers, the size of the file and the entry point of a program. */
function offsetOf(text: string): string | undefined {
  const parts = text.trim().split(/\s*([+-])\s*/)
  const isSum = parts.every((part, at) => (at % 2 === 0 ? atom.test(part) : true))
  if (!isSum || parts.length > 7) return undefined
  return parts.map(spelled).join(' ')
}

/** YARA-X has no variable for the entry point; the one of its module is an offset in the file, too. */
function spelled(part: string): string {
  const word = part.toLowerCase()
  if (word === 'entrypoint') return 'pe.entry_point'
  return word === 'filesize' || word.startsWith('0x') ? word : part.toUpperCase()
}

function short(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`
}
