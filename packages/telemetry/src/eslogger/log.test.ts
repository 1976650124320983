import { vocabulary } from '@tocsin/model'
import { describe, expect, test } from 'vitest'
import { type EsloggerProcess, esloggerLine, execOf, processOf } from '../testdata/eslogger.ts'
import { eventsOf, read } from '../testdata/steps.ts'
import { esloggerActor, esloggerTable } from './table.ts'

const zsh: EsloggerProcess = { pid: 500, version: 10, path: '/bin/zsh', parent: [400, 5] }
const forked: EsloggerProcess = { pid: 501, version: 11, path: '/bin/zsh', parent: [500, 10] }
const curl: EsloggerProcess = { pid: 501, version: 12, path: '/usr/bin/curl', parent: [500, 10] }
const only = (event: Readonly<Record<string, unknown>>, process = curl) =>
  eventsOf(read(esloggerLine(process, event)))[0]
const file = (path: string) => ({ path, path_truncated: false })

test('an exec is the start of the image, under who created it', () => {
  expect(eventsOf(read(execOf(forked, curl, ['curl', '-o', '/tmp/x', 'https://example.test'])))).toEqual([
    {
      id: 'log:1',
      object: 'process',
      operation: 'start',
      at: Date.UTC(2024, 4, 6, 7, 8, 9, 123) * 1_000 + 456,
      fields: { 'process.operation': 'start' },
      actor: ['/usr/bin/curl', 'unknown'],
      process: {
        'process.path': '/usr/bin/curl',
        'process.name': 'curl',
        'process.pid': 501,
        'process.parent_pid': 500,
        'process.command_line': 'curl -o /tmp/x https://example.test',
        'process.cwd': '/Users/ann',
        'process.start_time': { time: Date.UTC(2024, 4, 6, 7, 8, 9, 123) * 1_000 + 456 },
      },
    },
  ])
})

test('the lineage goes on where the parent was seen, by pid and version', () => {
  const lines = [execOf(zsh, zsh, ['zsh']), execOf(forked, curl, ['curl'])]
  expect(eventsOf(read(lines.join('\n')))[1]?.actor).toEqual(['/usr/bin/curl', '/bin/zsh', 'unknown'])
})

test('who created a process stays its parent when another adopts it', () => {
  const lines = [execOf(zsh, zsh, ['zsh']), execOf(forked, { ...curl, adoptedBy: 1 }, ['curl'])]
  const [, exec] = eventsOf(read(lines.join('\n')))
  expect(exec?.actor).toEqual(['/usr/bin/curl', '/bin/zsh', 'unknown'])
})

test('a forked child has the command line of its parent until it execs', () => {
  const lines = [
    execOf(zsh, zsh, ['zsh', '-c', 'x']),
    esloggerLine(zsh, { fork: { child: processOf(forked) } }),
    esloggerLine(forked, { unlink: { target: file('/tmp/x') } }),
  ]
  expect(eventsOf(read(lines.join('\n')))[1]?.process['process.command_line']).toBe('zsh -c x')
})

test('only root is known by name', () => {
  const event = { unlink: { target: file('/tmp/x') } }
  expect(only(event, { ...curl, euid: 0 })?.process['process.user_name']).toBe('root')
  expect(only(event)?.process).not.toHaveProperty(['process.user_name'])
})

test.each([
  [0, 0],
  [7 << 8, 7],
  [9, 137],
])('of the status %d the exit code is %d', (stat, code) => {
  expect(only({ exit: { stat } })).toMatchObject({ operation: 'exit', fields: { 'process.exit_code': code } })
})

test.each([
  ['create', { destination: { new_path: { dir: file('/tmp'), filename: 'a.sh' } } }, 'create', '/tmp/a.sh'],
  ['create', { destination: { existing_file: file('/tmp/b') } }, 'create', '/tmp/b'],
  ['close', { modified: true, target: file('/tmp/c') }, 'write', '/tmp/c'],
  ['truncate', { target: file('/tmp/d') }, 'write', '/tmp/d'],
  ['unlink', { target: file('/tmp/e') }, 'delete', '/tmp/e'],
  ['setmode', { target: file('/tmp/f'), mode: 0o755 }, 'change', '/tmp/f'],
  ['setowner', { target: file('/tmp/g'), uid: 0 }, 'change', '/tmp/g'],
  ['link', { source: file('/tmp/h'), target_dir: file('/'), target_filename: 'i' }, 'create', '/i'],
])('%s of %j is a file event', (name, details, operation, path) => {
  expect(only({ [name]: details })).toMatchObject({
    object: 'file',
    operation,
    fields: { 'file.operation': operation, 'file.path': path },
  })
})

test('a rename tells both paths', () => {
  const destination = { new_path: { dir: file('/private/tmp'), filename: 'b' } }
  expect(only({ rename: { source: file('/tmp/a'), destination } })?.fields).toMatchObject({
    'file.path': '/private/tmp/b',
    'file.source_path': '/tmp/a',
  })
})

test('a path that was cut is unknown', () => {
  expect(only({ unlink: { target: { path: '/tmp/x', path_truncated: true } } })?.fields).toEqual({
    'file.operation': 'delete',
  })
})

test('what is mapped to be executed is an image, what is not is counted', () => {
  const source = file('/usr/lib/libx.dylib')
  expect(only({ mmap: { protection: 5, source } })).toMatchObject({
    object: 'image',
    fields: { 'image.path': '/usr/lib/libx.dylib', 'image.name': 'libx.dylib' },
  })
  const { reader, steps } = read(esloggerLine(curl, { mmap: { protection: 1, source } }))
  expect(steps).toEqual([])
  expect([...reader.others.keys()]).toEqual(['eslogger mmap: it is no code'])
})

test('a kernel extension is a driver', () => {
  expect(only({ kextload: { identifier: 'com.example.kext' } })).toMatchObject({
    object: 'driver',
    fields: { 'driver.name': 'com.example.kext' },
  })
})

test('an exit ends the process that execed', () => {
  const { steps } = read(
    [execOf(forked, curl, ['curl']), esloggerLine(curl, { exit: { stat: 0 } })].join('\n'),
  )
  expect(steps.at(-1)).toMatchObject({ kind: 'end', process: 'macos:501:12' })
})

test('a hole in the numbers is a gap with its count, a new beginning is none', () => {
  const event = { unlink: { target: file('/tmp/x') } }
  const { reader } = read([4, 5, 9, 0, 1].map((number) => esloggerLine(curl, event, number)).join('\n'))
  const at = Date.UTC(2024, 4, 6, 7, 8, 9, 123) * 1_000 + 456
  expect(reader.takeGaps()).toEqual([{ from: at, to: at, count: 3 }])
  expect(reader.takeGaps()).toEqual([])
})

describe('every event of the table', () => {
  test.each(esloggerTable)('$name is told or counted', ({ name }) => {
    const { reader, steps } = read(esloggerLine(curl, { [name]: { modified: true, protection: 7 } }))
    const events = steps.filter(({ kind }) => kind === 'event').length
    expect(events + [...reader.others.values()].reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(reader.unreadCount).toBe(0)
  })

  test('fills properties that the vocabulary has, and claims no network and no DNS', () => {
    const rows = esloggerTable.flatMap((row) => ('why' in row ? [] : [row]))
    const named = [...esloggerActor, ...rows.flatMap(({ properties }) => properties)]
    expect(named.filter((property) => !vocabulary.has(property))).toEqual([])
    expect(new Set(rows.map(({ object }) => object))).toEqual(new Set(['process', 'file', 'image', 'driver']))
  })

  test('that is not in it is counted by its name', () => {
    const { reader } = read(esloggerLine(curl, { uipc_bind: {} }))
    expect([...reader.others]).toEqual([['eslogger uipc_bind', 1]])
  })
})
