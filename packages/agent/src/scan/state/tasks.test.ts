import { rmSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { fakeRoot, told } from '../../testdata/fake-root.ts'
import { tasks } from './tasks.ts'

let root = ''
afterEach(() => rmSync(root, { recursive: true, force: true }))

async function tasksOf(files: Parameters<typeof fakeRoot>[0]) {
  root = fakeRoot(files)
  const { objects, skipped } = await told(tasks, root)
  return { tasks: Object.values(objects), keys: Object.keys(objects), skipped }
}

test('a crontab of the system names the account on each line', async () => {
  const { tasks } = await tasksOf({
    '/etc/crontab':
      'SHELL=/bin/sh\n# m h\n17 *\t* * *\troot    cd / && run-parts /etc/cron.hourly\n@reboot ada /tmp/x -d\nnonsense\n',
  })
  expect(tasks).toEqual([
    {
      ...{ name: 'crontab', path: '??', command_line: 'cd / && run-parts /etc/cron.hourly' },
      ...{ file: '/etc/crontab', user: 'root', schedule: '17 *\t* * *' },
    },
    {
      ...{ name: 'crontab', path: '/tmp/x', command_line: '/tmp/x -d' },
      ...{ file: '/etc/crontab', user: 'ada', schedule: '@reboot' },
    },
  ])
})

test('crontabs of accounts, scripts, anacron and at jobs are tasks', async () => {
  const job =
    "#!/bin/sh\n# atrun uid=0 gid=0\numask 22\nHOME=/root; export HOME\ncd /root || {\n\t echo 'no' >&2\n\t exit 1\n}\n/tmp/evil --now\n"
  const { tasks } = await tasksOf({
    '/etc/passwd': `owner:x:${process.getuid?.() ?? 0}:0::/:/bin/sh\n`,
    '/var/spool/cron/crontabs/ada': '*/5 * * * * /home/ada/.x\n',
    '/var/spool/cron/bob': '0 0 1 1 * bob-command\n',
    '/etc/cron.daily/logrotate': '#!/bin/sh\n',
    '/etc/cron.daily/.placeholder': '',
    '/etc/cron.daily/not-executable': '',
    '/etc/anacrontab': '1\t5\tcron.daily\trun-parts /etc/cron.daily\n',
    '/var/spool/cron/atjobs/a0000f01a3c5e8': job,
    '/var/spool/cron/atjobs/.SEQ': '0',
  })
  expect(tasks.map(({ name, user, schedule, command_line }) => [name, user, schedule, command_line])).toEqual(
    [
      ['ada', 'ada', '*/5 * * * *', '/home/ada/.x'],
      ['bob', 'bob', '0 0 1 1 *', 'bob-command'],
      ['logrotate', 'root', 'cron.daily', '/etc/cron.daily/logrotate'],
      ['cron.daily', 'root', '1\t5', 'run-parts /etc/cron.daily'],
      ['15', 'owner', '2022-04-22T08:08:00.000Z', '/tmp/evil --now'],
    ],
  )
})

test('a timer starts what its service runs', async () => {
  const { tasks } = await tasksOf({
    '/usr/lib/systemd/system/a.timer': '[Timer]\nOnCalendar=daily\nOnBootSec=15min\nPersistent=true',
    '/usr/lib/systemd/system/a.service': '[Service]\nExecStart=/usr/bin/a\nUser=ada',
    '/usr/lib/systemd/system/masked.timer': { link: '/dev/null' },
  })
  expect(tasks).toEqual([
    {
      ...{ name: 'a.timer', path: '/usr/bin/a', command_line: '/usr/bin/a', user: 'ada' },
      ...{ file: '/usr/lib/systemd/system/a.timer', schedule: ['OnCalendar=daily', 'OnBootSec=15min'] },
    },
  ])
})

test('a task keeps its key when lines around it change', async () => {
  const line = '1 2 3 4 5 root /tmp/x\n'
  const before = await tasksOf({ '/etc/crontab': line })
  rmSync(root, { recursive: true })
  const after = await tasksOf({ '/etc/crontab': `# new\n9 9 9 9 9 root other\n${line}` })
  expect(after.keys).toContain(before.keys[0])
  expect(after.keys).toHaveLength(2)
})
