/** Numbers of the record types that are read. */
export const auditTypes = {
  syscall: 1300,
  path: 1302,
  socket: 1306,
  cwd: 1307,
  execve: 1309,
  end: 1320,
  title: 1327,
  module: 1330,
} as const

const mostOpen = 10_000
export const mostText = 1 << 20

/** The records of one audit event. */
export interface JoinedRecords {
  /** µs. */
  readonly at: number
  readonly serial: number
  readonly records: readonly { readonly type: number; readonly text: string }[]
  /** More text came than was kept. */
  readonly isCut: boolean
}

/** The text of the first record of a type. */
export function recordOf({ records }: JoinedRecords, type: number): string | undefined {
  return records.find((record) => record.type === type)?.text
}

interface Open {
  readonly at: number
  readonly serial: number
  readonly records: { readonly type: number; readonly text: string }[]
  length: number
}

/** Joins the records of one event, which come one by one with the same serial, until its end. */
export class AuditAssembler {
  private readonly open = new Map<number, Open>()

  /** One record as the kernel sends it; gives the event that it completes. */
  push(recordType: number, text: string): JoinedRecords | undefined {
    const head = /^audit\((\d+)\.(\d{3}):(\d+)\): ?/.exec(text)
    if (head === null) return undefined
    const serial = Number(head[3])
    if (recordType === auditTypes.end) return this.close(serial)
    const event =
      this.open.get(serial) ?? this.begin(serial, Number(head[1]) * 1_000_000 + Number(head[2]) * 1_000)
    event.length += text.length
    if (event.length <= mostText) event.records.push({ type: recordType, text: text.slice(head[0].length) })
    return undefined
  }

  /** Ends an event whose end is not written. */
  close(serial: number): JoinedRecords | undefined {
    const event = this.open.get(serial)
    this.open.delete(serial)
    return event && joined(event)
  }

  /** Ends all events that began before; µs. */
  closeBefore(at: number): readonly JoinedRecords[] {
    return [...this.open.values()]
      .filter((event) => event.at < at)
      .flatMap((event) => this.close(event.serial) ?? [])
  }

  /** An event whose end was lost must not stay for ever. */
  private begin(serial: number, at: number): Open {
    if (this.open.size >= mostOpen) {
      const [oldest] = this.open.keys()
      if (oldest !== undefined) this.open.delete(oldest)
    }
    const event: Open = { at, serial, records: [], length: 0 }
    this.open.set(serial, event)
    return event
  }
}

function joined({ at, serial, records, length }: Open): JoinedRecords {
  return { at, serial, records, isCut: length > mostText }
}
