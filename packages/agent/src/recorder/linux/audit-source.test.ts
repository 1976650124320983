import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@tocsin/testkit/until.ts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { native } from '../../native.ts'
import { auditStatus, openAuditSocket, setAuditStatus } from './audit-socket.ts'
import { releaseAudit, startAudit } from './audit-source.ts'

const isRoot = process.getuid?.() === 0 && process.platform === 'linux'
if (!isRoot) console.log('agent/recorder/audit: skipped, audit needs root on Linux')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-audit-'))
  if (isRoot) set({ enabled: 0, backlogLimit: 321, backlogWaitTime: 1_234 })
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function set(status: { enabled: number; backlogLimit: number; backlogWaitTime: number }): void {
  const fd = openAuditSocket(0)
  setAuditStatus(fd, status)
  native().close(fd)
}

function found() {
  const fd = openAuditSocket(0)
  const { enabled, backlogLimit, backlogWaitTime } = auditStatus(fd)
  native().close(fd)
  return { enabled, backlogLimit, backlogWaitTime }
}

/** Holds the switches and is killed with them. */
async function killedHolder(): Promise<void> {
  const child = fork(new URL('./testdata/hold-audit.ts', import.meta.url), [folder])
  await new Promise((resolve) => child.once('message', resolve))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

describe.skipIf(!isRoot)("the kernel's audit switches", () => {
  test('are as they were after a stop', () => {
    const before = found()
    const source = startAudit(folder)
    expect(found()).not.toEqual(before)
    source.stop()
    expect(found()).toEqual(before)
    expect(existsSync(join(folder, 'audit-before.json'))).toBe(false)
  })

  test('are taken again when the kernel has given the agent up, which is told once', async () => {
    const source = startAudit(folder)
    expect(source.look().wasReleased).toBe(false)
    const other = openAuditSocket(0)
    setAuditStatus(other, { daemon: 0 })
    expect(source.look().wasReleased).toBe(true)
    await until('it is the daemon again', async () => auditStatus(other).daemon === process.pid)
    expect(source.look().wasReleased).toBe(false)
    native().close(other)
    source.stop()
  })

  test('are as they were before a process that was killed, after its successor stops', async () => {
    const before = found()
    await killedHolder()
    expect(found()).not.toEqual(before)
    startAudit(folder).stop()
    expect(found()).toEqual(before)
  })

  test('are as they were before a process that was killed, when its place is released', async () => {
    const before = found()
    await killedHolder()
    releaseAudit(folder)
    expect(found()).toEqual(before)
  })

  test('are as they are now, whatever was kept before the machine started', async () => {
    const before = found()
    const kept = { boot: 'an earlier one', found: { ...before, backlogLimit: 99 } }
    await writeFile(join(folder, 'audit-before.json'), JSON.stringify(kept))
    startAudit(folder).stop()
    expect(found()).toEqual(before)
  })
})
