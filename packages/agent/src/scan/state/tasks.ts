import type { Observed } from '@tocsin/engine'
import { known } from '@tocsin/model'
import { accountsOf } from './accounts.ts'
import { atTasks, cronTasks } from './crontabs.ts'
import type { Look } from './look.ts'
import { observed, type StateProvider } from './provider.ts'
import type { Task } from './task.ts'
import { timers } from './timers.ts'

export const tasks: StateProvider = {
  object: 'task',
  sources: {
    'task.name': 'timer unit; cron: the crontab or script; anacron and at: the job',
    'task.path': 'first word of the command; unknown where PATH would be searched for it',
    'task.command_line': 'command of the crontab or job; ExecStart= of the service that a timer starts',
    'task.file':
      '/etc/crontab, /etc/cron.d, /etc/cron.hourly and its like, /etc/anacrontab, /var/spool/cron, /var/spool/at, *.timer',
    'task.user': 'account of the crontab, its line, the job’s owner or User= of the service',
    'task.schedule': 'as written: the times of a crontab, OnCalendar=… of a timer; the time of an at job',
  },
  async *read(look) {
    for (const task of await allTasks(look)) yield taskObject(task)
    for (const timer of await timers(look)) yield taskObject(timer)
  },
}

/** What cron, anacron and at start; timers are told apart, since a timer may be installed and not in use. */
export async function allTasks(look: Look): Promise<readonly Task[]> {
  const names = new Map((await accountsOf(look)).map(({ uid, name }) => [uid, name]))
  return [...(await cronTasks(look)), ...(await atTasks(look, (uid) => names.get(uid) ?? String(uid)))]
}

function taskObject({ key, name, file, path, commandLine, user, schedule }: Task): Observed {
  return observed('task', key, {
    'task.name': known(name),
    'task.path': path,
    'task.command_line': commandLine,
    'task.file': known(file),
    'task.user': user,
    'task.schedule': schedule,
  })
}
