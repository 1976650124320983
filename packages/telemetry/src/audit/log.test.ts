import { expect, test } from 'vitest'
import { eventsOf, read } from '../testdata/steps.ts'

const at = (serial: number) => `msg=audit(1700000000.123:${serial}):`
const syscall = (serial: number, rest: string) =>
  `type=SYSCALL ${at(serial)} arch=c000003e ${rest} tty=pts0 ses=1 comm="x" key=(null)`
const shell = 'ppid=10 pid=11 auid=0 uid=0 gid=0 euid=0 egid=0 exe="/usr/bin/dash"'

const exec = [
  syscall(1, `syscall=59 success=yes exit=0 a0=1 items=2 ${shell}`),
  `type=EXECVE ${at(1)} argc=3 a0="sh" a1="-c" a2=6563686F206869`,
  `type=CWD ${at(1)} cwd="/root"`,
  `type=PATH ${at(1)} item=0 name="/bin/sh" inode=4242 dev=fe:00 mode=0100755 nametype=NORMAL`,
  `type=PROCTITLE ${at(1)} proctitle=7368002D63006563686F206869`,
]

const events = (...lines: readonly string[]) => eventsOf(read(lines.join('\n')))

test('an exec is the start of a process with its whole command line', () => {
  expect(events(...exec)).toEqual([
    {
      id: 'log:5',
      object: 'process',
      operation: 'start',
      at: 1_700_000_000_123_000,
      fields: { 'process.operation': 'start' },
      actor: ['/usr/bin/dash', 'unknown'],
      process: {
        'process.path': '/usr/bin/dash',
        'process.name': 'dash',
        'process.command_line': 'sh -c echo hi',
        'process.cwd': '/root',
        'process.start_time': { time: 1_700_000_000_123_000 },
        'process.pid': 11,
        'process.parent_pid': 10,
        'process.user_name': 'root',
        'process.user_group': 'root',
      },
    },
  ])
})

test('records of two events that are mixed are told apart by their serial', () => {
  const other = [
    syscall(2, 'syscall=59 success=yes ppid=11 pid=12 euid=33 egid=33 exe="/usr/bin/id"'),
    `type=EXECVE ${at(2)} argc=1 a0="id"`,
    `type=EOE ${at(2)}`,
  ]
  const [a = '', b = '', c = '', ...rest] = exec
  const found = events(a, other[0] ?? '', b, other[1] ?? '', c, ...rest, other[2] ?? '')
  expect(found.map(({ actor }) => actor)).toEqual([
    ['/usr/bin/dash', 'unknown'],
    ['/usr/bin/id', '/usr/bin/dash', 'unknown'],
  ])
  expect(found[1]?.process['process.user_name']).toBe('unknown')
})

test('an event whose end is not written ends with the log', () => {
  expect(events(...exec.slice(0, 2))).toHaveLength(1)
})

test.each([
  [
    'creates',
    [
      syscall(3, `syscall=257 success=yes exit=3 a0=ffffff9c a1=1 a2=241 a3=1b6 ${shell}`),
      `type=CWD ${at(3)} cwd="/home/ann"`,
      `type=PATH ${at(3)} item=0 name="." nametype=PARENT mode=040755`,
      `type=PATH ${at(3)} item=1 name="../x.sh" nametype=CREATE mode=0100644`,
    ],
    { 'file.operation': 'create', 'file.path': '/home/x.sh', 'file.name': 'x.sh' },
  ],
  [
    'deletes',
    [
      syscall(3, `syscall=87 success=yes ${shell}`),
      `type=PATH ${at(3)} name="/tmp/x" nametype=DELETE mode=0100644`,
    ],
    { 'file.operation': 'delete', 'file.path': '/tmp/x' },
  ],
  [
    'renames',
    [
      syscall(3, `syscall=82 success=yes ${shell}`),
      `type=PATH ${at(3)} item=2 name="/tmp/a" nametype=DELETE mode=0100644`,
      `type=PATH ${at(3)} item=3 name="/tmp/b" nametype=CREATE mode=0100644`,
    ],
    { 'file.operation': 'rename', 'file.path': '/tmp/b', 'file.source_path': '/tmp/a' },
  ],
  [
    'creates beneath an open folder, of which there is no path,',
    [
      syscall(3, `syscall=257 success=yes a0=5 ${shell}`),
      `type=CWD ${at(3)} cwd="/"`,
      `type=PATH ${at(3)} name="x" nametype=CREATE mode=0100644`,
    ],
    { 'file.operation': 'create', 'file.name': 'x' },
  ],
])('a call that %s a file is a file event', (_, lines, fields) => {
  expect(events(...lines, `type=EOE ${at(3)}`)[0]?.fields).toMatchObject(fields)
})

test('a path of an open folder is not guessed', () => {
  const found = events(
    syscall(3, `syscall=257 success=yes a0=5 ${shell}`),
    `type=CWD ${at(3)} cwd="/"`,
    `type=PATH ${at(3)} name="x" nametype=CREATE mode=0100644`,
  )
  expect(found[0]?.fields).not.toHaveProperty(['file.path'])
})

test.each([
  ['failed', `syscall=257 success=no exit=-13 a0=ffffff9c ${shell}`, 'mode=0100644 nametype=CREATE'],
  ['opened what was there', `syscall=257 success=yes a0=ffffff9c ${shell}`, 'mode=0100644 nametype=NORMAL'],
  ['removed a folder', `syscall=263 success=yes a0=ffffff9c ${shell}`, 'mode=040755 nametype=DELETE'],
])('a call that %s is no file event', (_, call, path) => {
  expect(events(syscall(3, call), `type=PATH ${at(3)} name="/x" ${path}`, `type=EOE ${at(3)}`)).toEqual([])
})

test('a connection has its peer, and names of an enriched log are taken', () => {
  const found = events(
    `${syscall(4, `syscall=42 success=no exit=-115 a0=3 ppid=1 pid=20 euid=33 egid=33 exe="/usr/bin/curl"`)}\u001dARCH=x86_64 SYSCALL=connect AUID="ann" EUID="www-data" EGID="www-data"`,
    `type=SOCKADDR ${at(4)} saddr=0200005017161514${'0'.repeat(16)}`,
    `type=PROCTITLE ${at(4)} proctitle=6375726C00612E62`,
  )
  expect(found[0]).toMatchObject({
    operation: 'connect',
    fields: {
      'network.remote_address': '23.22.21.20',
      'network.remote_port': 80,
      'network.local_port': 'unknown',
    },
    process: { 'process.user_name': 'www-data', 'process.command_line': 'curl a.b' },
  })
})

test('the end of a process has its code', () => {
  const { steps } = read([...exec, syscall(5, `syscall=231 a0=1 ${shell}`), `type=EOE ${at(5)}`].join('\n'))
  expect(eventsOf({ ...read(''), steps }).at(-1)?.fields).toEqual({
    'process.operation': 'exit',
    'process.exit_code': 1,
  })
  expect(steps.at(-1)).toMatchObject({ kind: 'end' })
})

test('records of other types are counted', () => {
  expect([...read(`type=USER_LOGIN ${at(9)} pid=1 uid=0`).reader.others]).toEqual([['audit USER_LOGIN', 1]])
})
