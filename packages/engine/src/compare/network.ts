/** An address as a number, IPv4 inside IPv6 as IPv4. */
export interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

export interface Network extends Address {
  readonly prefix: number
}

/** Reads an IPv4 or IPv6 address; nothing if it is none. */
export function addressOf(text: string): Address | undefined {
  if (text.length > 45) return undefined
  return text.includes(':') ? ipv6(text) : ipv4(text)
}

/** Reads `address/prefix`; a bare address is a network of one. */
export function networkOf(text: string): Network | undefined {
  const [base = '', bits] = text.split('/', 2)
  const address = addressOf(base)
  if (address === undefined) return undefined
  const prefix = bits === undefined ? address.bits : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (!(prefix <= address.bits)) {
    const mapped = prefix - 96
    return base.includes(':') && mapped >= 0 && mapped <= 32 ? { ...address, prefix: mapped } : undefined
  }
  return { ...address, prefix }
}

/** Whether every address of `inner` is in `outer`. */
export function covers(outer: Network, inner: Network): boolean {
  if (outer.bits !== inner.bits || inner.prefix < outer.prefix) return false
  const shift = BigInt(outer.bits - outer.prefix)
  return outer.value >> shift === inner.value >> shift
}

function ipv4(text: string): Address | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
    return undefined
  return { bits: 32, value: parts.reduce((value, part) => value * 256n + BigInt(part), 0n) }
}

const mappedPrefix = 0xffffn

function ipv6(text: string): Address | undefined {
  const halves = text.replace(/%.*$/, '').split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map(groupsOf)
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined
  const missing = 8 - head.length - (tail?.length ?? 0)
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array<bigint>(missing).fill(0n), ...(tail ?? [])]
  const value = groups.reduce((sum, group) => (sum << 16n) + group, 0n)
  return value >> 32n === mappedPrefix ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value }
}

function groupsOf(half: string): readonly bigint[] | undefined {
  if (half === '') return []
  const groups: bigint[] = []
  for (const [at, part] of half.split(':').entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`))
    else {
      const embedded = at === half.split(':').length - 1 ? ipv4(part) : undefined
      if (embedded === undefined) return undefined
      groups.push(embedded.value >> 16n, embedded.value & 0xffffn)
    }
  }
  return groups
}
