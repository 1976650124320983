import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { known, type RecordedEvent } from '@tocsin/model'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Journal } from './journal.ts'
import { replay } from './replay.ts'

const writer = new URL('./testdata/writer.ts', import.meta.url).pathname
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-journal-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function replayed(): Promise<readonly number[]> {
  const ids: number[] = []
  await replay({
    ...{ folder: join(folder, 'journal'), from: 0, to: Number.MAX_SAFE_INTEGER },
    onProcess: () => undefined,
    onEvent: ({ id }) => ids.push(Number(id)),
  })
  return ids
}

test('a kill at any moment, also while segments are sealed, loses nothing that was flushed and tells nothing twice', async () => {
  let flushed = 0
  for (let round = 0; round < 6; round += 1) {
    const child = spawn(process.execPath, [writer, folder, String(flushed)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.on('data', (data: Buffer) => {
      flushed = Number(data.toString().trim().split('\n').at(-1)) || flushed
    })
    await once(child.stdout, 'data')
    await new Promise((resolve) => setTimeout(resolve, 100 + round * 130))
    child.kill('SIGKILL')
    await once(child, 'close')
    const ids = await replayed()
    expect(new Set(ids).size).toBe(ids.length)
    const isThere = new Set(ids)
    for (let id = 1; id <= flushed; id += 1) if (!isThere.has(id)) expect.fail(`${id} of ${flushed} is gone`)
    flushed = Math.max(flushed, ids.at(-1) ?? 0)
  }
}, 120_000)

const isRoot = process.getuid?.() === 0 && canMount()
function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'tocsin-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' })
    execFileSync('umount', [place])
    return true
  } catch {
    return false
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

test.runIf(isRoot)('a full disk costs what was recorded then, and the rest goes on', async () => {
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk])
  const warnings: string[] = []
  const log = { info: () => undefined, warn: (what: string) => void warnings.push(what) }
  const space = () => ({ free: 1e15, size: 1e15 })
  const journal = new Journal({ stateDir: disk, log, space, processOf: () => undefined })
  try {
    const event = (id: number): RecordedEvent => ({
      ...{ id: String(id), object: 'file', operation: 'write', at: Date.now() * 1_000 + id, actor: 'p' },
      fields: { 'file.path': known(`/tmp/${id}`) },
    })
    journal.event(event(1))
    journal.flush()
    try {
      writeFileSync(join(disk, 'filler'), Buffer.alloc(8 << 20))
    } catch {
      // it is full
    }
    for (let id = 2; id < 2_000; id += 1) journal.event(event(id))
    journal.flush()
    rmSync(join(disk, 'filler'))
    journal.event(event(2_000))
    journal.flush()
    const { rows } = await journal.page({ view: 'file', limit: 10 })
    expect(rows.map((row) => row.event.id)).toEqual(['2000', '1'])
    expect(warnings).toEqual(['the journal cannot be written', 'the journal is written again'])
  } finally {
    await journal.close()
    execFileSync('umount', [disk])
  }
})
