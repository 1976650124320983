import { expect, test } from 'vitest'
import { eventsOf, read } from '../testdata/steps.ts'

const events = (...records: readonly Readonly<Record<string, unknown>>[]) =>
  eventsOf(read(records.map((record) => JSON.stringify(record)).join('\n')))

const powershell = {
  'process.path': 'C:\\Windows\\powershell.exe',
  'process.command_line': 'powershell -enc AAAA',
  'process.user': 'LAB\\ann',
  'process.parent_path': 'C:\\Windows\\explorer.exe',
}

test('names are those of properties, or other names for them', () => {
  expect(
    events({ type: 'process', ...powershell, 'process.hashes': `MD5=${'a'.repeat(32)}` })[0],
  ).toMatchObject({
    operation: 'start',
    actor: ['C:\\Windows\\powershell.exe', 'C:\\Windows\\explorer.exe'],
    process: {
      'process.user_name': 'LAB\\ann',
      'process.md5': 'a'.repeat(32),
      'process.name': 'powershell.exe',
    },
  })
})

test('a word of Sysmon for what happened in the registry splits the name of the value from the key', () => {
  const record = { type: 'registry', 'registry.key_path': 'HKLM\\Run\\Updater', 'registry.value': 'x.exe' }
  expect(events({ ...record, 'registry.operation': 'SetValue' })[0]).toMatchObject({
    operation: 'set',
    fields: {
      'registry.operation': 'set',
      'registry.key_path': 'HKLM\\Run',
      'registry.value_name': 'Updater',
      'registry.value_data': 'x.exe',
    },
  })
  expect(events(record)[0]).toMatchObject({ fields: { 'registry.key_path': 'HKLM\\Run\\Updater' } })
})

test('beside a source an address is the destination', () => {
  const record = {
    type: 'network',
    'network.address': '192.0.2.1',
    'network.port': '443',
    'network.source_address': '192.0.2.9',
    'network.initiated': 'true',
  }
  expect(events(record)[0]?.fields).toEqual({
    'network.operation': 'connect',
    'network.local_address': '192.0.2.9',
    'network.local_port': 'unknown',
    'network.remote_address': '192.0.2.1',
    'network.remote_port': 443,
  })
})

test('a record that does not say who acts has a process of its own', () => {
  const { steps } = read(
    [powershell, powershell].map((each) => JSON.stringify({ type: 'file', ...each })).join('\n'),
  )
  const starts = steps.flatMap((step) => (step.kind === 'start' ? [step.process.facts.key] : []))
  expect(starts).toEqual(['log:1', 'log:2'])
  expect(steps.filter(({ kind }) => kind === 'end')).toHaveLength(2)
})

test('a pid is the process that began with it, until another begins', () => {
  const file = { type: 'file', 'file.path': '/x', host: 'a', 'process.pid': 7 }
  const start = { type: 'process', host: 'a', 'process.pid': 7 }
  const paths = events(
    { ...start, 'process.path': '/bin/a' },
    file,
    { ...start, 'process.path': '/bin/b' },
    file,
    {
      ...file,
      host: 'b',
    },
  ).map(({ actor }) => actor[0])
  expect(paths).toEqual(['/bin/a', '/bin/a', '/bin/b', '/bin/b', 'unknown'])
})

test('null and an empty text are absent', () => {
  expect(events({ type: 'dns', 'dns.query': 'a.test', 'dns.results': null })[0]?.fields).toEqual({
    'dns.query': 'a.test',
    'dns.response': 'absent',
  })
})
