import { vocabulary } from '@tocsin/model'
import { describe, expect, test } from 'vitest'
import { eventsOf, read, sysmonForms, sysmonValues } from '../testdata/steps.ts'
import { sysmonTable } from './table.ts'

const at = Date.UTC(2024, 4, 6, 7, 8, 9, 123) * 1_000
const written = (id: number, changes: Readonly<Record<string, string>> = {}) =>
  sysmonForms.Winlogbeat?.(id, { ...sysmonValues[id], ...changes }) ?? ''
const only = (id: number, changes?: Readonly<Record<string, string>>) =>
  eventsOf(read(written(id, changes)))[0]

test('a process creation tells of the process and of who created it', () => {
  expect(only(1)).toEqual({
    id: 'log:1',
    object: 'process',
    operation: 'start',
    at,
    fields: { 'process.operation': 'start' },
    actor: ['C:\\Windows\\System32\\cmd.exe', 'C:\\Program Files\\Office\\winword.exe'],
    process: {
      'process.path': 'C:\\Windows\\System32\\cmd.exe',
      'process.name': 'cmd.exe',
      'process.pid': 4242,
      'process.user_name': 'LAB\\ann',
      'process.command_line': 'cmd /c whoami',
      'process.cwd': 'C:\\Users\\ann\\',
      'process.integrity_level': 'Medium',
      'process.parent_pid': 800,
      'process.md5': 'a'.repeat(32),
      'process.sha256': 'b'.repeat(64),
      'process.start_time': { time: at },
    },
  })
})

test.each([
  [2, 'file', { 'file.operation': 'change', 'file.path': 'C:\\Users\\ann\\old.txt', 'file.name': 'old.txt' }],
  [
    11,
    'file',
    {
      'file.operation': 'create',
      'file.path': 'C:\\Users\\ann\\drop.tar.gz',
      'file.name': 'drop.tar.gz',
      'file.directory': 'C:\\Users\\ann',
      'file.extension': 'gz',
    },
  ],
  [
    15,
    'file',
    { 'file.operation': 'write', 'file.name': 'a.exe:Zone.Identifier', 'file.md5': 'f'.repeat(32) },
  ],
  [23, 'file', { 'file.operation': 'delete', 'file.directory': 'C:\\', 'file.md5': '1'.repeat(32) }],
  [26, 'file', { 'file.operation': 'delete', 'file.path': 'C:\\b.exe' }],
  [29, 'file', { 'file.operation': 'create', 'file.md5': '2'.repeat(32) }],
  [
    3,
    'network',
    {
      'network.operation': 'connect',
      'network.protocol': 'tcp',
      'network.local_address': '192.0.2.10',
      'network.local_port': 50_000,
      'network.remote_address': '2001:db8::1',
      'network.remote_port': 443,
    },
  ],
  [6, 'driver', { 'driver.path': 'C:\\Windows\\System32\\drivers\\bad.sys', 'driver.sha1': 'd'.repeat(40) }],
  [
    7,
    'image',
    {
      'image.name': 'evil.dll',
      'image.md5': 'e'.repeat(32),
      'image.signed': false,
      'image.signer': 'absent',
    },
  ],
  [
    12,
    'registry',
    {
      'registry.operation': 'delete',
      'registry.key_path': 'HKLM\\SOFTWARE\\Run',
      'registry.value_name': 'Updater',
    },
  ],
  [
    13,
    'registry',
    {
      'registry.operation': 'set',
      'registry.key_path': 'HKU\\S-1-5-21\\Software\\Microsoft\\Windows\\CurrentVersion\\Run',
      'registry.value_name': 'Updater',
      'registry.value_data': 'C:\\Users\\ann\\evil.exe',
    },
  ],
  [14, 'registry', { 'registry.operation': 'rename', 'registry.key_path': 'HKLM\\SOFTWARE\\Old' }],
  [
    22,
    'dns',
    {
      'dns.query': 'www.example.test',
      'dns.response': ['cdn.example.test', '192.0.2.80', '2001:db8::80'],
    },
  ],
])('event %d is one of the object %s', (id, object, fields) => {
  expect(only(id)).toMatchObject({ object, fields, at })
})

test('of a connection that came in the source is the peer', () => {
  expect(only(3, { Initiated: 'false' })).toMatchObject({
    operation: 'accept',
    fields: { 'network.local_address': '2001:db8::1', 'network.remote_address': '192.0.2.10' },
  })
})

test('nothing written is absent where there may be nothing, and unknown where there must be something', () => {
  expect(only(22, { QueryResults: '-' })?.fields['dns.response']).toBe('absent')
  expect(only(13, { Details: '' })?.fields['registry.value_data']).toBe('absent')
  expect(only(1, { User: '-' })?.process).not.toHaveProperty(['process.user_name'])
  expect(only(11, { Image: '<unknown process>' })?.actor).toEqual(['unknown'])
})

test('a hash that is not listed is unknown', () => {
  expect(only(1)?.process).not.toHaveProperty(['process.sha1'])
})

test('what a process does is done by the process that began, under the parent that began before', () => {
  const parent = written(1, {
    ProcessGuid: sysmonValues[1]?.ParentProcessGuid ?? '',
    ProcessId: '800',
    Image: sysmonValues[1]?.ParentImage ?? '',
    ParentProcessGuid: '{b3c4d5e6-0000-0000-1111-00000000000f}',
    ParentImage: 'C:\\Windows\\explorer.exe',
  })
  const events = eventsOf(read([parent, written(1), written(11)].join('\n')))
  expect(events[2]?.actor.map(String).map((path) => path.split('\\').at(-1))).toEqual([
    'cmd.exe',
    'winword.exe',
    'explorer.exe',
  ])
})

test('a process whose creation is not there is known from what it does', () => {
  const steps = read([written(11), written(3)].join('\n')).steps
  expect(steps.map(({ kind }) => kind)).toEqual(['start', 'event', 'complete', 'event'])
})

test('a termination ends the process', () => {
  const { steps } = read([written(1), written(5)].join('\n'))
  expect(steps.at(-1)).toMatchObject({ kind: 'end', at })
  expect(steps.at(-2)).toMatchObject({ event: { operation: 'exit' } })
})

describe('every event id', () => {
  test.each(sysmonTable.filter((row) => 'why' in row))('$id ($name) is counted by its id', ({ id }) => {
    const { reader, steps } = read(written(id, { UtcTime: '2024-05-06 07:08:09.123' }))
    expect(steps).toEqual([])
    expect([...reader.others.keys()].join()).toContain(`Sysmon ${id} `)
    expect(reader.unreadCount).toBe(0)
  })

  test.each([...Array.from({ length: 29 }, (_, at) => at + 1), 255])(
    '%d is one event or one that is counted, never both',
    (id) => {
      const values = sysmonValues[id] ?? { UtcTime: '2024-05-06 07:08:09.123' }
      const all = read(written(id, values))
      const counted = [...all.reader.others.values()].reduce((sum, count) => sum + count, 0)
      expect(eventsOf(all).length + counted).toBe(1)
      expect(eventsOf(all).length === 1).toBe(id in sysmonValues)
    },
  )

  test('stands in the table once, with properties that the vocabulary has', () => {
    const ids = sysmonTable.map(({ id }) => id)
    expect(ids).toEqual([...Array.from({ length: 29 }, (_, at) => at + 1), 255])
    const named = sysmonTable.flatMap((row) => ('why' in row ? [] : [...row.fields, ...row.actor]))
    expect(
      named.filter(
        ({ to, as }) => !vocabulary.has(as === 'path' ? `${to}.path` : as === 'hashes' ? `${to}.md5` : to),
      ),
    ).toEqual([])
  })

  test('that is in no manual is counted too', () => {
    expect([...read(written(99)).reader.others]).toEqual([['Sysmon 99', 1]])
  })
})
