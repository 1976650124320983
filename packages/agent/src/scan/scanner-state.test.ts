import { rmSync } from 'node:fs'
import { load, type Match } from '@tocsin/engine'
import { type Condition, digestOf } from '@tocsin/model'
import { afterEach, expect, test } from 'vitest'
import { fakeRoot, type Lying } from '../testdata/fake-root.ts'
import { type Made, made, programOf, term } from '../testdata/programs.ts'
import { Quarantine } from './content/quarantine.ts'
import type { ScanOrder, ScanProgress } from './scan-messages.ts'
import { Scanner } from './scanner.ts'

let root = ''
afterEach(() => rmSync(root, { recursive: true, force: true }))

const not = (part: Condition): Condition => ({ kind: 'not', part })
const passwd = { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n' }

async function scanOf(
  programs: readonly Made[],
  files: Readonly<Record<string, Lying>>,
  order: Partial<ScanOrder> = {},
) {
  rmSync(root, { recursive: true, force: true })
  root = fakeRoot(files)
  const matches: Match[] = []
  const progress: ScanProgress[] = []
  const scanner = new Scanner({
    root,
    exclude: [],
    quarantine: new Quarantine([], () => undefined),
    onMatch: (match) => matches.push(match),
    onProgress: (each) => progress.push(each),
    onMissed: () => undefined,
    engines: [],
  })
  const loaded = programs.map(({ program, objects }) => ({
    ...load(program, (digest) => objects.get(digest)),
    digest: digestOf(program),
  }))
  scanner.use(loaded, { scanRoots: [`${root}/nowhere`], scanExclude: [] })
  await scanner.scan({ scan: 1, programs: [], processes: [], ...order })
  const done = progress.at(-1)
  return {
    subjects: matches.map(({ subject }) => subject),
    verdicts: programs.map(({ digest }) => done?.verdicts.get(digest)),
    skipped: done?.skipped,
  }
}

test('a service that intel names is found, with the same subject on each pass', async () => {
  const program = made(programOf(term('service.name', 'is', 'evil.service')))
  const files = { '/etc/systemd/system/evil.service': '[Service]\nExecStart=/tmp/evil' }
  for (const more of [{}, { '/etc/systemd/system/other.service': '[Service]\nExecStart=/bin/x' }]) {
    const { subjects, verdicts } = await scanOf([program], { ...files, ...more })
    expect([subjects, verdicts]).toEqual([['service:evil.service'], ['match']])
  }
})

test('that there is no such user is decided by a pass that saw all users, whatever else it did not see', async () => {
  const nobody = made(programOf(not(term('user.name', 'is', 'evil'))))
  const noTask = made(programOf(not(term('task.command_line', 'contains', 'evil'))))
  const hostile = { '/etc/crontab': 'x'.repeat(2 << 20) }
  const seen = await scanOf([nobody, noTask], { ...passwd, ...hostile })
  expect(seen.verdicts).toEqual(['match', 'inconclusive'])
  expect(seen.skipped).toMatchObject({ 'task: too large': 1 })
  const there = await scanOf([nobody], { '/etc/passwd': 'evil:x:5:5::/:/bin/sh\n' })
  expect([there.verdicts, there.subjects]).toEqual([['no-match'], []])
  const cut = await scanOf([nobody], { '/etc/passwd': `${passwd['/etc/passwd']}${'#'.repeat(2 << 20)}` })
  expect(cut.verdicts).toEqual(['inconclusive'])
})

test('state that no program asks for is not read', async () => {
  const { skipped } = await scanOf([made(programOf(term('user.name', 'is', 'x')))], {
    ...passwd,
    '/etc/crontab': 'x'.repeat(2 << 20),
  })
  expect(skipped).toEqual({ 'no such root': 1 })
})

test('a catch-up of files that landed denies nothing of state either', async () => {
  const nobody = made(programOf(not(term('user.name', 'is', 'evil'))))
  expect((await scanOf([nobody], passwd, { since: 1 })).verdicts).toEqual(['inconclusive'])
})

test('handles and variables of a process are read where a term asks, and told only as far as it asked', async () => {
  const facts = (pid: number) => ({
    key: `boot:${pid}:e1`,
    parent: null,
    fields: { 'process.pid': { values: [pid], whole: true } },
    startedAt: 1_000,
    endedAt: null,
  })
  const mapped = made(programOf(term('process.mapped_path', 'is', process.execPath)))
  const handle = made(programOf(term('process.handle', 'is', '/no/such')))
  const order = { processes: [facts(process.pid)] }
  rmSync(root, { recursive: true, force: true })
  root = ''
  const matches: Match[] = []
  const scanner = new Scanner({
    exclude: [],
    quarantine: new Quarantine([], () => undefined),
    onMatch: (match) => matches.push(match),
    onProgress: () => undefined,
    onMissed: () => undefined,
    engines: [],
  })
  const loaded = [mapped, handle].map(({ program }) => load(program, () => undefined))
  scanner.use(loaded, { scanRoots: ['/nowhere'], scanExclude: [] })
  await scanner.scan({ scan: 1, programs: [], ...order })
  expect(matches.map(({ program }) => program)).toEqual([mapped.digest])
  const fields = matches[0]?.explanation.instances[0]?.fields ?? {}
  expect(Object.keys(fields)).toContain('process.mapped_path')
  expect(Object.keys(fields)).not.toContain('process.handle')
  expect(matches[0]?.explanation.witnesses[0]?.seen).toBe(process.execPath)
})
