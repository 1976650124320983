import type { Fields, ProcessFacts, ProcessKey, RecordedEvent } from '@tocsin/model'
import { known } from '@tocsin/model'
import { dnsFields, fileFields, socketFields } from '../../packages/agent/src/recorder/event-fields.ts'

const fileOperations = ['create', 'write', 'rename', 'delete'] as const
const livingProcesses = 400

/** Events of a busy machine: of 20, 13 of files, 3 of processes, 2 of connections, 1 question, 1 library. */
export class MadeEvents {
  readonly processes = new Map<ProcessKey, ProcessFacts>()
  private readonly keys: ProcessKey[] = []
  private count = 0
  private at = Date.now() * 1_000

  next(length: number): readonly RecordedEvent[] {
    return Array.from({ length }, () => this.one())
  }

  someActor(): ProcessKey {
    return this.keys[Math.floor(this.keys.length / 2)] ?? ''
  }

  /** One that was written long ago. */
  somePath(): string {
    return pathOf(5_001)
  }

  private one(): RecordedEvent {
    this.count += 1
    this.at += 100
    const [object, operation, fields] = saying(this.count)
    if (operation === 'start') this.begin()
    const actor = this.keys[(this.count * 7_919) % Math.max(1, this.keys.length)] ?? this.begin()
    return { id: String(this.at), object, operation, at: this.at, actor, fields }
  }

  private begin(): ProcessKey {
    const pid = 1_000 + (this.count % 30_000)
    const key = `0b5c9a3e-7f0e-4a63-9d0e-6a3b1f2c4d5e:${pid}:${this.count}`
    const parent = this.keys[this.count % Math.max(1, this.keys.length)] ?? null
    const path = `/usr/lib/tools/program-${this.count % 300}`
    const fields: Fields = {
      'process.pid': known(pid),
      'process.path': known(path),
      'process.name': known(path.slice(15)),
      'process.command_line': known(`${path} --input /srv/data/${this.count % 5_000} --verbose`),
      'process.cwd': known('/srv/work'),
      'process.user_name': known('root'),
      'process.user_group': known('root'),
      'process.start_time': known({ time: this.at }),
      'process.sha256': known(String(this.count % 300).padStart(64, 'a')),
    }
    this.processes.set(key, { key, parent, startedAt: this.at, endedAt: null, fields })
    this.keys.push(key)
    const oldest = this.keys.length > livingProcesses ? this.keys.shift() : undefined
    if (oldest !== undefined) this.processes.delete(oldest)
    return key
  }
}

function pathOf(number: number): string {
  return `/srv/work/project-${number % 40}/build/object-${number}.o`
}

function saying(number: number): readonly [RecordedEvent['object'], string, Fields] {
  const kind = number % 20
  if (kind < 13) {
    const operation = fileOperations[kind % 4] ?? 'write'
    const path = pathOf(number - kind + Math.floor(kind / 4))
    return ['file', operation, fileFields({ operation, path, source: null, raw: null })]
  }
  if (kind === 13) return ['process', 'start', { 'process.operation': known('start') }]
  if (kind < 16)
    return ['process', 'exit', { 'process.operation': known('exit'), 'process.exit_code': known(0) }]
  if (kind < 18) return ['network', 'connect', connection(number)]
  if (kind === 18) return ['dns', 'query', dnsFields(question(number))]
  const library = `/usr/lib/x86_64-linux-gnu/lib-${number % 700}.so`
  return ['image', 'load', { 'image.path': known(library), 'image.name': known(library.slice(26)) }]
}

function connection(number: number): Fields {
  return socketFields({
    ...{ operation: 'connect', protocol: 'tcp', localAddress: '192.0.2.1', localPort: number % 60_000 },
    ...{ remoteAddress: `198.51.100.${number % 250}`, remotePort: 443, received: null, sent: null },
  })
}

function question(number: number) {
  const answers = [`203.0.113.${number % 250}`]
  return { query: `host-${number % 3_000}.example.org`, answers, isAnswer: true, isWhole: true, id: number }
}
