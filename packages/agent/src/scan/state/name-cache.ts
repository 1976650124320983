import { known } from '@tocsin/model'
import { textsField } from './fields.ts'
import { addressOf } from './network-tables.ts'
import { observed, type StateProvider } from './provider.ts'
import { callVarlink } from './varlink.ts'

const source = 'the cache of systemd-resolved, from version 254, asked by its socket in /run/systemd/resolve'
const socket = '/run/systemd/resolve/io.systemd.Resolve.Monitor'
const mostEntries = 100_000

// Limit: of caches of names only that of systemd-resolved is read, not those of nscd, dnsmasq and browsers.
export const nameCache: StateProvider = {
  object: 'dns',
  sources: { 'dns.query': source, 'dns.response': `${source}: addresses and names` },
  async *read(look) {
    const place = look.tree.hostPath(socket).toString('utf8')
    const reply = await callVarlink(place, 'io.systemd.Resolve.Monitor.DumpCache')
    const dump = listIn(reply, 'dump')
    if (dump === undefined) {
      for (const property of Object.keys(nameCache.sources)) look.unknown(property, noCache)
      look.missed('no cache of names')
      return
    }
    const entries = dump.flatMap((scope) => listIn(scope, 'cache') ?? [])
    if (entries.length > mostEntries) look.missed('too many')
    for (const entry of entries.slice(0, mostEntries)) {
      const name = textIn(memberOf(entry, 'key'), 'name')
      if (name === undefined) continue
      const type = String(memberOf(memberOf(entry, 'key'), 'type'))
      yield observed('dns', `${name} ${type}`, {
        'dns.query': known(withoutDot(name)),
        'dns.response': textsField((listIn(entry, 'rrs') ?? []).flatMap(answersOf)),
      })
    }
  },
}

const noCache =
  'no cache of names can be read here: systemd-resolved is not there, or is older than 254, or does not tell'

/** An address, or the name that another one stands for. */
function answersOf(entry: unknown): readonly string[] {
  const record = memberOf(entry, 'rr')
  const name = textIn(record, 'name')
  const address = listIn(record, 'address')
  const bytes = address?.filter((byte) => typeof byte === 'number' && byte >= 0 && byte <= 255) as number[]
  const isAddress = address !== undefined && bytes.length === address.length && [4, 16].includes(bytes.length)
  return [
    ...(name === undefined ? [] : [withoutDot(name)]),
    ...(isAddress ? [addressOf(Uint8Array.from(bytes))] : []),
  ]
}

function withoutDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined
}

function listIn(value: unknown, name: string): readonly unknown[] | undefined {
  const list = memberOf(value, name)
  return Array.isArray(list) ? list : undefined
}

function textIn(value: unknown, name: string): string | undefined {
  const text = memberOf(value, name)
  return typeof text === 'string' && text !== '' ? text : undefined
}
