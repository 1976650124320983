import {
  type Condition,
  type Digest,
  digestOfBytes,
  type ObjectKind,
  type Operand,
  type Term,
} from '@tocsin/model'
import { isAddress, type Observable } from './observable.ts'

/** Distinct values of each kind; a URL leads to the host that DNS and connections show. */
export interface Values {
  readonly sets: ReadonlyMap<Exclude<Observable['of'], 'url'>, ReadonlySet<string>>
  readonly urls: ReadonlyMap<string, string>
}

/** Up to here values stand in the program itself, above that in a blob beside it. */
const mostInline = 1_000
/** Texts that are searched in every command line; beyond these only hosts are watched. */
export const mostTexts = 10_000

type Place = readonly [object: ObjectKind, property: string]
type SetOf = Extract<Operand, { kind: 'set' }>['of']

/** Where each kind of value shows on an endpoint. */
const places: Readonly<Record<Exclude<Observable['of'], 'url'>, readonly Place[]>> = {
  md5: hashPlaces('md5'),
  sha1: hashPlaces('sha1'),
  sha256: hashPlaces('sha256'),
  address: [
    ['network', 'network.remote_address'],
    ['connection', 'connection.remote_address'],
    ['dns', 'dns.response'],
  ],
  network: [
    ['network', 'network.remote_address'],
    ['connection', 'connection.remote_address'],
  ],
  domain: [['dns', 'dns.query']],
}

function hashPlaces(hash: string): readonly Place[] {
  return (['file', 'process', 'image', 'driver'] as const).map((object) => [object, `${object}.${hash}`])
}

const comparisons: Readonly<Record<SetOf, Term['comparison']>> = {
  md5: 'is',
  sha1: 'is',
  sha256: 'is',
  text: 'is',
  network: 'in network',
  domain: 'in domain',
}

/** One term for each place where values of a kind show, however many they are. */
export function lowerList({ sets, urls }: Values, blobs: Map<Digest, Uint8Array>): readonly Condition[] {
  const plain = [...sets].flatMap(([of, values]) =>
    termsAt(places[of], of === 'address' ? 'text' : of, [...values], blobs),
  )
  return [...plain, ...urlTerms(urls, blobs)]
}

/** A URL is watched by its very host in DNS and connections, and by its text in command lines. */
function urlTerms(urls: Values['urls'], blobs: Map<Digest, Uint8Array>): readonly Condition[] {
  const hosts = [...new Set(urls.values())]
  const names = hosts.filter((host) => !isAddress(host))
  const texts = [...urls.keys()].slice(0, mostTexts)
  const written: Condition[] = []
  for (let at = 0; at < texts.length; at += mostInline) {
    const operand = { kind: 'values', values: texts.slice(at, at + mostInline) } as const
    written.push(termAt(['process', 'process.command_line'], 'contains', operand))
  }
  return [
    ...termsAt(places.domain, 'text', names, blobs),
    ...termsAt(places.address, 'text', hosts.filter(isAddress), blobs),
    ...written,
  ]
}

function termsAt(
  at: readonly Place[],
  of: SetOf,
  values: readonly string[],
  blobs: Map<Digest, Uint8Array>,
): readonly Term[] {
  if (values.length === 0) return []
  const operand = operandOf(of, values, blobs)
  return at.map((place) => termAt(place, comparisons[of], operand))
}

/** Sorted once for all places that it is looked for in. */
function operandOf(of: SetOf, values: readonly string[], blobs: Map<Digest, Uint8Array>): Operand {
  if (values.length <= mostInline) return { kind: 'values', values }
  const blob = new TextEncoder().encode(`${values.toSorted().join('\n')}\n`)
  const digest = digestOfBytes(blob)
  blobs.set(digest, blob)
  return { kind: 'set', digest, count: values.length, of }
}

function termAt([object, property]: Place, comparison: Term['comparison'], operand: Operand): Term {
  return {
    ...{ kind: 'term', object, property, comparison, operand, apply: 'any', negate: false },
    text: { exact: false },
  }
}
