import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fakeRoot, told } from '../../testdata/fake-root.ts'
import { persistence } from './persistence.ts'
import { stateProviders } from './providers.ts'
import { StateReading } from './state-reading.ts'
import { tasks } from './tasks.ts'
import { NotRead, Tree } from './tree.ts'

let root = ''
const nowhere = { points: new Set<string>(), devices: new Set<bigint>() }
const reasonFor = (path: string, tree = new Tree(root, nowhere)) =>
  tree.read(path).then(
    ({ bytes }) => bytes.toString('latin1'),
    (error: unknown) => (error instanceof NotRead ? error.reason : error),
  )
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tocsin-hostile-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('links stay within the root and end', async () => {
  writeFileSync(join(root, 'here'), 'inside')
  symlinkSync('/here', join(root, 'absolute'))
  symlinkSync('../../../../here', join(root, 'upwards'))
  symlinkSync('loop-b', join(root, 'loop-a'))
  symlinkSync('loop-a', join(root, 'loop-b'))
  symlinkSync('gone', join(root, 'dangling'))
  expect(
    await Promise.all(
      ['/absolute', '/upwards', '/loop-a', '/dangling', '/loop-a/x'].map((path) => reasonFor(path)),
    ),
  ).toEqual([...['inside', 'inside', 'link loop', 'missing', 'link loop']])
})

test('pipes, devices and folders are not waited for', async () => {
  spawnSync('mkfifo', [join(root, 'pipe')])
  mkdirSync(join(root, 'folder'))
  expect(await Promise.all([reasonFor('/pipe'), reasonFor('/folder')])).toEqual([
    'special file',
    'special file',
  ])
})

test('a foreign file system is not even asked', async () => {
  mkdirSync(join(root, 'net'))
  writeFileSync(join(root, 'net/file'), 'x')
  symlinkSync('net/file', join(root, 'link'))
  const tree = new Tree(root, { ...nowhere, points: new Set([join(root, 'net')]) })
  expect(await reasonFor('/link', tree)).toBe('foreign file system')
})

test('every provider ends on a machine that was prepared against it, and says what it left out', async () => {
  rmSync(root, { recursive: true })
  root = fakeRoot({
    '/etc/passwd': 'ada:x:1000:1000::/home/ada:/bin/sh\nup:x:7:7::/../../..:/bin/sh\n',
    '/etc/crontab': { link: 'crontab' },
    '/etc/group': Buffer.from([0xff, 0xfe, 0x00, 0x3a, 0x0a]),
    '/etc/systemd/system/loop.service': { link: 'loop.service' },
    '/usr/lib/systemd/system/bytes.service': Buffer.from(
      '[Service]\nExecStart=/bin/\xff\xfe\0\x1b[2J\n',
      'latin1',
    ),
    '/home/ada/.ssh/authorized_keys': `ssh-rsa ${'A'.repeat(500_000)} ${'long '.repeat(10_000)}\n`,
    '/var/lib/dpkg/status': `Package: ${'x'.repeat(100_000)}\n`,
    '/proc/self/mountinfo': ' - \n\n - - - -\n',
    '/proc/modules': 'x\n1 2\nname notanumber\n',
  })
  for (const path of [
    '/etc/cron.d/pipe',
    '/etc/ld.so.preload',
    '/etc/systemd/system/pipe.service',
    '/etc/shadow',
  ]) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    spawnSync('mkfifo', [join(root, path)])
  }
  writeFileSync(join(root, '/etc/environment'), 'x')
  truncateSync(join(root, '/etc/environment'), 100 << 20)
  const all = await Promise.all(stateProviders.map((provider) => told(provider, root)))
  const skipped = Object.assign({}, ...all.map((each) => each.skipped))
  expect(skipped).toEqual({ 'dns: no cache of names': 1, 'persistence: too large': 1 })
  const text = JSON.stringify(all)
  expect(text).not.toContain('\\u0000')
  expect(text).toContain('/bin/\ufffd\ufffd \\u001b[2J')
  for (const { objects } of all)
    for (const [key, facts] of Object.entries(objects)) {
      expect(key.length).toBeLessThan(1_100)
      for (const value of Object.values(facts)) expect(JSON.stringify(value).length).toBeLessThan(5_000)
    }
})

test('text that is made to cost time is read in time', async () => {
  rmSync(root, { recursive: true })
  const blanks = `a${' '.repeat(900_000)}b\n`
  root = fakeRoot({
    '/etc/passwd': 'ada:x:1000:1000::/home/ada:/bin/sh\n',
    '/etc/crontab': blanks,
    '/etc/cron.d/words': `${'* '.repeat(400_000)}\n`,
    '/etc/ld.so.preload': blanks,
    '/home/ada/.ssh/authorized_keys': `${'ssh-'.repeat(200_000)}\n`,
    '/home/ada/.ssh/authorized_keys2': `${',command="'.repeat(90_000)}\n`,
    '/home/ada/.config/autostart/x.desktop': `[Desktop Entry]\nExec=${blanks}`,
    '/etc/systemd/system/x.service': `[Service]\nExecStart=${blanks}${'['.repeat(100_000)}\n`,
    '/etc/systemd/system/x.timer': `[Timer]\nUnit=x@${'.a'.repeat(300_000)}\n`,
    '/etc/init.d/x': `#!/bin/sh\n# Description:${blanks}`,
    '/var/spool/at/a0000f01a3c5e8': 'cd || {\n'.repeat(120_000),
    '/var/lib/dpkg/status': `Package: ${blanks}${'\n'.repeat(100_000)}`,
    '/etc/os-release': `PRETTY_NAME=${blanks}`,
  })
  const all = await Promise.all(stateProviders.map((provider) => told(provider, root)))
  expect(Object.assign({}, ...all.map(({ skipped }) => skipped))).toEqual({
    'dns: no cache of names': 1,
    'module: no /proc/modules': 1,
    'mount: no mountinfo': 1,
  })
}, 60_000)

test('a folder with a name that is no UTF-8 is read by its bytes', async () => {
  mkdirSync(join(root, 'etc/cron.d'), { recursive: true })
  writeFileSync(
    Buffer.concat([Buffer.from(join(root, 'etc/cron.d/')), Buffer.from([0xe9])]),
    '@daily root /tmp/x\n',
  )
  expect(Object.values((await told(tasks, root)).objects)).toMatchObject([{ name: '\ufffd', path: '/tmp/x' }])
})

test('a home that cannot be entered leaves open what is in it', async () => {
  rmSync(root, { recursive: true })
  root = fakeRoot({ '/etc/passwd': 'ada:x:1000:1000::/home/ada:/bin/sh\n', '/home/ada/.bashrc': '' })
  chmodSync(root, 0o755)
  chmodSync(join(root, 'home/ada'), 0)
  const user = process.geteuid?.()
  if (user === 0) process.seteuid?.(65_534) // root enters everything
  const { objects, skipped } = await told(persistence, root).finally(() => user === 0 && process.seteuid?.(0))
  expect(objects).toEqual({})
  expect(Object.keys(skipped)).toEqual(['persistence: unreadable'])
})

test('a pass that is cancelled ends at once and denies nothing', async () => {
  const abort = new AbortController()
  const [provider] = stateProviders.filter(({ object }) => object === 'package')
  if (provider === undefined) throw new Error('there is no provider')
  rmSync(root, { recursive: true })
  root = fakeRoot({ '/var/lib/dpkg/status': 'Package: a\n\nPackage: b\n\nPackage: c\n' })
  const reading = new StateReading({ abort: abort.signal, root, foreign: nowhere })
  const keys: string[] = []
  for await (const { key } of reading.objects(provider)) {
    keys.push(key)
    abort.abort()
  }
  expect(keys).toHaveLength(1)
  expect(reading.sawAll('package')).toBe(false)
})
