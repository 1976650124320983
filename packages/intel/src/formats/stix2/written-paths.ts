import type { Same } from '@tocsin/model'
import type { ObjectPath } from './pattern/ast.ts'
import { parsePattern } from './pattern/parse-pattern.ts'

/** An object of STIX 2.1 as conversions write it. */
export interface WrittenObject {
  /** Our objects as which it is read; the first one names it. */
  readonly views: readonly WrittenView[]
  /** Property of the first view, without its object → path. */
  readonly paths: Readonly<Record<string, string>>
}

export interface WrittenView {
  readonly object: Exclude<Same['object'], 'observation'>
  /** Properties of the first view that this one shows, with what it calls them; all without. */
  readonly shows?: Readonly<Record<string, string>>
}

const hashes = (path: string, prefix = '') => ({
  [`${prefix}md5`]: `${path}.MD5`,
  [`${prefix}sha1`]: `${path}.'SHA-1'`,
  [`${prefix}sha256`]: `${path}.'SHA-256'`,
})

const program = { name: 'name', md5: 'md5', sha1: 'sha1', sha256: 'sha256' }

const file: WrittenObject = {
  views: [
    { object: 'file' },
    { object: 'process', shows: program },
    { object: 'image', shows: program },
    { object: 'driver', shows: program },
  ],
  paths: {
    name: 'file:name',
    directory: 'file:parent_directory_ref.path',
    size: 'file:size',
    created: 'file:ctime',
    modified: 'file:mtime',
    accessed: 'file:atime',
    ...hashes('file:hashes'),
  },
}

const process: WrittenObject = {
  views: [{ object: 'process' }],
  paths: {
    command_line: 'process:command_line',
    name: 'process:image_ref.name',
    pid: 'process:pid',
    cwd: 'process:cwd',
    start_time: 'process:created_time',
    user_name: 'process:creator_user_ref.account_login',
    parent_command_line: 'process:parent_ref.command_line',
    parent_name: 'process:parent_ref.image_ref.name',
    parent_pid: 'process:parent_ref.pid',
    ...hashes('process:image_ref.hashes'),
    ...hashes('process:parent_ref.image_ref.hashes', 'parent_'),
  },
}

const traffic: WrittenObject = {
  views: [{ object: 'network' }, { object: 'connection' }],
  paths: {
    remote_address: 'network-traffic:dst_ref.value',
    remote_port: 'network-traffic:dst_port',
    local_address: 'network-traffic:src_ref.value',
    local_port: 'network-traffic:src_port',
    protocol: 'network-traffic:protocols[*]',
  },
}

const objects: Readonly<Record<string, WrittenObject>> = {
  file,
  process,
  network: traffic,
  connection: traffic,
  dns: {
    views: [{ object: 'dns' }],
    paths: { query: 'domain-name:value', response: 'domain-name:resolves_to_refs[*].value' },
  },
  mutex: {
    views: [{ object: 'mutex' }, { object: 'process', shows: { name: 'handle' } }],
    paths: { name: 'mutex:name' },
  },
  registry: {
    views: [{ object: 'registry' }],
    paths: {
      key_path: 'windows-registry-key:key',
      value_name: 'windows-registry-key:values[*].name',
      value_data: 'windows-registry-key:values[*].data',
    },
  },
}

/** The object of STIX for one of ours; nothing where the standard has none, or only a broader one. */
export function writtenObject(object: Same['object']): WrittenObject | undefined {
  return Object.hasOwn(objects, object) ? objects[object] : undefined
}

/** A path as the language's own reader takes it apart. */
export function pathOf(text: string): ObjectPath | undefined {
  const { pattern } = parsePattern(`[EXISTS ${text}]`)
  if (pattern?.kind !== 'observation' || pattern.comparison.kind !== 'exists') return undefined
  return pattern.comparison.path
}
