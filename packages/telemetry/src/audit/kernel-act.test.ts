import { expect, test } from 'vitest'
import { AuditAssembler } from './joined-records.ts'
import { kernelEventOf } from './kernel-event.ts'

/** Records as a kernel 6.18 sent them, but for the fields that are not read. */
const head = 'audit(1795536460.521:61211): '
const syscall = (number: number, words: string, arch = 'c000003e') =>
  [
    1300,
    `${head}arch=${arch} syscall=${number} success=yes exit=0 ${words} ppid=13004 pid=13013 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 comm="python3" exe="/usr/bin/python3.11" key="tocsin"`,
  ] as const

function told(...records: readonly (readonly [number, string])[]) {
  const assembler = new AuditAssembler()
  for (const [type, text] of records) assembler.push(type, text)
  const joined = assembler.push(1320, head)
  return joined && kernelEventOf(joined)
}

const act = { at: 1_795_536_460_521_000, serial: 61_211, pid: 13_013 }
const security = { ...act, kind: 'security', targetPid: null, targetUid: null, target: null }

test.each([
  ['020012677F0000010000000000000000', { address: '127.0.0.1', port: 4_711 }],
  ['0A000000000000000000000000000000000000000000000100000000', { address: '::1', port: 0 }],
  ['010000746F6373696E2D78', undefined],
])('a socket is bound to %s', (address, local) => {
  const bound = told(syscall(49, 'a0=3 a1=7ffcbafac9c0 a2=10 a3=0 items=0'), [
    1306,
    `${head}saddr=${address}`,
  ])
  expect(bound).toEqual({ ...act, kind: 'bind', descriptor: 3, local })
})

test('a socket listens', () => {
  expect(told(syscall(50, 'a0=a a1=80 a2=0 a3=7fa035d5cb70 items=0'))).toEqual({
    ...{ ...act, kind: 'listen', descriptor: 10 },
  })
})

test('a process is traced: attached to or seized, and nothing else that ptrace does', () => {
  const target = [1318, `${head}opid=13054 oauid=-1 ouid=0 oses=-1 ocomm="sleep"`] as const
  const traced = { ...security, operation: 'ptrace', targetPid: 13_054 }
  expect(told(syscall(101, 'a0=10 a1=32fe a2=0 a3=0 items=0'), target)).toEqual(traced)
  expect(told(syscall(101, 'a0=4206 a1=32fe a2=0 a3=0 items=0'), target)).toEqual(traced)
  expect(told(syscall(101, 'a0=11 a1=32fe a2=0 a3=0 items=0'), target)).toBeUndefined()
})

test('a file system is mounted at a path, which may be written from the working folder', () => {
  const cwd = [1307, `${head}cwd="/srv/work"`] as const
  const path = (item: number, name: string) =>
    [1302, `${head}item=${item} name="${name}" nametype=NORMAL`] as const
  const mounted = (target: string) => ({ ...security, operation: 'mount', target })
  const call = syscall(165, 'a0=7fa035201880 a1=7fa0352018e0 a2=7fa035201940 a3=0 items=1')
  expect(told(call, cwd, path(0, 'mnt'))).toEqual(mounted('/srv/work/mnt'))
  expect(told(call, cwd, path(0, '/mnt'), path(1, '/etc'))).toEqual(mounted('/mnt'))
  expect(told(call)).toEqual({ ...security, operation: 'mount' })
})

test('a process becomes another user, the one that its record names afterwards', () => {
  const text = syscall(105, 'a0=fffe a1=7ffcbafaca2c a2=1 a3=7fa03562bd00 items=0')[1].replace(
    'euid=0',
    'euid=65534',
  )
  expect(told([1300, text])).toEqual({ ...security, operation: 'setuid', targetUid: 65_534 })
})

test('a program is loaded into the kernel, and nothing else that bpf does', () => {
  expect(
    told([1334, `${head}prog-id=4316 op=LOAD`], syscall(321, 'a0=5 a1=7fa035241f30 a2=80 items=0')),
  ).toEqual({
    ...{ ...security, operation: 'bpf' },
  })
  expect(told(syscall(321, 'a0=1 a1=7fa035241f30 a2=80 items=0'))).toBeUndefined()
})

test.each([
  [313, 'c000003e'],
  [175, 'c000003e'],
  [350, '40000003'],
])('a kernel module is loaded by call %d of %s', (number, arch) => {
  const loaded = told(syscall(number, 'a0=3 a1=55d a2=0 a3=3 items=0', arch), [1330, `${head}name="dummy"`])
  expect(loaded).toEqual({ ...act, kind: 'module', name: 'dummy' })
})

test('what failed has not happened', () => {
  const text = syscall(50, 'a0=3 a1=80 items=0')[1].replace('success=yes', 'success=no')
  expect(told([1300, text])).toBeUndefined()
})
