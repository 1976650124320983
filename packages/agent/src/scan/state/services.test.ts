import { rmSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { fakeRoot, told } from '../../testdata/fake-root.ts'
import { services } from './services.ts'

let root = ''
afterEach(() => rmSync(root, { recursive: true, force: true }))

const ssh = `[Unit]
Description=OpenBSD Secure Shell server
[Service]
ExecStartPre=/usr/sbin/sshd -t
ExecStart=-/usr/sbin/sshd -D \\
  # a comment inside
  $SSHD_OPTS
[Install]
WantedBy=multi-user.target
`
const systemd = { '/run/systemd/system/.keep': '' }
const stat = (pid: number, parent: number) => `${pid} (a) b) S ${parent} 1 1`

test('a unit of systemd says what it runs, from where, as whom, and whether it runs now', async () => {
  root = fakeRoot({
    ...systemd,
    '/usr/lib/systemd/system/ssh.service': ssh,
    '/etc/systemd/system/multi-user.target.wants/ssh.service': {
      link: '/usr/lib/systemd/system/ssh.service',
    },
    '/proc/1/cgroup': '0::/init.scope\n',
    '/proc/90/cgroup': '0::/system.slice/ssh.service\n',
    '/proc/90/stat': stat(90, 1),
    '/proc/20/cgroup': '0::/system.slice/ssh.service/child\n',
    '/proc/20/stat': stat(20, 90),
  })
  const { objects, skipped, unknown } = await told(services, root)
  expect(objects).toEqual({
    'service:ssh.service': {
      name: 'ssh.service',
      description: 'OpenBSD Secure Shell server',
      path: '/usr/sbin/sshd',
      command_line: ['/usr/sbin/sshd -D $SSHD_OPTS', '/usr/sbin/sshd -t'],
      file: '/usr/lib/systemd/system/ssh.service',
      state: 'running',
      start_mode: 'auto',
      user: 'root',
      pid: 90,
    },
  })
  expect([skipped, unknown]).toEqual([{}, {}])
})

test('the folder that wins, drop-ins and masks count as systemd has them', async () => {
  root = fakeRoot({
    ...systemd,
    '/proc/1/cgroup': '0::/init.scope\n',
    '/lib': { link: 'usr/lib' },
    '/usr/lib/systemd/system/a.service': '[Service]\nExecStart=/bin/vendor\nUser=vendor',
    '/etc/systemd/system/a.service': '[Service]\nExecStart=/bin/admin\nUser=admin',
    '/usr/lib/systemd/system/a.service.d/50.conf': '[Service]\nExecStart=\nExecStart=/bin/added',
    '/etc/systemd/system/a.service.d/50.conf': '[Service]\nExecStart=\nExecStart="/opt/my evil" --now',
    '/usr/lib/systemd/system/b.service': '[Service]\nExecStart=/bin/b',
    '/etc/systemd/system/b.service': { link: '../../../dev/null' },
    '/etc/systemd/system/c.service': '',
    '/opt/x/d.service': '[Service]\nExecStart=relative thing\nDynamicUser=yes',
    '/etc/systemd/system/d.service': { link: '/opt/x/d.service' },
    '/etc/systemd/system/alias.service': { link: 'd.service' },
  })
  const { objects, skipped } = await told(services, root)
  expect(Object.keys(objects)).toEqual([...'abcd'].map((name) => `service:${name}.service`))
  expect(objects['service:a.service']).toMatchObject({
    ...{ path: '/opt/my evil', command_line: '"/opt/my evil" --now', user: 'admin' },
    ...{ file: '/etc/systemd/system/a.service', start_mode: 'manual', state: 'stopped', pid: null },
  })
  for (const name of 'bc')
    expect(objects[`service:${name}.service`]).toMatchObject({ start_mode: 'disabled', path: null })
  expect(objects['service:d.service']).toMatchObject({
    ...{ file: '/opt/x/d.service', start_mode: 'auto', path: '??', user: 'd' },
  })
  expect(skipped).toEqual({})
})

test('an instance that is wanted is a service of its own, made from its template', async () => {
  root = fakeRoot({
    ...systemd,
    '/usr/lib/systemd/system/getty@.service':
      '[Unit]\nDescription=Getty on %I\n[Service]\nExecStart=/sbin/agetty %i 100%%',
    '/etc/systemd/system/getty.target.wants/getty@tty1.service': {
      link: '/lib/systemd/system/getty@.service',
    },
  })
  const { objects } = await told(services, root)
  expect(objects['service:getty@tty1.service']).toMatchObject({
    ...{ description: 'Getty on tty1', command_line: '/sbin/agetty tty1 100%', start_mode: 'auto' },
  })
  expect(objects['service:getty@.service']).toMatchObject({ start_mode: 'manual' })
})

test('units in a home run as its owner', async () => {
  root = fakeRoot({
    ...systemd,
    '/etc/passwd': 'ada:x:1000:1000::/home/ada:/bin/sh\n',
    '/home/ada/.config/systemd/user/x.service': '[Service]\nExecStart=/home/ada/.x\nUser=root',
    '/home/ada/.config/systemd/user/default.target.wants/x.service': { link: '../x.service' },
    '/usr/lib/systemd/system/x.service': '[Service]\nExecStart=/bin/x',
    '/proc/1/cgroup': '0::/init.scope\n',
    '/proc/9/cgroup': '0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.service\n',
    '/proc/9/stat': stat(9, 8),
  })
  const { objects } = await told(services, root)
  expect(objects['service:ada/x.service']).toMatchObject({ user: 'ada', start_mode: 'auto', pid: 9 })
  expect(objects['service:x.service']).toMatchObject({ user: 'root', state: 'stopped' })
})

test('where systemd does not run, a script of /etc/init.d tells by its pid file whether it runs', async () => {
  root = fakeRoot({
    '/etc/init.d/cron': '#!/bin/sh\n### BEGIN INIT INFO\n# Short-Description: Regular jobs\n',
    '/etc/init.d/gone': '#!/bin/sh\n',
    '/etc/init.d/other': '#!/bin/sh\n',
    '/etc/init.d/README': 'no script',
    '/etc/rc2.d/S01cron': { link: '../init.d/cron' },
    '/etc/rc2.d/K01gone': { link: '../init.d/gone' },
    '/run/crond.pid': '77\n',
    '/run/gone.pid': '78\n',
    '/proc/77/stat': stat(77, 1),
  })
  const { objects, unknown } = await told(services, root)
  expect(objects).toMatchObject({
    'service:cron': { description: 'Regular jobs', start_mode: 'auto', state: 'running', pid: 77 },
    'service:gone': { start_mode: 'disabled', state: 'stopped', pid: null },
    'service:other': { start_mode: 'manual', state: '??', command_line: '/etc/init.d/other start' },
  })
  expect(Object.keys(objects)).toHaveLength(3)
  expect(unknown['service.state']).toContain('systemd does not run here')
})
