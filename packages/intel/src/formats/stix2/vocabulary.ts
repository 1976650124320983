import type { Condition, ObjectKind } from '@tocsin/model'
import type { UrlPlace } from '../lowering/urls.ts'
import { urlConditionOn } from './lower-url.ts'
import type { ObjectPath, PropertyTest } from './pattern/ast.ts'
import { normalHashName } from './pattern/check-pattern.ts'
import { printPath } from './pattern/print-pattern.ts'

/** One object of ours as which an object of STIX can show on an endpoint. */
export interface View {
  readonly object: ObjectKind
  /** Our property for a path; nothing where the object does not tell. */
  propertyOf(path: ObjectPath): string | undefined
  /** Instead of a property: what a test means for an object that shows it only in part. */
  readonly conditionOf?: (test: PropertyTest) => Condition | undefined
}

/** The views of an object type; none where no endpoint sees such objects. */
export type Views = (objectType: string) => readonly View[]

/** Where an endpoint sees the objects of STIX. */
export const endpointViews: Views = (objectType) =>
  Object.hasOwn(views, objectType) ? (views[objectType] ?? []) : []

type Row = readonly [path: string, property: string]

/** A program's file, seen as the process that runs it, a library or a driver. */
function loadedAs(object: 'process' | 'image' | 'driver'): View {
  return view(object, [['name', `${object}.name`], ['path', `${object}.path`], ...hashRows('hashes', object)])
}

function hashRows(path: string, owner: string): readonly Row[] {
  return ['md5', 'sha1', 'sha256'].map((hash) => [
    `${path}.${hash}`,
    `${owner}${owner.includes('.') ? '_' : '.'}${hash}`,
  ])
}

const file = view('file', [
  ['name', 'file.name'],
  ['path', 'file.path'],
  ['size', 'file.size'],
  ['created', 'file.created'],
  ['ctime', 'file.created'],
  ['modified', 'file.modified'],
  ['mtime', 'file.modified'],
  ['accessed', 'file.accessed'],
  ['atime', 'file.accessed'],
  ['parent_directory_ref.path', 'file.directory'],
  ...hashRows('hashes', 'file'),
])

const process = view('process', [
  ['command_line', 'process.command_line'],
  ['name', 'process.name'],
  ['pid', 'process.pid'],
  ['cwd', 'process.cwd'],
  ['created', 'process.start_time'],
  ['created_time', 'process.start_time'],
  ['image_ref.name', 'process.name'],
  ['binary_ref.name', 'process.name'],
  ['image_ref.path', 'process.path'],
  ['binary_ref.path', 'process.path'],
  ['creator_user_ref.account_login', 'process.user_name'],
  ['creator_user_ref.user_id', 'process.user_name'],
  ['parent_ref.command_line', 'process.parent_command_line'],
  ['parent_ref.name', 'process.parent_name'],
  ['parent_ref.pid', 'process.parent_pid'],
  ['parent_ref.image_ref.name', 'process.parent_name'],
  ['parent_ref.binary_ref.name', 'process.parent_name'],
  ...hashRows('image_ref.hashes', 'process'),
  ...hashRows('binary_ref.hashes', 'process'),
  ...hashRows('parent_ref.image_ref.hashes', 'process.parent'),
])

const traffic: readonly Row[] = [
  ['dst_ref.value', 'remote_address'],
  ['dst_port', 'remote_port'],
  ['src_ref.value', 'local_address'],
  ['src_port', 'local_port'],
  ['protocols[*]', 'protocol'],
  ['protocols[0]', 'protocol'],
]

const address: readonly View[] = [
  view('network', [['value', 'network.address']]),
  view('connection', [['value', 'connection.address']]),
  view('dns', [['value', 'dns.response']]),
]

const registry = view('registry', [
  ['key', 'registry.key_path'],
  ['values[*].name', 'registry.value_name'],
  ['values[0].name', 'registry.value_name'],
  ['values[*].data', 'registry.value_data'],
  ['values[0].data', 'registry.value_data'],
])

const views: Readonly<Record<string, readonly View[]>> = {
  file: [file, loadedAs('process'), loadedAs('image'), loadedAs('driver')],
  directory: [view('file', [['path', 'file.directory']])],
  process: [process],
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
  url: (['dns', 'network', 'connection', 'process'] as const).map(urlOn),
  'windows-registry-key': [registry],
  'win-registry-key': [registry],
}

function urlOn(object: UrlPlace): View {
  return {
    ...view(object, []),
    conditionOf: (test) => (spelledAlike(test.path) === 'value' ? urlConditionOn(test, object) : undefined),
  }
}

function view(object: ObjectKind, rows: readonly Row[]): View {
  const byPath = new Map(rows)
  return { object, propertyOf: (path) => byPath.get(spelledAlike(path)) }
}

/** Without the object type, and hashes in one spelling. */
function spelledAlike(path: ObjectPath): string {
  const steps = path.steps.map((step, number) => {
    const above = path.steps[number - 1]
    const isHash = step.kind === 'key' && above?.kind === 'key' && above.key === 'hashes'
    return isHash ? { ...step, key: normalHashName(step.key) } : step
  })
  return printPath({ objectType: '', steps }).slice(1)
}
