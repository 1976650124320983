import { rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { fakeRoot, told } from '../../testdata/fake-root.ts'
import { users } from './users.ts'

let root = ''
afterEach(() => rmSync(root, { recursive: true, force: true }))

const passwd = `root:x:0:0:root:/root:/bin/bash
# a comment
ada:x:1000:1000:Ada Lovelace,,,:/home/ada:/bin/zsh
locked:x:1001:1000::/home/locked:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
+nis
`
const group = 'root:x:0:\nsudo:x:27:ada,locked\nada:x:1000:\nbroken\n'
const shadow =
  'root:$y$j9T$x:19000:0:99999:7:::\nada:$y$x:19000:0:99999:7::19000:\nlocked:!$y$x:19000::::::\n'

test('an account has its groups, and says whether anybody can log in and when somebody did', async () => {
  const lastlog = Buffer.alloc(292 * 1_001)
  lastlog.writeUInt32LE(1_700_000_000, 292 * 1_000)
  root = fakeRoot({
    ...{ '/etc/passwd': passwd, '/etc/group': group, '/etc/shadow': shadow, '/var/log/lastlog': lastlog },
  })
  const { objects, skipped, unknown } = await told(users, root)
  expect(Object.keys(objects)).toEqual(['user:root', 'user:ada', 'user:locked', 'user:daemon'])
  expect(objects['user:ada']).toEqual({
    name: 'ada',
    id: '1000',
    full_name: 'Ada Lovelace',
    group: ['ada', 'sudo'],
    home: '/home/ada',
    shell: '/bin/zsh',
    disabled: true, // it has expired
    last_login: '2023-11-14T22:13:20.000Z',
  })
  expect(objects['user:root']).toMatchObject({ group: 'root', disabled: false, last_login: null })
  expect(objects['user:locked']).toMatchObject({ full_name: null, group: ['ada', 'sudo'], disabled: true })
  expect(objects['user:daemon']).toMatchObject({ group: '1', disabled: true })
  expect([skipped, unknown]).toEqual([{}, {}])
})

test('what cannot be read is unknown and says why, while the accounts are told', async () => {
  root = fakeRoot({ '/etc/passwd': passwd, '/etc/group': { link: 'group' }, '/etc/shadow/x': '' })
  const { objects, unknown, skipped } = await told(users, root)
  expect(objects['user:root']).toMatchObject({ name: 'root', group: '??', disabled: '??', last_login: '??' })
  expect(objects['user:daemon']).toMatchObject({ disabled: true })
  expect(unknown).toEqual({
    'user.group': '/etc/group is link loop',
    'user.disabled': '/etc/shadow is special file',
    'user.last_login': '/var/log/lastlog is missing',
  })
  expect(skipped).toEqual({})
})

test('the last login is that of lastlog2 where it is there', async () => {
  root = fakeRoot({ '/etc/passwd': passwd, '/var/lib/lastlog/.keep': '' })
  const database = new DatabaseSync(join(root, '/var/lib/lastlog/lastlog2.db'))
  database.exec('create table Lastlog2 (Name text primary key, Time integer, TTY text)')
  database.exec("insert into Lastlog2 values ('ada', 1700000000, 'pts/0')")
  database.close()
  const { objects } = await told(users, root)
  expect(objects['user:ada']?.last_login).toBe('2023-11-14T22:13:20.000Z')
  expect(objects['user:root']?.last_login).toBeNull()
})

test('without /etc/shadow the password is in /etc/passwd', async () => {
  root = fakeRoot({ '/etc/passwd': 'open:$y$x:5:5::/:/bin/sh\nshut:*:6:6::/:/bin/sh\n' })
  const { objects } = await told(users, root)
  expect([objects['user:open']?.disabled, objects['user:shut']?.disabled]).toEqual([false, true])
})

test('an endless /etc/passwd is read to its limit, and the pass says that there may be more', async () => {
  root = fakeRoot({ '/etc/passwd': passwd })
  truncateSync(join(root, '/etc/passwd'), 100 << 20)
  const { objects, skipped } = await told(users, root)
  expect(Object.keys(objects)).toContain('user:ada')
  expect(skipped).toEqual({ 'user: too large': 1 })
})

test('a name that is no UTF-8 can be stored', async () => {
  root = fakeRoot({ '/etc/passwd': Buffer.from('x\xe9\0y:x:7:7::/:/bin/sh\n', 'latin1') })
  expect((await told(users, root)).objects['user:x\ufffd y']).toMatchObject({ name: 'x\ufffd y', id: '7' })
})
