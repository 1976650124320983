/** An address with the length of its prefix; bits beyond the prefix are zero, `text` is canonical (RFC 5952 for IPv6). */
export interface Network {
  readonly version: 4 | 6
  readonly bytes: readonly number[]
  readonly prefix: number
  /** Whether the text named a prefix. */
  readonly isRange: boolean
  readonly text: string
}

/** Reads `address` or `address/prefix`; nothing if it is neither. */
export function readNetwork(text: string): Network | undefined {
  if (text.length > 64) return undefined
  const [address = '', length, ...rest] = text.trim().split('/')
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined
  const bytes = address.includes(':') ? readSix(address) : readFour(address)
  if (bytes === undefined) return undefined
  const bits = bytes.length * 8
  const prefix = length === undefined ? bits : Number(length)
  if (prefix > bits) return undefined
  const isRange = length !== undefined
  const masked = bytes.map((byte, at) => byte & maskOf(prefix, at))
  const canonical = masked.length === 4 ? masked.join('.') : writeSix(masked)
  return {
    version: masked.length === 4 ? 4 : 6,
    bytes: masked,
    prefix,
    isRange,
    text: isRange ? `${canonical}/${prefix}` : canonical,
  }
}

/** Whether every address of the inner network lies in the outer one. */
export function networkHolds(outer: Network, inner: Network): boolean {
  if (outer.version !== inner.version || inner.prefix < outer.prefix) return false
  return outer.bytes.every((byte, at) => byte === ((inner.bytes[at] ?? 0) & maskOf(outer.prefix, at)))
}

function maskOf(prefix: number, byteNumber: number): number {
  const bits = Math.max(0, Math.min(8, prefix - byteNumber * 8))
  return (0xff << (8 - bits)) & 0xff
}

function readFour(text: string): readonly number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return undefined
  const bytes = parts.map(Number)
  return bytes.every((byte) => byte <= 255) ? bytes : undefined
}

function readSix(text: string): readonly number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : sixParts(half.split(':'))))
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined
  const after = tail ?? []
  const missing = 16 - head.length - after.length
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined
  return [...head, ...Array.from({ length: missing }, () => 0), ...after]
}

function sixParts(parts: readonly string[]): readonly number[] | undefined {
  const bytes: number[] = []
  for (const [at, part] of parts.entries()) {
    const four = at === parts.length - 1 && part.includes('.') ? readFour(part) : undefined
    if (four !== undefined) bytes.push(...four)
    else if (/^[\da-fA-F]{1,4}$/.test(part))
      bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255)
    else return undefined
  }
  return bytes
}

/** The longest run of at least two zero groups becomes `::`, the first one of equals. */
function writeSix(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0))
  let best = { at: 0, length: 0 }
  for (let at = 0; at < 8; at += 1) {
    let length = 0
    while (at + length < 8 && groups[at + length] === 0) length += 1
    if (length > best.length) best = { at, length }
  }
  const hex = groups.map((group) => group.toString(16))
  if (best.length < 2) return hex.join(':')
  return `${hex.slice(0, best.at).join(':')}::${hex.slice(best.at + best.length).join(':')}`
}
