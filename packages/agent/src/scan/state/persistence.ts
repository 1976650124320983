import type { Observed } from '@tocsin/engine'
import { type Field, known } from '@tocsin/model'
import { autostarts } from './autostarts.ts'
import type { Look } from './look.ts'
import type { Persistent } from './persistent.ts'
import { bootModules, preloads } from './preloads.ts'
import { profiles } from './profiles.ts'
import { observed, type StateProvider } from './provider.ts'
import { services } from './services.ts'
import { sshKeys } from './ssh-keys.ts'
import { allTasks } from './tasks.ts'
import { timers } from './timers.ts'

// Limit: udev rules, PAM modules, package managers' hooks and desktop extensions are not told as persistence.
export const persistence: StateProvider = {
  object: 'persistence',
  sources: {
    'persistence.kind': 'what kind of entry it is, by where it was found',
    'persistence.name': 'unit, task, program, file, library, module; a key’s comment and SHA-256 fingerprint',
    'persistence.file':
      'services that start by themselves, /etc/rc.local, tasks and enabled timers, ' +
      '*.desktop in /etc/xdg/autostart and ~/.config/autostart, files that shells read at login, /etc/ld.so.preload, ' +
      'LD_PRELOAD in /etc/environment, /etc/modules and modules-load.d, ~/.ssh/authorized_keys',
    'persistence.path': 'executable, library or module; a shell’s file itself',
    'persistence.command_line': 'command of the service, task or .desktop file; command= of a key',
    'persistence.user': 'account of the service or task, or in whose home it lies; none where it is for all',
  },
  async *read(look) {
    yield* ownServices(look)
    for (const entries of [ownTasks, autostarts, profiles, preloads, bootModules, sshKeys])
      for (const entry of await entries(look)) yield entryObject(entry)
  },
}

/** Services that start without being asked for. */
async function* ownServices(look: Look): AsyncIterable<Observed> {
  for await (const service of services.read(look)) {
    if (service.read('service.start_mode').values[0] !== 'auto') continue
    const of = (name: string): Field => service.read(`service.${name}`)
    yield entryObject({
      kind: 'service',
      key: service.key.slice('service:'.length),
      name: of('name'),
      file: of('file'),
      path: of('path'),
      commandLine: of('command_line'),
      user: of('user'),
    })
  }
  const file = '/etc/rc.local'
  const script = await look.optional(file, 0)
  if (script === 'unreadable' || (typeof script !== 'string' && (script.mode & 0o111) !== 0)) {
    const path = known(file)
    yield entryObject({
      ...{ kind: 'service', key: file, name: known('rc.local'), file: path, path },
      ...{ commandLine: known(`${file} start`), user: known('root') },
    })
  }
}

async function ownTasks(look: Look): Promise<readonly Persistent[]> {
  const found = [...(await allTasks(look)), ...(await timers(look)).filter(({ isEnabled }) => isEnabled)]
  return found.map(({ key, name, file, path, commandLine, user }) => ({
    ...{ kind: 'task', key, name: known(name), file: known(file), path, commandLine, user },
  }))
}

function entryObject({ kind, key, name, file, path, commandLine, user }: Persistent): Observed {
  return observed('persistence', `${kind}:${key}`, {
    'persistence.kind': known(kind),
    'persistence.name': name,
    'persistence.file': file,
    'persistence.path': path,
    'persistence.command_line': commandLine,
    'persistence.user': user,
  })
}
