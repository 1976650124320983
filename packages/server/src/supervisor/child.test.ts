import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { identityOf } from '../storage/postgres/index.ts'
import { Child } from './child.ts'

const lines: string[] = []
const pids: number[] = []
let child: Child | undefined

function start(script: string, args: () => Promise<readonly string[]> = () => Promise.resolve([])): Child {
  child = new Child({
    name: 'worker',
    node: process.execPath,
    entry: fileURLToPath(new URL(`./testdata/${script}.ts`, import.meta.url)),
    args,
    env: {},
    owner: null,
    onMessage: (message) => pids.push((message as { pid: number }).pid),
    say: (line) => lines.push(line),
  })
  return child
}
afterEach(async () => {
  await child?.stop()
  lines.length = 0
  pids.length = 0
})

test('a child that dies is started again, with arguments made anew', async () => {
  let starts = 0
  const worker = start('obedient', () => Promise.resolve([String(++starts)]))
  await worker.ready
  worker.send(7 as unknown as object)
  await expect.poll(() => pids.length, { timeout: 10_000 }).toBe(2)
  expect(lines).toContain('worker ended (exit code 7); it is started again in 0.25 s')
  await expect.poll(() => lines).toContain('worker: args 2\ufffd[31m')
})

test('a child that never gets ready fails its start, and is tried again with longer pauses', async () => {
  await expect(start('stillborn').ready).rejects.toThrow('The worker does not start')
  expect(lines.filter((line) => line.includes('again in'))).toEqual(
    [0.25, 0.5, 1, 2].map((wait) => `worker ended (exit code 3); it is started again in ${wait} s`),
  )
  expect(lines).toContain('worker: no such thing')
})

test('a stopped child stays stopped', async () => {
  const worker = start('obedient')
  await worker.ready
  await worker.stop()
  expect(await identityOf(pids[0] ?? 0)).toBeUndefined()
  expect(lines.filter((line) => line.includes('ended'))).toEqual([])
})

test('whoever waits for a child that is stopped hears of it', async () => {
  const worker = start('stillborn')
  await worker.stop()
  await expect(worker.ready).rejects.toThrow('stopped before')
})
