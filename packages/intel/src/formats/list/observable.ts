import { readNetwork } from '../../networks.ts'

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

/** What a refanged value is; nothing if it is none of the kinds that endpoints can look for. */
export function observableOf(text: string): Observable | undefined {
  if (text.length > longest) return undefined
  const hash = hashLengths[text.length]
  if (hash !== undefined && /^[0-9a-f]+$/i.test(text)) return { of: hash, value: text.toLowerCase() }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return urlOf(text)
  const range = readNetwork(text)
  if (range?.isRange === true) return { of: 'network', value: range.text }
  const address = addressIn(text)
  if (address !== undefined) return { of: 'address', value: address }
  const slash = text.indexOf('/')
  if (slash > 0) return withoutScheme(text, slash)
  const domain = domainIn(text.replace(/^\*\./, ''))
  return domain === undefined ? undefined : { of: 'domain', value: domain }
}

/** Authors leave the scheme out; an address with a number behind it was meant as a network. */
function withoutScheme(text: string, slash: number): Observable | undefined {
  const host = hostOf(text.slice(0, slash))
  const isNetwork = host !== undefined && isAddress(host) && /^\d*$/.test(text.slice(slash + 1))
  return host === undefined || isNetwork ? undefined : urlOf(`http://${text}`)
}

export function isAddress(text: string): boolean {
  return addressOf(text) !== undefined
}

function urlOf(text: string): Observable | undefined {
  const place = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[0-9a-f:.]+\](?::\d+)?|[^/?#]+)/i.exec(text)?.[1]
  const host = place === undefined ? undefined : hostOf(place)
  return host === undefined ? undefined : { of: 'url', value: text, host }
}

function hostOf(place: string): string | undefined {
  return addressIn(place) ?? domainIn(place)
}

/** An address, alone or with a port. */
function addressIn(text: string): string | undefined {
  const [, inBrackets] = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i.exec(text) ?? []
  const [, withPort] = /^([\d.]+):\d{1,5}$/.exec(text) ?? []
  return addressOf(inBrackets ?? withPort ?? text)
}

/** In the spelling that recorders use; one of IPv4 that is written as IPv6 is one of IPv4. */
function addressOf(text: string): string | undefined {
  const read = readNetwork(text)
  if (read === undefined || read.isRange) return undefined
  const mapped = read.version === 6 && read.bytes.slice(0, 12).join() === '0,0,0,0,0,0,0,0,0,0,255,255'
  return mapped ? read.bytes.slice(12).join('.') : read.text
}

/** A domain, alone or with a port, as DNS has it: in small letters, those beyond ASCII in Punycode. */
function domainIn(text: string): string | undefined {
  const name = text
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '')
    .toLowerCase()
  if (!isDomain(name)) return undefined
  return /^[\x21-\x7e]+$/.test(name) ? name : asciiOf(name)
}

function asciiOf(name: string): string | undefined {
  const { hostname } = URL.parse(`http://${name}/`) ?? {}
  return hostname === undefined || hostname === '' ? undefined : hostname
}

function isDomain(name: string): boolean {
  const labels = name.split('.')
  const last = labels.at(-1) ?? ''
  if (labels.length < 2 || name.length > 253 || /^\d+$/.test(last)) return false
  return labels.every((label) =>
    /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_-]{0,61}[\p{L}\p{M}\p{N}_])?$/u.test(label),
  )
}
