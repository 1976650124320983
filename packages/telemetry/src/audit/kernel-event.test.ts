import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ipv6Text } from '../address.ts'
import { AuditAssembler } from './joined-records.ts'
import { kernelEventOf } from './kernel-event.ts'
import { bytesOfHex } from './record-text.ts'

const head = 'audit(1700000000.123:77): '

function push(records: readonly (readonly [number, string])[]) {
  const assembler = new AuditAssembler()
  const joined = records.map(([type, text]) => assembler.push(type, text)).at(-1)
  return joined && kernelEventOf(joined)
}

test('the records of an exec become one event with its whole command line', () => {
  const event = push([
    [
      1300,
      `${head}arch=c000003e syscall=59 success=yes exit=0 a0=1 items=2 ppid=10 pid=11 auid=0 uid=0 gid=0 euid=33 suid=33 fsuid=33 egid=34 sgid=34 fsgid=34 tty=pts0 ses=1 comm="sh" exe="/usr/bin/dash" key="tocsin"`,
    ],
    [1309, `${head}argc=3 a0="sh" a1="-c" a2=6563686F206869`],
    [1307, `${head}cwd="/root"`],
    [1302, `${head}item=0 name="/bin/sh" inode=4242 dev=fe:00`],
    [1320, `${head}`],
  ])
  expect(event).toEqual({
    kind: 'exec',
    at: 1_700_000_000_123_000,
    serial: 77,
    pid: 11,
    ppid: 10,
    euid: 33,
    egid: 34,
    exe: '/usr/bin/dash',
    argv: ['sh', '-c', 'echo hi'],
    isCut: false,
    cwd: '/root',
    inode: 4242,
  })
})

test('a long argument that comes in pieces is joined', () => {
  const event = push([
    [1300, `${head}syscall=59 ppid=1 pid=2 exe="/x"`],
    [1309, `${head}argc=2 a0="x" a1_len=6 a1[0]=616263`],
    [1309, `${head} a1[1]=646566`],
    [1320, head],
  ])
  expect(event).toMatchObject({ argv: ['x', 'abcdef'] })
})

test.each([
  ['0200005017161514' + '0000000000000000', '23.22.21.20', 80],
  [`0A0000500000000020010DB8${'0'.repeat(23)}100000000`, '2001:db8::1', 80],
  [`0A0001BB00000000${'0'.repeat(20)}FFFF7F00000100000000`, '127.0.0.1', 443],
])('the address %s is read', (saddr, address, port) => {
  const event = push([
    [1300, `${head}syscall=42 ppid=1 pid=2 exe="/x"`],
    [1306, `${head}saddr=${saddr}`],
    [1320, head],
  ])
  expect(event).toMatchObject({ kind: 'socket', operation: 'connect', address, port })
})

test('a UNIX socket is no connection', () => {
  const records = [
    [1300, `${head}syscall=42 ppid=1 pid=2 exe="/x"`],
    [1306, `${head}saddr=01002F72756E2F78`],
    [1320, head],
  ] as const
  expect(push(records)).toBeUndefined()
})

test('IPv6 addresses are written as RFC 5952 says', () => {
  const text = (hex: string) => ipv6Text(bytesOfHex(hex))
  expect(text('20010db8000000000001000000000001')).toBe('2001:db8::1:0:0:1')
  expect(text('00000000000000000000000000000000')).toBe('::')
  expect(text('20010db8000000010000000100000001')).toBe('2001:db8:0:1:0:1:0:1')
})

test('whatever the kernel or somebody else writes, nothing is thrown and no event stays open for ever', () => {
  const record = fc.tuple(
    fc.constantFrom(1300, 1302, 1306, 1307, 1309, 1320),
    fc.string({ unit: 'binary' }),
    fc.nat(50),
  )
  fc.assert(
    fc.property(fc.array(record), (records) => {
      const assembler = new AuditAssembler()
      for (const [type, text, serial] of records) {
        const joined = assembler.push(type, `audit(1.000:${serial}): ${text}`)
        if (joined !== undefined) kernelEventOf(joined)
      }
    }),
  )
})
