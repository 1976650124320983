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
      : place(` at ${offset.text}`)
  }
  if (range === undefined) return place('')
  const [from, until, ...more] = range
    .trim()
    .replace(/^\(|\)$/g, '')
    .split('..')
  const [low, high] = [offsetOf(from ?? ''), offsetOf(until ?? '')]
  if (low === undefined || high === undefined || more.length > 0)
    return { flaw: `yara/offset/in is no range: ${short(range)}` }
  const isEmpty = low.value !== undefined && high.value !== undefined && low.value > high.value
  return isEmpty
    ? { flaw: `yara/offset/in ends before it starts: ${short(range)}` }
    : place(` in (${low.text}..${high.text})`)
}

function place(text: string): YaraPlace {
  return { text, modules: text.includes('pe.') ? ['pe'] : [] }
}

const atom = /^(?:filesize|entrypoint|\d{1,12}(?:KB|MB)?|0x[0-9a-f]{1,8})$/i

interface Offset {
  readonly text: string
  /** Where it depends on no file. */
  readonly value: bigint | undefined
}

/** A sum of numbers, the size of the file and the entry point of a program; not before the file's beginning. */
function offsetOf(text: string): Offset | undefined {
  const parts = text.trim().split(/\s*([+-])\s*/)
  const isSum = parts.every((part, at) => (at % 2 === 0 ? atom.test(part) : true))
  if (!isSum || parts.length > 7) return undefined
  const value = constantOf(parts)
  if (value !== undefined && value < 0n) return undefined
  return { text: parts.map(spelled).join(' '), value }
}

function constantOf(parts: readonly string[]): bigint | undefined {
  if (!parts.every((part, at) => at % 2 === 1 || /^\d/.test(part))) return undefined
  return parts.reduce((sum, part, at) => {
    if (at % 2 === 1) return sum
    return parts[at - 1] === '-' ? sum - numberOf(part) : sum + numberOf(part)
  }, 0n)
}

function numberOf(part: string): bigint {
  const unit = /KB$/i.test(part) ? 1_024n : /MB$/i.test(part) ? 1_048_576n : 1n
  return BigInt(part.replace(/[KM]B$/i, '').toLowerCase()) * unit
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
