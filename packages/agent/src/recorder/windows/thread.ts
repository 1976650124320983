import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { windowsEventLog } from '../../native-windows.ts'
import { takeOrders } from '../end-worker.ts'
import { ChannelLoop } from './channel-loop.ts'
import { ChannelReader, type Place } from './channel-reader.ts'

/** Where the thread reads, and where it keeps its place. */
export interface ChannelThreadInput {
  readonly channel: string
  readonly placeFile: string
}

const { channel, placeFile }: ChannelThreadInput = workerData
const reader = new ChannelReader({
  log: windowsEventLog(),
  channel,
  load: () => placeIn(placeFile),
  save,
  now: () => Date.now() * 1_000,
})
const loop = new ChannelLoop({
  reader,
  channel,
  tell: (message) => parentPort?.postMessage(message),
  later: (run, milliseconds) => setTimeout(run, milliseconds),
})
takeOrders(() => loop.accepted())
loop.open()

/** Where the disk is full the place stays behind: after a restart some events are told again. */
function save(place: Place): void {
  try {
    writeFileSync(`${placeFile}.new`, JSON.stringify(place), { mode: 0o600 })
    renameSync(`${placeFile}.new`, placeFile)
  } catch {
    return
  }
}

/** A file that is damaged is none. */
function placeIn(file: string): Place | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value !== 'object' || value === null || !('bookmark' in value) || !('at' in value))
      return undefined
    const { bookmark, at } = value
    return typeof bookmark === 'string' && typeof at === 'number' ? { bookmark, at } : undefined
  } catch {
    return undefined
  }
}
