import { createRequire } from 'node:module'
import {
  type Beginning,
  type EventLog,
  EventLogFault,
  type LoggedEvents,
  type Subscription,
} from './recorder/windows/event-log.ts'

/** The one place that calls wevtapi.dll. Not run on real Windows: written by the documentation of winevt.h. */
interface Koffi {
  load(name: string): { func(signature: string): (...args: never[]) => unknown }
}
type Handle = unknown
type Call<Args extends readonly unknown[], Result> = (...args: Args) => Result

interface Calls {
  readonly subscribe: Call<
    [
      session: null,
      event: Handle,
      channel: string,
      query: string,
      bookmark: Handle,
      context: null,
      callback: null,
      flags: number,
    ],
    Handle
  >
  readonly next: Call<
    [
      subscription: Handle,
      size: number,
      events: Handle[],
      timeout: number,
      flags: number,
      returned: number[],
    ],
    number
  >
  readonly render: Call<
    [
      context: null,
      fragment: Handle,
      flags: number,
      size: number,
      buffer: Buffer | null,
      used: number[],
      properties: number[],
    ],
    number
  >
  readonly createBookmark: Call<[xml: string | null], Handle>
  readonly updateBookmark: Call<[bookmark: Handle, event: Handle], number>
  readonly closeEvt: Call<[handle: Handle], number>
  readonly createEvent: Call<[attributes: null, manual: number, initial: number, name: null], Handle>
  readonly resetEvent: Call<[event: Handle], number>
  readonly waitFor: Call<[event: Handle, milliseconds: number], number>
  readonly closeHandle: Call<[handle: Handle], number>
  readonly lastError: Call<[], number>
}

const signatures = {
  subscribe:
    'void *__stdcall EvtSubscribe(void *, void *, const char16_t *, const char16_t *, void *, void *, void *, uint32_t)',
  next: 'int __stdcall EvtNext(void *, uint32_t, _Out_ void **, uint32_t, uint32_t, _Out_ uint32_t *)',
  render:
    'int __stdcall EvtRender(void *, void *, uint32_t, uint32_t, void *, _Out_ uint32_t *, _Out_ uint32_t *)',
  createBookmark: 'void *__stdcall EvtCreateBookmark(const char16_t *)',
  updateBookmark: 'int __stdcall EvtUpdateBookmark(void *, void *)',
  closeEvt: 'int __stdcall EvtClose(void *)',
} as const
const kernelSignatures = {
  createEvent: 'void *__stdcall CreateEventW(void *, int, int, const char16_t *)',
  resetEvent: 'int __stdcall ResetEvent(void *)',
  waitFor: 'uint32_t __stdcall WaitForSingleObject(void *, uint32_t)',
  closeHandle: 'int __stdcall CloseHandle(void *)',
  lastError: 'uint32_t __stdcall GetLastError()',
} as const

/** EvtSubscribeToFutureEvents, …StartAtOldestRecord, …StartAfterBookmark, …Strict. */
const flags = { now: 1, oldest: 2, after: 3, strict: 0x10000 } as const
/** EvtRenderEventXml, EvtRenderBookmark. */
const renderAs = { event: 1, bookmark: 2 } as const
const noMoreItems = 259
const timedOut = 1_460
const insufficientBuffer = 122

export function windowsEventLog(): EventLog {
  const calls = loadCalls()
  return { subscribe: (channel, from) => new PullSubscription(calls, channel, from) }
}

function loadCalls(): Calls {
  if (process.platform !== 'win32') throw new Error(`no event log on ${process.platform}`)
  const koffi = createRequire(import.meta.url)('koffi') as Koffi
  const of = (library: string, wanted: Readonly<Record<string, string>>) => {
    const loaded = koffi.load(library)
    return Object.entries(wanted).map(([name, signature]) => [name, loaded.func(signature)])
  }
  const all = [...of('wevtapi.dll', signatures), ...of('kernel32.dll', kernelSignatures)]
  return Object.fromEntries(all) as unknown as Calls
}

/** The event is signalled while there may be something to read; whoever has read all resets it. */
class PullSubscription implements Subscription {
  private readonly calls: Calls
  private readonly signalled: Handle
  private readonly handle: Handle
  private readonly bookmark: Handle
  private buffer = Buffer.alloc(1 << 16)

  constructor(calls: Calls, channel: string, from: Beginning) {
    this.calls = calls
    this.signalled = calls.createEvent(null, 1, 1, null)
    const isAfter = typeof from === 'object'
    this.bookmark = calls.createBookmark(isAfter ? from.after : null)
    const how = isAfter ? flags.after | flags.strict : flags[from]
    const at = isAfter ? this.bookmark : null
    this.handle = calls.subscribe(null, this.signalled, channel, '*', at, null, null, how)
    if (this.handle === null) {
      const fault = new EventLogFault('EvtSubscribe', calls.lastError())
      this.release()
      throw fault
    }
  }

  wait(milliseconds: number): void {
    this.calls.waitFor(this.signalled, milliseconds)
  }

  next(most: number): LoggedEvents {
    const handles: Handle[] = new Array(most).fill(null)
    const returned = [0]
    if (this.calls.next(this.handle, most, handles, 0, 0, returned) === 0) {
      const code = this.calls.lastError()
      if (code !== noMoreItems && code !== timedOut) throw new EventLogFault('EvtNext', code)
      this.calls.resetEvent(this.signalled)
      return { events: [], bookmark: null }
    }
    const found = handles.slice(0, returned[0])
    try {
      const events = found.map((handle) => this.rendered(handle, renderAs.event))
      this.calls.updateBookmark(this.bookmark, found.at(-1))
      return { events, bookmark: this.rendered(this.bookmark, renderAs.bookmark) }
    } finally {
      for (const handle of found) this.calls.closeEvt(handle)
    }
  }

  close(): void {
    this.calls.closeEvt(this.handle)
    this.release()
  }

  private release(): void {
    this.calls.closeEvt(this.bookmark)
    this.calls.closeHandle(this.signalled)
  }

  /** UTF-16 with a NUL behind it; the call says how much room it needs. */
  private rendered(handle: Handle, as: number): string {
    for (;;) {
      const used = [0]
      const { buffer } = this
      const isDone = this.calls.render(null, handle, as, buffer.length, buffer, used, [0]) !== 0
      const size = used[0] ?? 0
      if (isDone) return buffer.toString('utf16le', 0, size).replace(/\0+$/, '')
      const code = this.calls.lastError()
      if (code !== insufficientBuffer || size <= buffer.length) throw new EventLogFault('EvtRender', code)
      this.buffer = Buffer.alloc(size)
    }
  }
}
