import { type Field, type Fields, known, type Micros } from '@tocsin/model'
import { microsOf, pathFields, textField } from '../facts.ts'
import { isRecord, type JsonRecord, textAt } from '../json-record.ts'
import type { ToldProcess } from '../told.ts'

/** One event as eslogger writes it, with the process that acts. */
export interface ActingProcess {
  readonly process: JsonRecord
  readonly details: JsonRecord
  readonly at: Micros | undefined
}

/** What is known of a process from its exec alone, by its key. */
export type CommandLines = Map<string, Fields>

/** The process that acts; an exec is told of the image that it began, under a key of its own. */
export function actorOf(
  name: string,
  { process, details, at }: ActingProcess,
  commands: CommandLines,
): ToldProcess {
  const target = name === 'exec' && isRecord(details.target) ? details.target : process
  const key = keyOf(target.audit_token)
  if (name === 'exec' && key !== undefined) commands.set(key, execFields(details))
  const begun = name === 'exec' && at !== undefined ? { 'process.start_time': known({ time: at }) } : {}
  const parent = parentOf(target)
  return {
    ...(key === undefined ? {} : { key }),
    fields: { ...ownFields(target), ...(commands.get(key ?? '') ?? {}), ...begun },
    ...(parent === undefined ? {} : { parent }),
  }
}

/**
 * Pid and version tell a process image from every other until the system starts anew.
 * Limit: images of macOS with one pid and one version before and after a restart of the system are taken for one.
 */
export function keyOf(token: unknown): string | undefined {
  const [pid, version] = isRecord(token) ? [token.pid, token.pidversion] : []
  return typeof pid === 'number' && typeof version === 'number' ? `macos:${pid}:${version}` : undefined
}

export function timeAt(value: unknown): Micros | undefined {
  return typeof value === 'string' ? microsOf(value) : undefined
}

/** The path of a file as Endpoint Security names it; nothing where it was cut. */
export function pathAt(file: unknown): string | undefined {
  return isRecord(file) && file.path_truncated !== true ? textAt(file, 'path') : undefined
}

function ownFields(process: JsonRecord): Fields {
  const token = isRecord(process.audit_token) ? process.audit_token : {}
  const path = pathAt(process.executable)
  const began = timeAt(process.start_time)
  return {
    ...(path === undefined ? {} : pathFields('process', path)),
    ...numberField('process.pid', token.pid),
    ...numberField('process.parent_pid', process.ppid),
    ...(began === undefined ? {} : { 'process.start_time': known({ time: began }) }),
    // Limit: eslogger names users by number; only root is known by name.
    ...(token.euid === 0 ? { 'process.user_name': known('root') } : {}),
  }
}

function execFields({ args, cwd }: JsonRecord): Fields {
  const folder = pathAt(cwd)
  return {
    ...(Array.isArray(args) ? { 'process.command_line': argumentsField(args) } : {}),
    ...(folder === undefined ? {} : { 'process.cwd': textField(folder) }),
  }
}

function argumentsField(args: readonly unknown[]): Field {
  return textField(args.filter((each) => typeof each === 'string').join(' '))
}

/** Who created it, also where another process has adopted it since. */
function parentOf(process: JsonRecord): ToldProcess['parent'] {
  const key = keyOf(process.parent_audit_token)
  const token = isRecord(process.parent_audit_token) ? process.parent_audit_token : undefined
  const isAdopted = process.original_ppid !== undefined && process.original_ppid !== process.ppid
  if (isAdopted) return { fields: numberField('process.pid', process.original_ppid) }
  const fields = numberField('process.pid', token?.pid ?? process.ppid)
  if (Object.keys(fields).length === 0) return undefined
  return { ...(key === undefined ? {} : { key }), fields }
}

function numberField(property: string, value: unknown): Fields {
  return typeof value === 'number' && Number.isSafeInteger(value) ? { [property]: known(value) } : {}
}
