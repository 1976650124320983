import type { EndpointSettings } from '@tocsin/model'
import { beforeEach, expect, test } from 'vitest'
import type { LoadedSet } from '../intel-store/activation.ts'
import { profileIn } from '../intel-store/profile.ts'
import type { ScanInHand } from '../intel-store/store.ts'
import type { Line } from '../outbox/sender.ts'
import { made, programOf, signedSet, term } from '../testdata/programs.ts'
import { Assured } from '../uplink/assured.ts'
import type { Unsent } from '../uplink/uplink.ts'
import type { ScanOrder, ScanProgress } from './scan-messages.ts'
import { Scans } from './scans.ts'

let orders: { readonly order: ScanOrder; readonly end: (state: ScanProgress['state']) => void }[]
let cancelled: number[]
let paused: (readonly [scan: number, isPaused: boolean])[]
let sent: Unsent[]
let scannedAt: Map<string, number>
let inHand: Map<number, ScanInHand>
let now: Date
let isOpen: boolean
let assuredLine: () => Line
let scans: Scans
let assured: Assured
beforeEach(() => {
  orders = []
  cancelled = []
  paused = []
  sent = []
  scannedAt = new Map()
  inHand = new Map()
  now = new Date(2026, 0, 5, 12, 0) // a Monday
  isOpen = true
  assuredLine = () => ({
    isOpen,
    send: (message: Unsent) => {
      if (!isOpen) return undefined
      return sent.push(message)
    },
  })
  assured = new Assured(assuredLine)
  scans = newScans()
})

function newScans(): Scans {
  return new Scans({
    thread: {
      use: () => undefined,
      scan: (order) => new Promise((end) => orders.push({ order, end })),
      cancel: (scan) => cancelled.push(scan),
      pause: (scan, isPaused) => paused.push([scan, isPaused]),
      quarantinedIn: () => [],
    },
    store: {
      scanned: (place, since = 0) =>
        new Set(
          [...scannedAt]
            .filter(([key, at]) => key.startsWith(place) && at >= since)
            .map(([key]) => key.slice(place.length)),
        ),
      noteScanned: (programs, place, at) => {
        for (const program of programs) scannedAt.set(place + program, at)
      },
      scansInHand: () => [...inHand.values()],
      noteScan: (scan) => inHand.set(scan.scan, scan),
      forgetScan: (scan) => inHand.delete(scan),
    },
    line: assuredLine,
    assured,
    processes: () => [],
    log: {
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
      debug: () => undefined,
    } as never,
    now: () => now,
  })
}

const [one, two] = ['one', 'two'].map((name) => made(programOf(term('file.name', 'is', name))))
const signal = made(programOf(term('process.name', 'is', 'x'), { subject: 'process' }))
function setOf(
  programs: readonly (typeof one)[],
  scanRoots = ['/tmp'],
  more: Partial<EndpointSettings> = {},
): LoadedSet {
  const all = programs.filter((each) => each !== undefined)
  const { manifest } = signedSet(1, all, { settings: { scanRoots, scanExclude: [], ...more } })
  const profile = profileIn(manifest, undefined)
  return {
    manifest,
    profile,
    programs: all.map(({ program, digest }) => ({ program, digest })) as never,
    refused: [],
  }
}
const turn = () => new Promise((resolve) => setTimeout(resolve, 5))
const scan = { files: 0, bytes: 0, skipped: {}, verdicts: new Map() }
const numbers = () => orders.map(({ order }) => order.scan)

test('a new set is scanned for by itself, once for each program and place, signals never', async () => {
  scans.use(setOf([one, signal]))
  await turn()
  expect(orders.map(({ order }) => order.programs)).toEqual([[one?.digest]])
  orders[0]?.end('done')
  await turn()
  scans.use(setOf([one, two, signal]))
  await turn()
  expect(orders.at(-1)?.order.programs).toEqual([two?.digest])
  orders[1]?.end('cancelled')
  await turn()
  scans.use(setOf([one, two], ['/tmp', '/srv']))
  await turn()
  expect(orders.at(-1)?.order.programs).toEqual([one?.digest, two?.digest])
})

test('after a time without an agent, what landed since is looked at, behind the scan of the set', async () => {
  scans.use(setOf([one]))
  scans.catchUp(7_000)
  await turn()
  expect(orders).toHaveLength(1)
  orders[0]?.end('done')
  await turn()
  expect(orders[1]?.order).toEqual({ scan: 0, programs: [], processes: [], since: 7_000 })
})

test('another budget is no reason to scan again, other roots are', async () => {
  scans.use(setOf([one]))
  await turn()
  orders[0]?.end('done')
  await turn()
  scans.use(setOf([one], ['/tmp'], { budget: { cpuPercent: 9, memoryMiB: 300 } }))
  await turn()
  expect(orders).toHaveLength(1)
  scans.use(setOf([one], ['/srv']))
  await turn()
  expect(orders).toHaveLength(2)
})

test('where the set looks at no files, nothing that landed is looked at', async () => {
  scans.use(setOf([signal]))
  scans.catchUp(7_000)
  await turn()
  expect(orders).toEqual([])
})

test('a set that withdraws what is being scanned for ends that scan', async () => {
  scans.use(setOf([one]))
  await turn()
  scans.use(setOf([one, two]))
  expect(cancelled).toEqual([])
  scans.use(setOf([two]))
  expect(cancelled).toEqual([0])
})

test('scans that are asked for run one after the other, beside the one of the set, and once', async () => {
  scans.use(setOf([one]))
  scans.request(4, [])
  scans.request(5, [])
  scans.request(4, [])
  await turn()
  expect(numbers().sort()).toEqual([0, 4])
  orders.find(({ order }) => order.scan === 4)?.end('done')
  await turn()
  expect(numbers()).toContain(5)
  expect(numbers().filter((each) => each === 4)).toHaveLength(1)
})

test('the end of a scan is told until the server has it, and it is not run again meanwhile', async () => {
  scans.request(4, [])
  await turn()
  isOpen = false
  scans.progress({ scan: 4, state: 'running', ...scan })
  scans.progress({ scan: 4, state: 'done', ...scan, verdicts: new Map([['a'.repeat(64), 'inconclusive']]) })
  orders[0]?.end('done')
  await turn()
  expect(sent).toEqual([])
  isOpen = true
  assured.reset()
  scans.request(4, [])
  await turn()
  expect(numbers()).toEqual([4])
  expect(sent).toMatchObject([
    {
      kind: 'scan-progress',
      scan: 4,
      state: 'done',
      programs: { ['a'.repeat(64)]: { match: 0, noMatch: 0, inconclusive: 1 } },
    },
  ])
})

test('a scan that is cancelled before its turn says so and does not run', async () => {
  scans.request(4, [])
  scans.request(5, [])
  scans.cancel(5)
  await turn()
  orders[0]?.end('done')
  await turn()
  expect(numbers()).toEqual([4])
  expect(sent).toMatchObject([{ scan: 5, state: 'cancelled' }])
})

test('the scan of the set is nobody’s progress', () => {
  scans.progress({ scan: 0, state: 'done', ...scan })
  expect(sent).toEqual([])
})

test('in the hours of a blockout the endpoint’s own scan stands still, and goes on afterwards', async () => {
  scans.use(setOf([one], ['/tmp'], { blockout: [{ days: [1], from: '12:30', to: '13:00' }] }))
  await turn()
  expect(paused).toEqual([])
  now = new Date(2026, 0, 5, 12, 45)
  scans.tick()
  scans.tick()
  expect(paused).toEqual([[0, true]])
  now = new Date(2026, 0, 5, 13, 0)
  scans.tick()
  expect(paused.at(-1)).toEqual([0, false])
})

test('another profile without the blockout lets the scan go on', async () => {
  now = new Date(2026, 0, 5, 12, 45)
  scans.use(setOf([one], ['/tmp'], { blockout: [{ days: [1], from: '12:30', to: '13:00' }] }))
  scans.use(setOf([one]))
  expect(paused).toEqual([
    [0, true],
    [0, false],
  ])
})

test('what was scanned for is scanned for again when its time has come, and not before', async () => {
  scans.use(setOf([one], ['/tmp'], { rescanHours: 24 }))
  await turn()
  orders[0]?.end('done')
  await turn()
  now = new Date(2026, 0, 6, 11, 59)
  scans.tick()
  await turn()
  expect(orders).toHaveLength(1)
  now = new Date(2026, 0, 6, 12, 1)
  scans.tick()
  scans.tick()
  await turn()
  expect(orders).toHaveLength(2)
})

test('a scan that the agent’s end broke off is begun anew, and says how often it was', async () => {
  scans.request(4, [one?.digest ?? ''])
  await turn()
  scans.close()
  scans.progress({ scan: 4, state: 'failed', ...scan })
  orders[0]?.end('failed')
  await turn()
  expect(sent).toEqual([])
  assured = new Assured(assuredLine)
  scans = newScans()
  scans.takeUp()
  scans.request(4, [one?.digest ?? '']) // the server asks again, after the connection
  await turn()
  expect(orders.slice(1).map(({ order }) => order)).toMatchObject([{ scan: 4, programs: [one?.digest] }])
  scans.progress({ scan: 4, state: 'done', ...scan })
  expect(sent.at(-1)).toMatchObject({ state: 'done', restarts: 1 })
  orders[1]?.end('done')
  await turn()
  expect(inHand.size).toBe(0)
})

test('a scan that stands still lets the next begin, and stands still after a restart too', async () => {
  scans.request(4, [])
  scans.request(5, [])
  await turn()
  scans.pause(4, true)
  await turn()
  expect(paused).toEqual([[4, true]])
  expect(numbers()).toEqual([4, 5])
  scans.close()
  scans = newScans()
  scans.takeUp()
  expect(paused.slice(1)).toEqual([
    [4, true],
    [5, false],
  ])
})

test('a server that asks again for a scan that runs is told how far it is', async () => {
  scans.request(4, [])
  await turn()
  scans.progress({ scan: 4, state: 'paused', ...scan })
  sent = []
  scans.request(4, [])
  expect(sent).toMatchObject([{ scan: 4, state: 'paused' }])
})

test('the counters tell how far the endpoint’s own scan is', () => {
  expect(scans.counters()).toEqual({ scanState: 0, scanFiles: 0, scanFilesExpected: 0, scanSecondsLeft: 0 })
  const outlook = { filesExpected: 100, secondsLeft: 30 }
  scans.progress({ scan: 0, state: 'running', ...scan, files: 40, outlook })
  expect(scans.counters()).toEqual({
    scanState: 1,
    scanFiles: 40,
    scanFilesExpected: 100,
    scanSecondsLeft: 30,
  })
  scans.progress({ scan: 0, state: 'paused', ...scan, outlook: { ...outlook, secondsLeft: null } })
  expect(scans.counters()).not.toHaveProperty('scanSecondsLeft')
  scans.progress({ scan: 0, state: 'done', ...scan, files: 100, outlook })
  expect(scans.counters()).toMatchObject({ scanState: 0, scanSecondsLeft: 0 })
})
