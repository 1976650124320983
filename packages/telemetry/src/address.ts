/** RFC 5952, an IPv4 address inside as IPv4. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, at) => (bytes[at * 2] ?? 0) * 256 + (bytes[at * 2 + 1] ?? 0))
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return bytes.subarray(12).join('.')
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start += 1) {
    let length = 0
    while (start + length < 8 && groups[start + length] === 0) length += 1
    if (length > best.length) best = { start, length }
  }
  const text = groups.map((group) => group.toString(16))
  if (best.start < 0) return text.join(':')
  return `${text.slice(0, best.start).join(':')}::${text.slice(best.start + best.length).join(':')}`
}

/** An address as the recorder writes it; nothing if the text is none. */
export function addressText(text: string): string | undefined {
  const plain = text.trim().replace(/%.*$/, '')
  if (plain.length > 45) return undefined
  if (!plain.includes(':')) return ipv4(plain)?.join('.')
  const bytes = ipv6(plain)
  return bytes && ipv6Text(bytes)
}

function ipv4(text: string): readonly number[] | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
    return undefined
  return parts.map(Number)
}

function ipv6(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  const [head, tail] = halves.map(bytesOfGroups)
  if (halves.length > 2 || head === undefined) return undefined
  if (halves.length === 1) return head.length === 16 ? Uint8Array.from(head) : undefined
  if (tail === undefined || head.length + tail.length > 14) return undefined
  return Uint8Array.from([...head, ...Array(16 - head.length - tail.length).fill(0), ...tail])
}

/** The last group may be an IPv4 address. */
function bytesOfGroups(half: string): readonly number[] | undefined {
  if (half === '') return []
  const bytes: number[] = []
  const groups = half.split(':')
  for (const [at, group] of groups.entries()) {
    const embedded = at === groups.length - 1 && group.includes('.') ? ipv4(group) : undefined
    if (embedded === undefined && !/^[0-9a-f]{1,4}$/i.test(group)) return undefined
    const value = Number.parseInt(group, 16)
    bytes.push(...(embedded ?? [value >> 8, value & 0xff]))
  }
  return bytes
}
