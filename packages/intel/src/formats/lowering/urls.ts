import type { Comparison, Condition, Digest, ObjectKind } from '@tocsin/model'
import { isAddress, type Observable, observableOf } from '../list/observable.ts'
import { allOf, anyOf, never, same, someConnection, term } from './compose.ts'
import { contentOf, quoted } from './content-rule.ts'

/** Where a URL shows: its host is asked for and connected to, its text stands in command lines. */
export type UrlPlace = 'dns' | 'network' | 'connection' | 'process'

export interface UrlTest {
  readonly comparison: Comparison
  readonly text: string
  readonly exact?: boolean
  /** Rules about the text inside files go here; without it files are not looked into. */
  readonly blobs?: Map<Digest, Uint8Array>
}

const nothing = never('openioc')

// Limit: no endpoint sees URLs themselves: their host, a command line or a file with their text is enough.
/**
 * A URL by all that an endpoint sees of it: the host in DNS and connections, the text in command lines and files.
 * What names no host stands in command lines only.
 */
export function urlCondition(test: UrlTest): Condition {
  const { comparison, text, exact = false, blobs } = test
  const url = hostedUrl(comparison, text)
  if (url === undefined) return fragmentCondition(test)
  const parts = [
    urlOn('dns', comparison, [url.value]) ?? nothing,
    someConnection(urlOn('connection', comparison, [url.value]) ?? nothing),
    commandLine('contains', [text], exact),
    ...(blobs === undefined || text.length < shortestInFile ? [] : [textInFile(text, exact, blobs)]),
  ]
  return anyOf(parts, nothing)
}

/** Whether a text of this comparison begins with scheme or host, so that a host can be watched. */
export function namesHost(comparison: Comparison, text: string): boolean {
  return hostedUrl(comparison, text) !== undefined
}

/** What one kind of object shows of whole URLs; nothing where it does not tell. */
export function urlOn(
  place: UrlPlace,
  comparison: Comparison,
  texts: readonly string[],
): Condition | undefined {
  if (place !== 'process') return hostsOn(place, texts.map(urlOf))
  if (comparison === 'like') return commandLine('like', texts.map(inside))
  return commandLine('contains', texts)
}

/** A part of a URL that names no host stands in a command line that holds a URL. */
function fragmentCondition({ comparison, text, exact = false }: UrlTest): Condition {
  const word = comparison === 'matches' || comparison === 'like' ? comparison : 'contains'
  const value = word === 'matches' ? unanchored(text) : word === 'like' ? inside(text) : text
  const parts = [commandLine(word, [value], exact), commandLine('contains', ['://'], false)]
  return same('process', 'either', allOf(parts, nothing))
}

/** Shorter texts stand in files by accident. */
const shortestInFile = 8

function textInFile(text: string, exact: boolean, blobs: Map<Digest, Uint8Array>): Condition {
  const string = `${quoted(text)} ascii wide${exact ? '' : ' nocase'}`
  const content = contentOf({ strings: [string], condition: ([name = '$s0']) => name }, 'file', blobs)
  return same('file', 'state', content)
}

/** The URL that a document means, if its text begins with scheme or host; patterns have neither. */
function hostedUrl(comparison: Comparison, text: string): Observable | undefined {
  if (comparison === 'matches' || comparison === 'like' || comparison === 'ends with') return undefined
  const url = urlOf(text)
  if (url !== undefined || comparison === 'starts with') return url
  return /^[^/\s]+\.[a-z]{2,}(?::\d+)?\/|^\d+(?:\.\d+){3}(?::\d+)?\//i.test(text)
    ? urlOf(`http://${text}`)
    : undefined
}

function urlOf(text: string): Observable | undefined {
  const url = observableOf(text)
  return url?.of === 'url' ? url : undefined
}

/** Where an address and where a name is asked for. */
const hostProperties: Readonly<Record<Exclude<UrlPlace, 'process'>, { name?: string; address: string }>> = {
  dns: { name: 'dns.query', address: 'dns.response' },
  network: { address: 'network.remote_address' },
  connection: { address: 'connection.remote_address' },
}

function hostsOn(
  object: Exclude<UrlPlace, 'process'>,
  urls: readonly (Observable | undefined)[],
): Condition | undefined {
  const hosts = [...new Set(urls.flatMap((url) => url?.host ?? []))]
  const { name, address } = hostProperties[object]
  const names = hosts.filter((host) => !isAddress(host))
  const parts = [
    ...(name === undefined ? [] : oneOf(object, name, names)),
    ...oneOf(object, address, hosts.filter(isAddress)),
  ]
  const [first] = parts
  return first === undefined ? undefined : anyOf(parts, first)
}

function oneOf(object: ObjectKind, property: string, values: readonly string[]): readonly Condition[] {
  return values.length === 0 ? [] : [term({ object, property, comparison: 'is', values })]
}

function commandLine(comparison: Comparison, values: readonly string[], exact = false): Condition {
  return term({ object: 'process', property: 'process.command_line', comparison, values, exact })
}

/** The pattern is of the whole URL, which is a part of the command line. */
function inside(pattern: string): string {
  return `%${pattern}%`
}

/** Anchors speak of the URL; in a command line it stands anywhere. */
function unanchored(pattern: string): string {
  if (pattern.includes('|')) return pattern
  return pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '')
}
