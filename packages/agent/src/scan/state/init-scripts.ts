import type { Observed } from '@tocsin/engine'
import { absentField, type Fields, known, unknownField } from '@tocsin/model'
import { textField } from './fields.ts'
import { trimmed } from './lines.ts'
import { type Look, textOfFile } from './look.ts'
import { observed } from './provider.ts'
import { textOf } from './tree.ts'

export interface InitScript {
  readonly name: string
  readonly service: Observed
}

const helpers: ReadonlySet<string> = new Set([
  'README',
  'functions',
  'skeleton',
  'rc',
  'rcS',
  'single',
  'halt',
])

/** Scripts of /etc/init.d as services. */
export async function initScripts(look: Look): Promise<readonly InitScript[]> {
  const modes = await runLevels(look)
  const scripts: InitScript[] = []
  for (const { name: raw } of await look.entries('/etc/init.d')) {
    const path = `/etc/init.d/${raw}`
    const file = helpers.has(raw) ? undefined : await look.file(path)
    if (file === undefined || (file.mode & 0o111) === 0) continue
    const name = textOf(raw)
    const service = observed('service', name, {
      'service.name': known(name),
      'service.description': textField(described(textOfFile(file))),
      'service.path': known(textOf(path)),
      'service.command_line': known(`${textOf(path)} start`),
      'service.file': known(textOf(path)),
      'service.user': known('root'),
      'service.start_mode': known(modes.get(raw) ?? 'manual'),
      ...(await runningFields(look, raw)),
    })
    scripts.push({ name, service })
  }
  return scripts
}

/** Started in any run level: auto; only stopped: disabled. */
async function runLevels(look: Look): Promise<ReadonlyMap<string, 'auto' | 'disabled'>> {
  const modes = new Map<string, 'auto' | 'disabled'>()
  for (const level of ['S', '2', '3', '4', '5']) {
    for (const { name } of await look.entries(`/etc/rc${level}.d`)) {
      const [, letter, script = ''] = /^([SK])\d\d(.+)$/.exec(name) ?? []
      if (letter === 'S') modes.set(script, 'auto')
      else if (letter === 'K' && !modes.has(script)) modes.set(script, 'disabled')
    }
  }
  return modes
}

// header := '# Short-Description:' text | '# Description:' text
function described(text: string): string | undefined {
  const found = /^# Short-Description:(.*)$/m.exec(text)?.[1] ?? /^# Description:(.*)$/m.exec(text)?.[1]
  return found === undefined ? undefined : trimmed(found)
}

/** By the pid file that bears its name; without one nobody knows. */
async function runningFields(look: Look, name: string): Promise<Fields> {
  for (const path of [`/run/${name}.pid`, `/run/${name}d.pid`, `/run/${name}/${name}.pid`]) {
    const file = await look.optional(path, 64)
    const pid = typeof file === 'string' ? '' : /^[ \t]*(\d{1,10})/.exec(file.bytes.toString('latin1'))?.[1]
    if (pid === undefined || pid === '') continue
    const isRunning = await look.tree.readProc(`${pid}/stat`).then(
      () => true,
      () => false,
    )
    if (!isRunning) return { 'service.state': known('stopped'), 'service.pid': absentField }
    return { 'service.state': known('running'), 'service.pid': known(Number(pid)) }
  }
  return { 'service.state': unknownField, 'service.pid': unknownField }
}
