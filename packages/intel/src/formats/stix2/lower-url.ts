import type { Condition, ObjectKind } from '@tocsin/model'
import { isAddress, type Observable, observableOf } from '../list/observable.ts'
import { anyOf, term } from '../lowering/compose.ts'
import type { PropertyTest } from './pattern/ast.ts'

/** Where a URL shows: its host is asked for and connected to, its text stands in command lines. */
export type UrlPlace = 'dns' | 'network' | 'connection' | 'process'

// Limit: no endpoint sees the URLs of STIX 2 themselves: their host or a command line with their text is enough.
/** A test on a URL as an object shows it; nothing where the object does not tell. */
export function urlConditionOn(test: PropertyTest, place: UrlPlace): Condition | undefined {
  if (test.kind === 'exists' || test.isNegated) return undefined
  const texts = test.constants.flatMap((constant) =>
    constant.kind === 'text' && constant.value !== '' ? [constant.value] : [],
  )
  if (texts.length === 0) return undefined
  if (test.operator === 'LIKE')
    return place === 'process' ? commandLine('like', texts.map(inside)) : undefined
  if (test.operator !== '=' && test.operator !== 'IN') return undefined
  if (place === 'process') return commandLine('contains', texts)
  const urls = texts.map(observableOf).filter((url) => url?.of === 'url')
  return hostsOn(place, urls)
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
  const parts = [
    ...(name === undefined
      ? []
      : oneOf(
          object,
          name,
          hosts.filter((host) => !isAddress(host)),
        )),
    ...oneOf(object, address, hosts.filter(isAddress)),
  ]
  const [first] = parts
  return first === undefined ? undefined : anyOf(parts, first)
}

function oneOf(object: ObjectKind, property: string, values: readonly string[]): readonly Condition[] {
  return values.length === 0 ? [] : [term({ object, property, comparison: 'is', values })]
}

function commandLine(comparison: 'contains' | 'like', values: readonly string[]): Condition {
  return term({ object: 'process', property: 'process.command_line', comparison, values })
}

/** The pattern is of the whole URL, which is a part of the command line. */
function inside(pattern: string): string {
  return `%${pattern}%`
}
