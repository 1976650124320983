import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { filePath } from './file-path.ts'
import { Landing, landedPath } from './landing.ts'

let looked: string[]
let open: (() => void)[]
let missed = 0
let landing: Landing
beforeEach(() => {
  vi.useFakeTimers()
  looked = []
  open = []
  missed = 0
  landing = new Landing({
    look: ({ text }) => {
      looked.push(text)
      return new Promise((resolve) => open.push(resolve))
    },
    onMissed: (count) => {
      missed += count
    },
  })
  landing.use(['/tmp', '/srv/'], ['/tmp/own'])
})
afterEach(() => {
  landing.close()
  vi.useRealTimers()
})

const notice = (path: string) => landing.notice(filePath(Buffer.from(path)))

test('a file is looked at once, 100 ms after it was last written', () => {
  notice('/tmp/a')
  vi.advanceTimersByTime(90)
  notice('/tmp/a')
  vi.advanceTimersByTime(90)
  expect(looked).toEqual([])
  vi.advanceTimersByTime(10)
  expect(looked).toEqual(['/tmp/a'])
})

test('a file that is written all the time is looked at every two seconds', () => {
  for (let at = 0; at < 2_500; at += 50) {
    notice('/tmp/busy')
    vi.advanceTimersByTime(50)
  }
  expect(looked).toEqual(['/tmp/busy'])
})

test('only files beneath the roots count, and none that are excluded', () => {
  for (const path of ['/tmpfile', '/tmp/own/x', '/home/x', '/srv/x', '/tmp/ownother']) notice(path)
  vi.advanceTimersByTime(100)
  expect(looked).toEqual(['/srv/x', '/tmp/ownother'])
})

test('a few are looked at at a time, the next when one is done', async () => {
  for (let count = 0; count < 6; count += 1) notice(`/tmp/${count}`)
  vi.advanceTimersByTime(100)
  expect(looked).toHaveLength(4)
  expect(landing.size).toBe(2)
  open[0]?.()
  await vi.advanceTimersByTimeAsync(0)
  expect(looked).toHaveLength(5)
})

test('more than can be remembered are counted as missed', () => {
  for (let count = 0; count < 50_010; count += 1) notice(`/tmp/${count}`)
  expect(missed).toBe(10)
})

test('an event that puts a file somewhere names it by its bytes, other events name none', () => {
  const event = { id: '1', object: 'file', operation: 'write', at: 1, actor: 'a' } as const
  const path = { 'file.path': { values: ['/tmp/\ufffd'], whole: true } }
  const raw = { 'file.path.raw': { values: [{ bytes: '2f746d702fe9' }], whole: true } }
  expect(landedPath({ ...event, fields: path })?.toString()).toBe('/tmp/\ufffd')
  expect(landedPath({ ...event, fields: { ...path, ...raw } })?.toString('latin1')).toBe('/tmp/\u00e9')
  expect(landedPath({ ...event, operation: 'delete', fields: path })).toBeUndefined()
  expect(landedPath({ ...event, object: 'network', fields: path })).toBeUndefined()
})

test('while landing is held back, files are remembered, and looked at afterwards', () => {
  landing.hold(true)
  for (const name of ['a', 'b']) notice(`/tmp/${name}`)
  vi.advanceTimersByTime(10_000)
  expect(looked).toEqual([])
  expect(landing.size).toBe(2)
  landing.hold(false)
  expect(looked).toEqual(['/tmp/a', '/tmp/b'])
  expect(missed).toBe(0)
})
