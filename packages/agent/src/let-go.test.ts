import { expect, test } from 'vitest'
import { letGo, programPages } from './let-go.ts'

const mapping = (head: string, { anonymous = 0, dirty = 0 } = {}) =>
  `${head}\nSize:  4 kB\nPrivate_Dirty:     ${dirty} kB\nAnonymous:       ${anonymous} kB\nVmFlags: rd mr\n`

test('only pages of the program that are as they are in its file are let go', () => {
  const smaps = [
    mapping('00400000-00746000 r--p 00000000 fe:00 77                         /opt/node/bin/node'),
    mapping('0074a000-03044000 r-xp 0034a000 fe:00 77                         /opt/node/bin/node'),
    mapping('06b52000-06b56000 r--p 06751000 fe:00 77   /opt/node/bin/node', { anonymous: 16, dirty: 16 }),
    mapping('06b56000-06b7c000 rw-p 06755000 fe:00 77                         /opt/node/bin/node'),
    mapping('7f0000000000-7f0000001000 r-xp 00000000 fe:00 99                 /usr/lib/libc.so.6'),
    mapping('7f0000001000-7f0000002000 r-xp 00000000 00:00 0 '),
  ].join('')
  expect(programPages(smaps, '/opt/node/bin/node')).toEqual([
    { at: 0x40_0000n, length: 0x34_6000n },
    { at: 0x74_a000n, length: 0x28f_a000n },
  ])
})

test('a program goes on after it has let go', () => {
  letGo()
  expect(JSON.parse(JSON.stringify({ sum: [1, 2, 3].reduce((sum, each) => sum + each) }))).toEqual({ sum: 6 })
})
