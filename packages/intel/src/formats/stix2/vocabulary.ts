import type { UrlPlace } from '../lowering/urls.ts'
import { urlConditionOn } from './lower-url.ts'
import { hashRows, type Row, spelledAlike, type View, type Views, view } from './views.ts'
import { artifact, file } from './views-of-files.ts'
import { accountViews, processViews } from './views-of-processes.ts'

/** Where an endpoint sees the objects of STIX. */
export const endpointViews: Views = (objectType) =>
  Object.hasOwn(views, objectType) ? (views[objectType] ?? []) : []

/** The object types that endpoints see, for the reference page. */
export const seenTypes: () => readonly string[] = () => Object.keys(views)

/** A program's file, seen as the process that runs it, a library or a driver. */
function loadedAs(object: 'process' | 'image' | 'driver'): View {
  return view(object, [['name', `${object}.name`], ['path', `${object}.path`], ...hashRows('hashes', object)])
}

const traffic: readonly Row[] = [
  ['dst_ref.value', 'remote_address'],
  ['dst_port', 'remote_port'],
  ['src_ref.value', 'local_address'],
  ['src_port', 'local_port'],
  ['protocols[*]', 'protocol'],
]

const address: readonly View[] = [
  view('network', [['value', 'network.address']]),
  view('connection', [['value', 'connection.address']]),
  view('dns', [['value', 'dns.response']]),
]

const registry = view('registry', [
  ['key', 'registry.key_path'],
  ['values[*].name', 'registry.value_name'],
  ['values[*].data', 'registry.value_data'],
])

const urlPlaces: Readonly<Record<UrlPlace, string>> = {
  dns: 'dns.query',
  network: 'network.remote_address',
  connection: 'connection.remote_address',
  process: 'process.command_line',
}

const views: Readonly<Record<string, readonly View[]>> = {
  file: [file, loadedAs('process'), loadedAs('image'), loadedAs('driver')],
  artifact: [artifact],
  directory: [
    view('file', [
      ['path', 'file.directory'],
      ['contains_refs[*].name', 'file.name'],
      ...hashRows('contains_refs[*].hashes', 'file'),
    ]),
  ],
  process: processViews,
  'user-account': accountViews,
  mutex: [view('mutex', [['name', 'mutex.name']]), view('process', [['name', 'process.handle']])],
  software: [
    view('package', [
      ['name', 'package.name'],
      ['version', 'package.version'],
      ['vendor', 'package.publisher'],
    ]),
  ],
  'mac-addr': [view('host', [['value', 'host.mac_address']])],
  'network-traffic': (['network', 'connection'] as const).map((object) =>
    view(
      object,
      traffic.map(([path, name]): Row => [path, `${object}.${name}`]),
    ),
  ),
  'ipv4-addr': address,
  'ipv6-addr': address,
  'domain-name': [
    view('dns', [
      ['value', 'dns.query'],
      ['resolves_to_refs[*].value', 'dns.response'],
    ]),
  ],
  url: (['dns', 'network', 'connection', 'process'] as const).map(urlSeenOn),
  'windows-registry-key': [registry],
  'win-registry-key': [registry],
}

function urlSeenOn(object: UrlPlace): View {
  return view(object, [], {
    conditionOf: (test) => (spelledAlike(test.path) === 'value' ? urlConditionOn(test, object) : undefined),
    readsInPart: (path) => spelledAlike(path) === 'value',
    paths: [['value', urlPlaces[object]]],
  })
}
