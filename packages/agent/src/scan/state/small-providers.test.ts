import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { fakeRoot, told } from '../../testdata/fake-root.ts'
import { host } from './host.ts'
import { modules } from './modules.ts'
import { mounts } from './mount-points.ts'
import { packages } from './packages.ts'

let root = ''
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a loaded module is told with its file; one that no list has came from elsewhere', async () => {
  root = fakeRoot({
    '/proc/modules': 'nf_tables 300000 5 - Live 0x0\nrootkit 4096 0 - Live 0x0 (OE)\n',
    '/proc/sys/kernel/osrelease': '6.1.0\n',
    '/lib/modules/6.1.0/modules.dep': 'kernel/net/netfilter/nf-tables.ko: kernel/x.ko\n',
  })
  expect((await told(modules, root)).objects).toEqual({
    'module:nf_tables': {
      ...{ name: 'nf_tables', path: '/lib/modules/6.1.0/kernel/net/netfilter/nf-tables.ko', size: 300_000 },
    },
    'module:rootkit': { name: 'rootkit', path: '??', size: 4_096 },
  })
})

test('without /proc/modules no module is told and none is denied', async () => {
  root = fakeRoot({})
  const { skipped, unknown } = await told(modules, root)
  expect(skipped).toEqual({ 'module: no /proc/modules': 1 })
  expect(unknown['module.name']).toContain('/proc/modules')
})

test('mounts have their path without escapes and all their options', async () => {
  root = fakeRoot({
    '/proc/self/mountinfo':
      '36 35 98:0 / /mnt/a\\040b rw,noatime shared:1 - ext3 /dev/root rw,errors=continue\n' +
      '37 35 0:5 / /none ro - tmpfs none ro\n',
  })
  expect(Object.values((await told(mounts, root)).objects)).toEqual([
    { path: '/mnt/a b', device: '/dev/root', type: 'ext3', options: ['rw', 'noatime', 'errors=continue'] },
    { path: '/none', device: null, type: 'tmpfs', options: 'ro' },
  ])
})

test('packages of dpkg are those that are installed, of apk and pacman all', async () => {
  root = fakeRoot({
    '/var/lib/dpkg/status':
      'Package: bash\nStatus: install ok installed\nMaintainer: M <m@x>\nArchitecture: amd64\nVersion: 5.2-1\nDescription: x\n more\n\n' +
      'Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n',
    '/lib/apk/db/installed': 'C:Q1\nP:musl\nV:1.2.4-r2\nA:x86_64\nm:A <a@x>\n\n',
    '/var/lib/pacman/local/zsh-5.9-4/desc':
      '%NAME%\nzsh\n\n%VERSION%\n5.9-4\n\n%ARCH%\nx86_64\n\n%PACKAGER%\nP <p@x>\n',
  })
  expect((await told(packages, root)).objects).toEqual({
    'package:dpkg:bash:amd64': {
      name: 'bash',
      version: '5.2-1',
      architecture: 'amd64',
      publisher: 'M <m@x>',
    },
    'package:apk:musl': { name: 'musl', version: '1.2.4-r2', architecture: 'x86_64', publisher: 'A <a@x>' },
    'package:pacman:zsh': { name: 'zsh', version: '5.9-4', architecture: 'x86_64', publisher: 'P <p@x>' },
  })
})

/** A header as rpm stores it. */
function rpmHeader(texts: Readonly<Record<number, string>>, epoch?: number): Buffer {
  const entries: Buffer[] = []
  let store = Buffer.alloc(0)
  const add = (tag: number, type: number, value: Buffer) => {
    const entry = Buffer.alloc(16)
    for (const [at, word] of [tag, type, store.length, 1].entries()) entry.writeUInt32BE(word, at * 4)
    entries.push(entry)
    store = Buffer.concat([store, value])
  }
  if (epoch !== undefined) {
    const value = Buffer.alloc(4)
    value.writeUInt32BE(epoch)
    add(1_003, 4, value)
  }
  for (const [tag, value] of Object.entries(texts)) add(Number(tag), 6, Buffer.from(`${value}\0`))
  const intro = Buffer.alloc(8)
  intro.writeUInt32BE(entries.length, 0)
  intro.writeUInt32BE(store.length, 4)
  return Buffer.concat([intro, ...entries, store])
}

test('packages of rpm are read from its SQLite database; broken headers are left out', async () => {
  root = fakeRoot({})
  const file = join(root, '/usr/lib/sysimage/rpm/rpmdb.sqlite')
  mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  database.exec('create table Packages (hnum integer primary key, blob blob not null)')
  const insert = database.prepare('insert into Packages (blob) values (?)')
  insert.run(rpmHeader({ 1000: 'kernel', 1001: '6.1', 1002: '3.fc40', 1011: 'Fedora', 1022: 'x86_64' }))
  insert.run(rpmHeader({ 1000: 'vim', 1001: '9', 1002: '1' }, 2))
  insert.run(Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1]))
  insert.run(rpmHeader({ 1000: 'cut' }).subarray(0, 27))
  database.close()
  expect(await told(packages, root)).toEqual({
    objects: {
      'package:rpm:kernel-6.1-3.fc40.x86_64': {
        ...{ name: 'kernel', version: '6.1-3.fc40', architecture: 'x86_64', publisher: 'Fedora' },
      },
      'package:rpm:vim-2:9-1.': { name: 'vim', version: '2:9-1', architecture: null, publisher: null },
    },
    skipped: {},
    unknown: {},
  })
})

test('a database that computes what it gives is not read', async () => {
  const endless =
    'with recursive n(i) as (select 1 union all select i + 1 from n) select i as blob from n where i < 0'
  for (const tables of [
    `create view Packages as ${endless}`,
    'create table Packages (a, blob as (zeroblob(100000000)))',
  ]) {
    rmSync(root, { recursive: true, force: true })
    root = fakeRoot({ '/var/lib/rpm/.keep': '' })
    const database = new DatabaseSync(join(root, '/var/lib/rpm/rpmdb.sqlite'))
    database.exec(tables)
    database.close()
    expect((await told(packages, root)).skipped).toMatchObject({ 'package: rpm: not read': 1 })
  }
})

test('a journal that was not written back leaves open which packages there are', async () => {
  root = fakeRoot({ '/var/lib/rpm/rpmdb.sqlite-wal': 'x' })
  const database = new DatabaseSync(join(root, '/var/lib/rpm/other'))
  database.exec('create table Packages (hnum integer primary key, blob blob not null)')
  database.prepare('insert into Packages (blob) values (?)').run(rpmHeader({ 1000: 'a' }))
  database.close()
  renameSync(join(root, '/var/lib/rpm/other'), join(root, '/var/lib/rpm/rpmdb.sqlite'))
  const { objects, skipped } = await told(packages, root)
  expect([Object.keys(objects), skipped]).toEqual([['package:rpm:a--.'], { 'package: rpm: not all rows': 1 }])
  expect(readFileSync(join(root, '/var/lib/rpm/rpmdb.sqlite-wal'), 'utf8')).toBe('x')
})

test('without a database of packages nothing is denied, and it says why', async () => {
  root = fakeRoot({ '/usr/lib/sysimage/rpm/rpmdb.sqlite': 'no database at all'.repeat(100) })
  const { skipped, unknown } = await told(packages, root)
  expect(skipped).toEqual({ 'package: rpm: not read': 1, 'package: no package database': 1 })
  expect(Object.keys(unknown)).toEqual([
    'package.name',
    'package.version',
    'package.architecture',
    'package.publisher',
  ])
})

test('the machine says what it is', async () => {
  root = fakeRoot({
    '/etc/os-release': { link: '../usr/lib/os-release' },
    '/usr/lib/os-release': 'NAME=x\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    '/proc/sys/kernel/hostname': 'web-1\n',
    '/proc/sys/kernel/osrelease': '6.1.0\n',
    '/etc/localtime': { link: '/usr/share/zoneinfo/Europe/Zurich' },
  })
  expect((await told(host, root)).objects['host:this']).toMatchObject({
    ...{ name: 'web-1', os: 'Debian GNU/Linux 12 (bookworm)', kernel: '6.1.0', time_zone: 'Europe/Zurich' },
  })
})
