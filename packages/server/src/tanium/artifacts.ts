import type { Explanation, Fields, ProcessFacts } from '@tocsin/model'
import { integerOf, isoTime, textOf, wideId } from './facts-of.ts'

type Json = Readonly<Record<string, unknown>>
type SeenInstance = Explanation['instances'][number]

/** `match.properties` of a process: itself and its ancestors, each hash present even where unknown. */
export function processProperties(chain: readonly ProcessFacts[]): Json {
  const [self, ...ancestors] = chain
  if (self === undefined)
    return { pid: 0, ppid: 0, args: '', name: '', user: '', file: fileHashes({}, 'process', '') }
  const { fields } = self
  const path = textOf(fields, 'process.path')
  return {
    pid: integerOf(fields, 'process.pid'),
    ppid: integerOf(fields, 'process.parent_pid'),
    args: textOf(fields, 'process.command_line'),
    name: path,
    user: textOf(fields, 'process.user_name'),
    start_time: isoTime(self.startedAt),
    recorder_unique_id: wideId(self.key),
    file: fileHashes(fields, 'process', path),
    ...(ancestors.length > 0 ? { parent: processProperties(ancestors) } : {}),
  }
}

/** `match.properties` of a file found at rest. */
export function fileProperties(fields: Fields): Json {
  return {
    ...fileHashes(fields, 'file', textOf(fields, 'file.path')),
    file: fileHashes(fields, 'file', textOf(fields, 'file.path')),
    size: textOf(fields, 'file.size'),
  }
}

/** `match.properties` of a connection. */
export function portProperties(seen: SeenInstance, chain: readonly ProcessFacts[]): Json {
  const at = seen.object
  return {
    process: processProperties(chain),
    local_ip: textOf(seen.fields, `${at}.local_address`),
    local_port: integerOf(seen.fields, `${at}.local_port`),
    remote_ip: textOf(seen.fields, `${at}.remote_address`),
    remote_port: integerOf(seen.fields, `${at}.remote_port`),
    file: fileHashes(chain[0]?.fields ?? {}, 'process', textOf(chain[0]?.fields ?? {}, 'process.path')),
  }
}

function fileHashes(fields: Fields, object: 'file' | 'process', fullpath: string): Json {
  return {
    fullpath,
    md5: textOf(fields, `${object}.md5`),
    sha1: textOf(fields, `${object}.sha1`),
    sha256: textOf(fields, `${object}.sha256`),
  }
}

/** `acting_artifact.process`, recursive over the parents. */
export function actingProcess(chain: readonly ProcessFacts[], isTarget = true): Json | null {
  const [self, ...ancestors] = chain
  if (self === undefined) return null
  const { fields } = self
  const parent = actingProcess(ancestors, false)
  const process = {
    handles: [],
    pid: integerOf(fields, 'process.pid'),
    arguments: textOf(fields, 'process.command_line'),
    name: textOf(fields, 'process.name'),
    file: fileArtifact(textOf(fields, 'process.path'), fields, 'process'),
    user: { user: userOf(textOf(fields, 'process.user_name')) },
    ...(parent === null ? {} : { parent }),
    start_time: isoTime(self.startedAt),
    tanium_unique_id: wideId(self.key),
  }
  return hashed({ process }, isTarget)
}

function userOf(name: string): Json {
  const [domain, user] = name.includes('\\') ? name.split('\\', 2) : ['', name]
  return { name: user ?? '', domain: domain ?? '', user_id: '', group_id: '' }
}

/** A file with its hashes as an artifact. */
export function fileArtifact(path: string, fields: Fields, object: 'file' | 'process'): Json {
  const hash = {
    md5: textOf(fields, `${object}.md5`),
    sha1: textOf(fields, `${object}.sha1`),
    sha256: textOf(fields, `${object}.sha256`),
  }
  const size = textOf(fields, 'file.size')
  return hashed({ file: { path, hash, ...(size === '' ? {} : { size_bytes: size }) } })
}

/** `instance_hash` names this very artifact, `artifact_hash` what it is. */
export function hashed(artifact: Json, isTarget = false): Json {
  return {
    ...artifact,
    instance_hash: wideId(['instance', artifact]),
    artifact_hash: wideId(['artifact', artifact]),
    ...(isTarget ? { is_intel_target: true } : {}),
  }
}

/** Tanium's verb 6 is a file's creation; the other numbers are not public, these are ours. */
const verbs: Readonly<Record<string, number>> = {
  create: 6,
  write: 7,
  delete: 8,
  rename: 9,
  change: 10,
  connect: 11,
  accept: 12,
  listen: 13,
}
const fileVerbNames: Readonly<Record<string, string>> = {
  create: 'create',
  write: 'write',
  delete: 'delete',
  change: 'change',
}

/** `relevant_actions`: what the process did that met the intel. */
export function relevantActions(instances: readonly SeenInstance[]): readonly Json[] {
  return instances
    .filter(({ object }) => object === 'file' || object === 'network')
    .map((seen) => ({
      verb: verbs[textOf(seen.fields, `${seen.object}.operation`)] ?? 0,
      target: seen.object === 'file' ? fileTarget(seen) : portTarget(seen),
      timestamp: isoTime(seen.at),
      tanium_recorder_event_table_id: wideId(seen.key),
      tanium_recorder_context: {
        file: { unique_event_id: wideId(seen.key) },
        event: { timestamp_ms: String(Math.floor(seen.at / 1000)), ...eventOf(seen, 'snake') },
      },
    }))
}

function fileTarget(seen: SeenInstance): Json {
  return fileArtifact(textOf(seen.fields, 'file.path'), seen.fields, 'file')
}

function portTarget({ fields }: SeenInstance): Json {
  return hashed({
    port: {
      local_ip: textOf(fields, 'network.local_address'),
      local_port: integerOf(fields, 'network.local_port'),
      remote_ip: textOf(fields, 'network.remote_address'),
      remote_port: integerOf(fields, 'network.remote_port'),
    },
  })
}

/** `match.contexts`: the same events in camel case. */
export function contextsOf(instances: readonly SeenInstance[]): readonly Json[] {
  return instances
    .filter(({ object }) => object === 'file')
    .map((seen) => ({
      file: { uniqueEventId: wideId(seen.key) },
      event: { timestampMs: String(Math.floor(seen.at / 1000)), ...eventOf(seen, 'camel') },
    }))
}

function eventOf(seen: SeenInstance, style: 'snake' | 'camel'): Json {
  if (seen.object !== 'file') return {}
  const path = textOf(seen.fields, 'file.path')
  const operation = textOf(seen.fields, 'file.operation')
  if (operation === 'rename') {
    const from = textOf(seen.fields, 'file.source_path')
    return style === 'snake'
      ? { file_move: { src_path: from, dest_path: path } }
      : { fileMove: { srcPath: from, destPath: path } }
  }
  const verb = fileVerbNames[operation] ?? 'create'
  const name = style === 'snake' ? `file_${verb}` : `file${verb[0]?.toUpperCase()}${verb.slice(1)}`
  return { [name]: { path } }
}
