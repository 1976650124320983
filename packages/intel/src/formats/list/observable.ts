/** One concrete value of a list, with what it is. */
export interface Observable {
  readonly of: 'md5' | 'sha1' | 'sha256' | 'address' | 'network' | 'domain' | 'url'
  readonly value: string
  /** Of a URL: the host that DNS and connections show. */
  readonly host?: string
}

const hashLengths: Readonly<Record<number, 'md5' | 'sha1' | 'sha256'>> = {
  32: 'md5',
  40: 'sha1',
  64: 'sha256',
}
const longest = 2_048

/** Undoes what authors do so that nobody clicks: `hxxp`, `[.]`, `(dot)`, `[:]//`. */
export function refang(text: string): string {
  return text
    .replace(/^\[?h(?:xx|tt|XX)p/i, 'http')
    .replace(/\[(\.|dot)\]|\((\.|dot)\)|\{(\.|dot)\}/gi, '.')
    .replace(/\[:\](?=\/\/)|\[:\/\/\]/g, (fanged) => (fanged === '[:]' ? ':' : '://'))
    .replace(/\[:\]/g, ':')
    .replace(/\[@\]|\(at\)/gi, '@')
}

/** What a refanged value is; nothing if it is none of the kinds that endpoints can look for. */
export function observableOf(text: string): Observable | undefined {
  if (text.length > longest) return undefined
  const hash = hashLengths[text.length]
  if (hash !== undefined && /^[0-9a-f]+$/i.test(text)) return { of: hash, value: text.toLowerCase() }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return urlOf(text)
  const [address = '', bits] = text.split('/', 2)
  if (isAddress(address)) {
    if (bits === undefined) return { of: 'address', value: address.toLowerCase() }
    return isPrefix(address, bits) ? { of: 'network', value: text.toLowerCase() } : undefined
  }
  const withPort = /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(text)
  if (withPort?.[1] !== undefined && isAddress(withPort[1])) return { of: 'address', value: withPort[1] }
  const name = text.toLowerCase().replace(/^\*\./, '').replace(/\.$/, '')
  return isDomain(name) ? { of: 'domain', value: name } : undefined
}

function urlOf(text: string): Observable | undefined {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[0-9a-f:.]+\]|[^/?#:]+)/i
    .exec(text)?.[1]
    ?.toLowerCase()
  if (host === undefined) return undefined
  const bare = host.replace(/^\[|\]$/g, '')
  return isAddress(bare) || isDomain(bare) ? { of: 'url', value: text, host: bare } : undefined
}

export function isAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text)
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

function isIpv6(text: string): boolean {
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !text.includes(':')) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1) ?? ''
  const size = groups.length + (last.includes('.') ? 1 : 0)
  const areGroups = groups.every((group, at) => {
    return /^[0-9a-f]{1,4}$/i.test(group) || (at === groups.length - 1 && isIpv4(group))
  })
  return areGroups && (halves.length === 2 ? size < 8 : size === 8)
}

function isPrefix(address: string, bits: string): boolean {
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (address.includes(':') ? 128 : 32)
}

function isDomain(name: string): boolean {
  const labels = name.split('.')
  const last = labels.at(-1) ?? ''
  if (labels.length < 2 || name.length > 253 || /^\d+$/.test(last)) return false
  return labels.every((label) => /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?$/u.test(label))
}
