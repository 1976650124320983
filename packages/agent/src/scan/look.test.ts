import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { load, ScanMatcher } from '@tocsin/engine'
import { digestOf, digestOfBytes, known, type Term } from '@tocsin/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Made, made, programOf, term, yaraProgram } from '../testdata/programs.ts'
import type { FileContent, Found } from './content/content.ts'
import type { ContentSearch } from './content/content-search.ts'
import { Quarantine } from './content/quarantine.ts'
import { filePath } from './file-path.ts'
import { type Looker, lookAtFile } from './look.ts'
import { changed, fileAt, openSeen } from './open-file.ts'
import { Reading } from './reading.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-look-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const yara = yaraProgram('rule any { condition: true }')
const [source = ''] = yara.program.blobs
const byHash = made(programOf(term('file.sha256', 'is', digestOfBytes(Buffer.from('evil')))))
const byName = made(programOf(term('file.name', 'is', 'evil')))

/** A content scanner that reads every byte and answers what the test wants. */
function contentOf(answer: Found, read: (bytes: Uint8Array) => void = () => undefined) {
  const asked: FileContent[] = []
  const scan = async (file: FileContent) => {
    asked.push(file)
    await file.give(async (bytes) => read(bytes))
    return answer
  }
  return { asked, scanner: { scan } as unknown as ContentSearch }
}

function lookerOf(
  programs: readonly Made[],
  content?: ContentSearch,
  quarantine = new Quarantine([], () => {}),
) {
  const loaded = programs.map(({ program, objects }) => ({
    ...load(program, (digest) => objects.get(digest)),
    digest: digestOf(program),
  }))
  const looker: Looker = {
    matcher: new ScanMatcher(loaded),
    content,
    quarantine,
    skipped: new Map(),
    ownerName: String,
    groupName: (gid) => `group ${gid}`,
    isLanding: false,
    unrun: new Set(),
    bytes: 0,
  }
  return looker
}

async function look(name: string, looker: Looker) {
  const matches = await lookAtFile(filePath(Buffer.from(join(folder, name))), looker)
  return { programs: matches.map(({ program }) => program), skipped: Object.fromEntries(looker.skipped) }
}

const match: Found = { matches: [{ source, rule: 'any', offsets: [] }], unread: [] }

test('what the name decides is decided without reading the file', async () => {
  writeFileSync(join(folder, 'evil'), 'evil')
  const looker = lookerOf([byName])
  expect(await look('evil', looker)).toEqual({ programs: [byName.digest], skipped: {} })
  expect(looker.bytes).toBe(0)
})

test('group, permissions and inode are what the file system says', async () => {
  writeFileSync(join(folder, 'evil'), 'evil')
  chmodSync(join(folder, 'evil'), 0o4711)
  const { gid, ino } = statSync(join(folder, 'evil'))
  const inode: Term = { ...term('file.inode', 'is', ''), operand: { kind: 'values', values: [ino] } }
  const programs = [
    made(programOf(term('file.group', 'is', `group ${gid}`))),
    made(programOf(term('file.mode', 'is', '4711'))),
    made(programOf(inode)),
  ]
  expect((await look('evil', lookerOf(programs))).programs).toEqual(programs.map(({ digest }) => digest))
})

test('hashes and content come of one read', async () => {
  writeFileSync(join(folder, 'a'), 'evil')
  let read = 0
  const { scanner, asked } = contentOf(match, ({ length }) => {
    read += length
  })
  const looker = lookerOf([byHash, yara], scanner)
  expect((await look('a', looker)).programs).toEqual([byHash.digest, yara.digest])
  expect([read, asked.length, looker.bytes]).toEqual([4, 1, 4])
})

test('links, pipes and what has vanished are counted and do not hold up the scan', async () => {
  spawnSync('mkfifo', [join(folder, 'pipe')])
  symlinkSync('/etc/passwd', join(folder, 'link'))
  const looker = lookerOf([byHash])
  for (const name of ['pipe', 'link', 'gone']) await look(name, looker)
  expect(Object.fromEntries(looker.skipped)).toEqual({ 'special file': 1, link: 1, vanished: 1 })
})

test('an unreadable file is counted', async () => {
  writeFileSync(join(folder, 'a'), 'evil')
  chmodSync(join(folder, 'a'), 0)
  chmodSync(folder, 0o755)
  const user = process.geteuid?.()
  if (user === 0) process.seteuid?.(65_534) // root reads everything
  const { skipped } = await look('a', lookerOf([byHash])).finally(() => user === 0 && process.seteuid?.(0))
  expect(skipped).toEqual({ unreadable: 1 })
})

test('a file that changes while it is read is read again, and given up when it does so all the time', async () => {
  writeFileSync(join(folder, 'a'), 'x')
  let changes = 1
  const grow = contentOf(match, () => {
    changes -= 1
    if (changes >= 0) appendFileSync(join(folder, 'a'), 'x')
  })
  expect((await look('a', lookerOf([yara], grow.scanner))).programs).toEqual([yara.digest])
  expect(grow.asked).toHaveLength(2)
  changes = 100
  expect(await look('a', lookerOf([yara], grow.scanner))).toEqual({
    programs: [],
    skipped: { 'changes all the time': 1 },
  })
})

test('content larger than 64 MiB is not searched: the verdict stays open, and it is counted', async () => {
  writeFileSync(join(folder, 'a'), Buffer.alloc((64 << 20) + 1))
  const { scanner, asked } = contentOf(match)
  const looker = lookerOf([yara], scanner)
  expect(await look('a', looker)).toEqual({ programs: [], skipped: { 'content larger than 64 MiB': 1 } })
  expect(asked).toEqual([])
  expect([...looker.matcher.finish(() => true).verdicts.values()]).toEqual(['inconclusive'])
})

test('a file of 50 GB that is a hole is not read: the verdict stays open, and it is counted', async () => {
  writeFileSync(join(folder, 'a'), '')
  truncateSync(join(folder, 'a'), 50e9)
  const looker = lookerOf([byHash])
  expect(await look('a', looker)).toEqual({ programs: [], skipped: { sparse: 1 } })
  expect(looker.bytes).toBe(0)
  expect([...looker.matcher.finish(() => true).verdicts.values()]).toEqual(['inconclusive'])
})

const needsRoot = process.getuid?.() === 0 ? '' : ' (skipped: needs root)'

test.skipIf(needsRoot !== '')(`a device is not opened, and counted${needsRoot}`, async () => {
  // No driver has this number: opening it would fail with a reason of its own.
  if (spawnSync('mknod', [join(folder, 'device'), 'c', '250', '250']).status !== 0) return
  expect(await look('device', lookerOf([byHash]))).toEqual({ programs: [], skipped: { 'special file': 1 } })
})

test('what took the path of a file since it was looked at is not opened', () => {
  const path = Buffer.from(join(folder, 'a'))
  writeFileSync(path, 'one')
  const seen = fileAt(path)
  if (typeof seen === 'string') throw new Error(seen)
  const opened = openSeen(path, seen)
  if (opened === changed) throw new Error('it is the same file')
  closeSync(opened.fd)
  writeFileSync(join(folder, 'b'), 'two')
  renameSync(join(folder, 'b'), path)
  expect(openSeen(path, seen)).toBe(changed)
  rmSync(path)
  symlinkSync('/etc/passwd', path)
  expect(() => openSeen(path, seen)).toThrow('ELOOP')
})

test('only hashes that a program needs are computed, and all of them for a file that matches by one', async () => {
  writeFileSync(join(folder, 'a'), 'evil')
  writeFileSync(join(folder, 'b'), 'good')
  const facts: Record<string, readonly string[]> = {}
  const looker = lookerOf([byHash])
  const see = looker.matcher.see.bind(looker.matcher)
  looker.matcher.see = (instance, contents) => {
    facts[basename(instance.key)] = Object.keys(instance.facts).filter((name) => /md5|sha/.test(name))
    return see(instance, contents)
  }
  for (const name of ['a', 'b']) await look(name, looker)
  expect(facts).toEqual({ a: ['file.sha256', 'file.md5', 'file.sha1'], b: ['file.sha256'] })
})

test.each([0, 1, 4, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (3 << 20) + 7])(
  'hashes of %i bytes are what the tools say, with content and without',
  async (size) => {
    const bytes = Buffer.alloc(size, 'abcdefg')
    writeFileSync(join(folder, 'a'), bytes)
    const fd = openSync(join(folder, 'a'), 'r')
    const names = ['md5', 'sha1', 'sha256'] as const
    const expected = Object.fromEntries(
      names.map((name) => [`file.${name}`, known(createHash(name).update(bytes).digest('hex'))]),
    )
    expect(await new Reading(fd, size, new Set(names)).hashes()).toEqual(expected)
    for (const into of [undefined, new Uint8Array(Math.max(1, size)), new Uint8Array(8 << 20)]) {
      const reading = new Reading(fd, size, new Set(names))
      const pieces: Buffer[] = []
      await reading.read(async (piece) => void pieces.push(Buffer.from(piece)), into)
      expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
      expect(await reading.hashes()).toEqual(expected)
    }
    closeSync(fd)
  },
)

test('a rule that did not run on a file denies nothing', async () => {
  writeFileSync(join(folder, 'a'), 'x')
  const nothing: Found = { matches: [], unread: [] }
  const verdictWith = async (found: Found, quarantine?: Quarantine) => {
    const looker = lookerOf([yara], contentOf(found).scanner, quarantine)
    await look('a', looker)
    return [...looker.matcher.finish(() => true).verdicts.values()][0]
  }
  const entry = { source, rule: 'any', code: 'rule.too-slow', message: '' } as const
  expect(await verdictWith(nothing)).toBe('no-match')
  expect(await verdictWith({ matches: [], unread: [source] })).toBe('inconclusive')
  expect(await verdictWith(nothing, new Quarantine([entry], () => {}))).toBe('inconclusive')
})

test('without a content child the other programs still find', async () => {
  writeFileSync(join(folder, 'a'), 'evil')
  const failing = { scan: () => Promise.reject(new Error('no child')) } as unknown as ContentSearch
  expect(await look('a', lookerOf([yara, byHash], failing))).toEqual({
    programs: [byHash.digest],
    skipped: { 'content not searched': 1 },
  })
})

test('rules are told what the file is, whose, and whether it just landed', async () => {
  const { asked, scanner } = contentOf(match)
  writeFileSync(join(folder, 'Setup.EXE'), 'MZ and more')
  const looker = lookerOf([yara], scanner)
  await look('Setup.EXE', looker)
  await look('Setup.EXE', { ...lookerOf([yara], scanner), isLanding: true })
  expect(asked.map(({ externals }) => externals)).toEqual([
    {
      ...{ filename: 'Setup.EXE', filepath: join(folder, 'Setup.EXE'), extension: '.exe' },
      ...{ filetype: 'EXE', owner: String(process.getuid?.()), new: false },
    },
    expect.objectContaining({ new: true }),
  ])
})

test('what no engine here runs denies nothing', async () => {
  const { scanner } = contentOf({ matches: [], unread: [] })
  writeFileSync(join(folder, 'evil'), 'x')
  const looker = { ...lookerOf([yara], scanner), unrun: new Set([source]) }
  await look('evil', looker)
  expect([...looker.matcher.finish(() => true).verdicts.values()]).toEqual(['inconclusive'])
})
