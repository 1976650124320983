import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { costlyProperties } from '@tocsin/engine'
import { vocabulary } from '@tocsin/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { factProperties, fieldsOfProgram } from './facts.ts'

interface Plain {
  readonly [property: string]: unknown
}

/** Of each property its values without `file.`; `?` where there may be more. */
async function factsOf(bytes: Buffer): Promise<Plain> {
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length)
  const fields = await fieldsOfProgram(read, bytes.length)
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, { values, whole }]) => values.length > 0 || !whole)
      .map(([property, { values, whole }]) => [property.slice(5), whole ? values : [...values, '?']]),
  )
}

const base = 0x1000
const inFile = 0x200

/** A program of one section, in which tables and texts stand where they are put. */
function pe(
  options: { readonly library?: string; readonly isSigned?: boolean; readonly byNumber?: boolean } = {},
): Buffer {
  const { library = 'KERNEL32.dll', isSigned = false, byNumber = false } = options
  const bytes = Buffer.alloc(0x800)
  bytes.write('MZ', 0)
  bytes.writeUInt32LE(0x40, 60)
  bytes.write('PE\0\0', 0x40, 'latin1')
  bytes.writeUInt16LE(0x14c, 0x44)
  bytes.writeUInt16LE(1, 0x46)
  bytes.writeUInt32LE(1_600_000_000, 0x48)
  bytes.writeUInt16LE(0xe0, 0x54)
  const optional = 0x58
  bytes.writeUInt16LE(0x10b, optional)
  bytes.writeUInt32LE(0x1234, optional + 16)
  bytes.writeUInt32LE(16, optional + 92)
  const table = (entry: number, at: number, size: number) => {
    bytes.writeUInt32LE(at, optional + 96 + entry * 8)
    bytes.writeUInt32LE(size, optional + 100 + entry * 8)
  }
  table(0, base + 0x100, 40)
  table(1, base, 40)
  if (isSigned) table(4, 0x700, 0x100)
  const section = optional + 0xe0
  bytes.write('.evil', section)
  for (const [field, value] of [0x600, base, 0x600, inFile].entries())
    bytes.writeUInt32LE(value, section + 8 + field * 4)
  const word = (at: number, value: number) => bytes.writeUInt32LE(value, inFile + at)
  const text = (at: number, value: string) => bytes.write(`${value}\0`, inFile + at, 'latin1')
  for (const [at, value] of [
    [0, base + 0x40],
    [12, base + 0x80],
    [16, base + 0x40],
  ] as const)
    word(at, value)
  for (const [at, value] of [
    [0x40, base + 0x90],
    [0x44, byNumber ? 0x80000007 : base + 0xa0],
  ] as const)
    word(at, value)
  text(0x80, library)
  text(0x92, 'LoadLibraryA')
  text(0xa2, 'WinExec')
  for (const [at, value] of [
    [0x100 + 24, 1],
    [0x100 + 32, base + 0x140],
    [0x140, base + 0x150],
  ] as const)
    word(at, value)
  text(0x150, 'ReflectiveLoader')
  return bytes
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

test('the headers of a program for Windows say what it needs, gives, and when it was built', async () => {
  expect(await factsOf(pe())).toEqual({
    format: ['pe'],
    machine: ['x86'],
    entry_point: [0x1234],
    section: ['.evil'],
    library: ['kernel32.dll'],
    import: ['LoadLibraryA', 'WinExec'],
    export: ['ReflectiveLoader'],
    compiled: [{ time: 1_600_000_000_000_000 }],
    imphash: [md5('kernel32.loadlibrarya,kernel32.winexec')],
    signed: [false],
  })
  expect(await factsOf(pe({ isSigned: true }))).toMatchObject({ signed: [true] })
})

test('an import by number is part of the hash, unless its name is wanted and not known', async () => {
  expect(await factsOf(pe({ byNumber: true }))).toMatchObject({
    import: ['LoadLibraryA'],
    imphash: [md5('kernel32.loadlibrarya,kernel32.ord7')],
  })
  expect(await factsOf(pe({ byNumber: true, library: 'ws2_32.dll' }))).toMatchObject({ imphash: ['?'] })
})

test.runIf(process.platform === 'linux')(
  'the program that runs this has its libraries, functions and loader',
  async () => {
    const facts = await factsOf(readFileSync('/bin/sh'))
    expect(facts).toMatchObject({ format: ['elf'], interpreter: [expect.stringContaining('ld-')] })
    expect(facts.library).toContainEqual(expect.stringMatching(/^libc\./))
    expect(facts.section).toContain('.text')
    expect(facts.import).toContain('fork')
  },
)

test('what is no program has none of these facts', async () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('MZ'),
    Buffer.from('#!/bin/sh\n'),
    Buffer.alloc(100, 'MZ'),
  ])
    expect(await factsOf(bytes)).toEqual({})
})

test('of lists that do not end only so much is read, and it is known that there is more', async () => {
  const endless = pe()
  endless.fill(0x90, inFile + 0x40, inFile + 0x80) // functions up to the name of the library
  const many = Buffer.concat([endless, Buffer.alloc(0)])
  many.writeUInt32LE(0xffff_ffff, inFile + 0x100 + 24) // names that are given
  expect((await factsOf(many)).export).toContain('?')
})

test('whatever the headers say, reading them ends, and reads no more than its budget', async () => {
  const samples = [pe(), readFileSync('/bin/sh').subarray(0, 1 << 16)]
  const change = fc.array(fc.tuple(fc.nat({ max: 0x600 }), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), {
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      change,
      fc.nat({ max: 1 << 16 }),
      async (sample, changes, end) => {
        const bytes = Buffer.from(sample)
        for (const [at, value] of changes) bytes[at] = value
        let read = 0
        const most = 2 ** 40
        await fieldsOfProgram(
          async (offset, length) => {
            read += length
            const there = bytes.subarray(offset, offset + length)
            return offset > end ? Buffer.alloc(0) : there
          },
          end % 2 === 0 ? bytes.length : most,
        )
        expect(read).toBeLessThanOrEqual(32 << 20)
      },
    ),
    { numRuns: 300 },
  )
})

test('each fact is a row of the vocabulary that is read only where a term asks for it', () => {
  for (const property of factProperties) {
    expect([property, vocabulary.get(property)?.scan]).toEqual([property, ['linux']])
    expect(costlyProperties.has(property)).toBe(true)
  }
})
