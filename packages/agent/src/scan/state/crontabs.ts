import { createHash } from 'node:crypto'
import { absentField, known } from '@tocsin/model'
import { textField } from './fields.ts'
import { linesOf } from './lines.ts'
import { type Look, textOfFile } from './look.ts'
import type { Task } from './task.ts'
import { nameOf, textOf } from './tree.ts'
import { executableOf, pathsField } from './unit-commands.ts'

/** Folders of crontabs by account: Debian's, Alpine's, SUSE's, and the one of all others. */
const accountFolders: readonly string[] = [
  ...['/var/spool/cron/crontabs', '/etc/crontabs', '/var/spool/cron/tabs', '/var/spool/cron'],
]
const scriptFolders = ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const

/** All that cron and anacron start. */
export async function cronTasks(look: Look): Promise<readonly Task[]> {
  const tasks: Task[] = [...(await tasksOf(look, '/etc/crontab', undefined))]
  for (const { name, kind } of await look.entries('/etc/cron.d')) {
    if (kind !== 'folder') tasks.push(...(await tasksOf(look, `/etc/cron.d/${name}`, undefined)))
  }
  const seen = new Set<string>()
  for (const folder of accountFolders) {
    const real = await look.tree.real(folder).catch(() => folder)
    if (seen.has(real)) continue
    seen.add(real)
    for (const { name, kind } of await look.entries(folder)) {
      if (kind === 'file') tasks.push(...(await tasksOf(look, `${folder}/${name}`, textOf(name))))
    }
  }
  for (const often of scriptFolders) tasks.push(...(await scriptsOf(look, often)))
  return [...tasks, ...(await anacronTasks(look))]
}

// line := minute hour day month weekday [user] command | '@' when [user] command | name '=' value
/** Entries of one crontab; without an account each line names its own. */
async function tasksOf(look: Look, path: string, account: string | undefined): Promise<readonly Task[]> {
  const when = '(?:@[a-z]+|(?:[^ \\t]+[ \\t]+){4}[^ \\t]+)'
  const user = account === undefined ? '[ \\t]+([^ \\t]+)' : '()'
  const line = new RegExp(`^-?(${when})${user}[ \\t]+(.+)$`)
  return linesOf(await look.text(path), /^#/).flatMap((text) => {
    if (/^[A-Za-z_"'][^ \t]*[ \t]*=/.test(text)) return []
    const [, schedule = '', named = '', command = ''] = line.exec(text) ?? []
    if (command === '') return []
    return [taskOf(path, { name: textOf(nameOf(path)), schedule, user: account ?? named, command })]
  })
}

// line := period delay identifier command
async function anacronTasks(look: Look): Promise<readonly Task[]> {
  const path = '/etc/anacrontab'
  return linesOf(await look.text(path), /^#/).flatMap((text) => {
    const [, schedule = '', name = '', command = ''] =
      /^((?:\d+|@[a-z]+)[ \t]+\d+)[ \t]+([^ \t=]+)[ \t]+(.+)$/.exec(text) ?? []
    return command === '' ? [] : [taskOf(path, { name, schedule, user: 'root', command })]
  })
}

interface CronLine {
  readonly name: string
  readonly schedule: string
  readonly user: string
  readonly command: string
}

function taskOf(file: string, { name, schedule, user, command }: CronLine): Task {
  const digest = createHash('sha256').update(`${schedule}\n${user}\n${command}`).digest('hex')
  return {
    key: `${textOf(file)}#${digest.slice(0, 16)}`,
    name,
    file: textOf(file),
    path: pathsField([executableOf(command)]),
    commandLine: textField(command),
    user: textField(user),
    schedule: textField(schedule),
  }
}

async function scriptsOf(look: Look, often: string): Promise<readonly Task[]> {
  const folder = `/etc/cron.${often}`
  const tasks: Task[] = []
  for (const { name, kind } of await look.entries(folder)) {
    const path = textOf(`${folder}/${name}`)
    const file = kind === 'folder' ? undefined : await look.optional(`${folder}/${name}`, 0)
    if (file === undefined || file === 'missing' || file === 'special file') continue
    if (typeof file !== 'string' && (file.mode & 0o111) === 0) continue // not started either
    tasks.push({
      key: path,
      name: textOf(name),
      file: path,
      path: known(path),
      commandLine: known(path),
      user: known('root'),
      schedule: known(`cron.${often}`),
    })
  }
  return tasks
}

// job := queue letter, number (5 hex), minutes since 1970 (8 hex)
const jobName = /^[a-zA-Z=]([0-9a-f]{5})([0-9a-f]{8})$/

/** Jobs of at and batch; a job is a script that sets up what was there when it was made, then has the commands. */
export async function atTasks(look: Look, accountOf: (uid: number) => string): Promise<readonly Task[]> {
  const tasks: Task[] = []
  for (const folder of ['/var/spool/cron/atjobs', '/var/spool/at', '/var/spool/atjobs']) {
    for (const { name, kind } of await look.entries(folder)) {
      const [, number = '', minutes = ''] = kind === 'file' ? (jobName.exec(name) ?? []) : []
      const file = number === '' ? undefined : await look.file(`${folder}/${name}`)
      if (file === undefined) continue
      const commands = commandsOf(textOfFile(file))
      const path = textOf(`${folder}/${name}`)
      tasks.push({
        key: path,
        name: String(Number.parseInt(number, 16)),
        file: path,
        path: commands === '' ? absentField : pathsField([executableOf(commands)]),
        commandLine: textField(commands),
        user: known(accountOf(file.uid)),
        schedule: known(new Date(Number.parseInt(minutes, 16) * 60_000).toISOString()),
      })
    }
  }
  return tasks
}

/** What follows the change into the folder of the job, which ends with a brace on a line of its own. */
function commandsOf(text: string): string {
  const lines = text.split('\n')
  const change = lines.findIndex((line) => line.startsWith('cd ') && line.endsWith('|| {'))
  const end = change < 0 ? -1 : lines.indexOf('}', change)
  return linesOf(lines.slice(end + 1).join('\n'), /^#/).join('\n')
}
