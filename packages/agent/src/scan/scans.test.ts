import { beforeEach, expect, test } from 'vitest'
import type { LoadedSet } from '../intel-store/activation.ts'
import { made, programOf, signedSet, term } from '../testdata/programs.ts'
import { Assured } from '../uplink/assured.ts'
import type { Unsent } from '../uplink/uplink.ts'
import type { ScanOrder, ScanProgress } from './scan-messages.ts'
import { Scans } from './scans.ts'

let orders: { readonly order: ScanOrder; readonly end: (state: ScanProgress['state']) => void }[]
let cancelled: number[]
let sent: Unsent[]
let scannedPlaces: Map<string, Set<string>>
let isOpen: boolean
let scans: Scans
let assured: Assured
beforeEach(() => {
  orders = []
  cancelled = []
  sent = []
  scannedPlaces = new Map()
  isOpen = true
  const line = () => ({
    isOpen,
    send: (message: Unsent) => {
      if (!isOpen) return undefined
      return sent.push(message)
    },
  })
  assured = new Assured(line)
  scans = new Scans({
    thread: {
      use: () => undefined,
      scan: (order) => new Promise((end) => orders.push({ order, end })),
      cancel: (scan) => cancelled.push(scan),
      quarantinedIn: () => [],
    },
    store: {
      scanned: (place) => scannedPlaces.get(place) ?? new Set(),
      noteScanned: (programs, place) =>
        scannedPlaces.set(place, new Set([...(scannedPlaces.get(place) ?? []), ...programs])),
    },
    line,
    assured,
    processes: () => [],
  })
})

const [one, two] = ['one', 'two'].map((name) => made(programOf(term('file.name', 'is', name))))
const signal = made(programOf(term('process.name', 'is', 'x'), { subject: 'process' }))
function setOf(programs: readonly (typeof one)[], scanRoots = ['/tmp']): LoadedSet {
  const all = programs.filter((each) => each !== undefined)
  const { manifest } = signedSet(1, all, { settings: { scanRoots, scanExclude: [] } })
  return { manifest, programs: all.map(({ program, digest }) => ({ program, digest })) as never, refused: [] }
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
  const { manifest, ...set } = setOf([one])
  const settings = { ...manifest.settings, budget: { cpuPercent: 9, memoryMiB: 300 } }
  scans.use({ ...set, manifest: { ...manifest, settings } })
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
