import { absentField, type Field, type Fields, known, storableText, unknownField } from '@tocsin/model'
import { pathFields, textField } from '../facts.ts'
import { networkFields } from '../network.ts'
import type { Told, ToldProcess } from '../told.ts'
import { callOf } from './calls.ts'
import { type FileChange, fileChangesOf } from './file-changes.ts'
import { AuditAssembler, auditTypes, type JoinedRecords, recordOf } from './joined-records.ts'
import { kernelEventOf } from './kernel-event.ts'
import { bytesOf, fieldOf, numberOf, textOf, utf8 } from './record-text.ts'

const types: ReadonlyMap<string, number> = new Map([
  ['SYSCALL', auditTypes.syscall],
  ['PATH', auditTypes.path],
  ['SOCKADDR', auditTypes.socket],
  ['CWD', auditTypes.cwd],
  ['EXECVE', auditTypes.execve],
  ['EOE', auditTypes.end],
  ['PROCTITLE', auditTypes.title],
])

/** An event is over so long after its last record could come, µs. */
const patience = 2_000_000
/** The kernel tells no more of a command line in this record. */
const longestTitle = 128

/** What a line of an audit log brought. */
export interface LogLine {
  readonly told: readonly Told[]
  /** A record of a type that is not read. */
  readonly other?: string
}

/** Reads the lines of an audit log: the records of one event are joined by their serial. */
export class AuditLog {
  private readonly byNode = new Map<string, AuditAssembler>()

  /** One line; nothing if it is none of an audit log. */
  push(line: string): LogLine | undefined {
    const head = /^(?:node=(\S{1,255}) )?type=([A-Z0-9_]{1,40}) msg=(audit\(\d+\.\d{3}:\d+\):.*)$/s.exec(
      line.trimEnd(),
    )
    if (head === null) return undefined
    const [, node = '', type = '', text = ''] = head
    const number = types.get(type)
    if (number === undefined) return { told: [], other: `audit ${type}` }
    const assembler = this.assemblerOf(node)
    const [serial = 0, at = 0] = placeOf(text)
    const stale = assembler.closeBefore(at - patience)
    const ended =
      assembler.push(number, text) ?? (number === auditTypes.title ? assembler.close(serial) : undefined)
    return {
      told: [...stale, ...(ended === undefined ? [] : [ended])].flatMap((joined) => toldOf(joined, node)),
    }
  }

  /** What is still open when the log ends. */
  end(): readonly Told[] {
    return [...this.byNode].flatMap(([node, assembler]) =>
      assembler.closeBefore(Number.POSITIVE_INFINITY).flatMap((joined) => toldOf(joined, node)),
    )
  }

  private assemblerOf(node: string): AuditAssembler {
    const assembler = this.byNode.get(node) ?? new AuditAssembler()
    if (this.byNode.size < 1_000) this.byNode.set(node, assembler)
    return assembler
  }
}

function placeOf(text: string): readonly [serial: number, at: number] | readonly [] {
  const parts = /^audit\((\d+)\.(\d{3}):(\d+)\)/.exec(text)
  return parts === null ? [] : [Number(parts[3]), Number(parts[1]) * 1_000_000 + Number(parts[2]) * 1_000]
}

function toldOf(joined: JoinedRecords, host: string): readonly Told[] {
  const syscall = recordOf(joined, auditTypes.syscall)
  if (syscall === undefined) return []
  const about = { at: joined.at, host, platform: 'linux', actor: actorOf(joined, syscall) } as const
  const call = callOf(fieldOf(syscall, 'arch'), fieldOf(syscall, 'syscall'))
  if (call === 'exit') return [exited(about, Number.parseInt(fieldOf(syscall, 'a0') ?? '', 16))]
  const isDone = fieldOf(syscall, 'success') !== 'no'
  const event = kernelEventOf(joined)
  if (event?.kind === 'exec')
    return isDone
      ? [
          {
            ...about,
            object: 'process',
            operation: 'start',
            change: 'start',
            fields: operation('process', 'start'),
          },
        ]
      : []
  if (event?.kind === 'socket') return [connected(about, event)]
  return isDone ? fileChangesOf(joined).map((change) => changed(about, change)) : []
}

type About = Pick<Told, 'at' | 'host' | 'platform' | 'actor'>

function exited(about: About, status: number): Told {
  const code = Number.isNaN(status) ? unknownField : known(status & 0xff)
  const fields = { ...operation('process', 'exit'), 'process.exit_code': code }
  return { ...about, object: 'process', operation: 'exit', change: 'exit', fields }
}

function connected(
  about: About,
  event: { operation: 'connect' | 'accept'; address: string; port: number },
): Told {
  const peer = { address: known(event.address), port: known(event.port) }
  const unknown = { address: unknownField, port: unknownField }
  const [source, destination] = event.operation === 'connect' ? [unknown, peer] : [peer, unknown]
  const fields = { ...networkFields(event.operation, source, destination), 'network.protocol': unknownField }
  return { ...about, object: 'network', operation: event.operation, fields }
}

function changed(about: About, { operation: word, path, name, source }: FileChange): Told {
  const fields: Fields = {
    ...operation('file', word),
    ...(path === undefined ? { 'file.name': textField(name) } : pathFields('file', path)),
    ...(source === undefined ? {} : { 'file.source_path': textField(source) }),
  }
  return { ...about, object: 'file', operation: word, fields }
}

function operation(object: string, word: string): Fields {
  return { [`${object}.operation`]: known(word) }
}

/** The process as its call's record tells of it; an exec tells its whole command line. */
function actorOf(joined: JoinedRecords, syscall: string): ToldProcess {
  const event = kernelEventOf(joined)
  const cwd = recordOf(joined, auditTypes.cwd)
  const folder = cwd === undefined ? undefined : textOf(cwd, 'cwd')
  const exe = textOf(syscall, 'exe')
  const ppid = numberOf(syscall, 'ppid')
  const isExec = event?.kind === 'exec'
  const command = isExec ? argumentsField(event.argv, event.isCut) : titleField(joined)
  const fields: Fields = {
    ...(exe === undefined ? {} : pathFields('process', exe)),
    ...(command === undefined ? {} : { 'process.command_line': command }),
    // The folder that a process works in later need not be the one it began in.
    ...(isExec && folder !== undefined ? { 'process.cwd': textField(folder) } : {}),
    ...(isExec ? { 'process.start_time': known({ time: joined.at }) } : {}),
    ...numberField('process.pid', numberOf(syscall, 'pid')),
    ...numberField('process.parent_pid', ppid),
    'process.user_name': accountField(syscall, 'euid', 'EUID'),
    'process.user_group': accountField(syscall, 'egid', 'EGID'),
  }
  return {
    fields,
    ...(ppid === null || ppid <= 0 ? {} : { parent: { fields: { 'process.pid': known(ppid) } } }),
  }
}

function argumentsField(argv: readonly string[], isCut: boolean): Field | undefined {
  if (argv.length === 0) return undefined
  const text = textField(argv.join(' '))
  const [value] = text.values
  return isCut && typeof value === 'string' ? { values: [{ cut: value }], whole: false } : text
}

/** `proctitle` holds the arguments with NULs between, of which the kernel keeps the beginning. */
function titleField(joined: JoinedRecords): Field | undefined {
  const record = recordOf(joined, auditTypes.title)
  const written = record === undefined ? undefined : fieldOf(record, 'proctitle')
  if (written === undefined || written === '(null)') return undefined
  const bytes = bytesOf(written)
  const text = storableText(utf8(bytes).replace(/\0+$/, ''))
  return bytes.length >= longestTitle ? { values: [{ cut: text }], whole: false } : known(text)
}

function numberField(property: string, value: number | null): Fields {
  return value === null ? {} : { [property]: known(value) }
}

/** A log names accounts by number; enriched ones add the names, and 0 is root everywhere. */
function accountField(syscall: string, number: string, name: string): Field {
  const written = fieldOf(syscall, name)?.replaceAll('"', '')
  if (written !== undefined && written !== '' && written !== 'unset') return textField(written)
  const id = numberOf(syscall, number)
  if (id === null) return unknownField
  return id === 0 ? known('root') : id === 4_294_967_295 ? absentField : unknownField
}
