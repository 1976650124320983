import type { ProcessFacts, ProcessKey } from '@tocsin/model'
import type { Breath } from './breath.ts'
import type { Entry, ProcessEntry } from './entry.ts'
import type { History } from './history.ts'
import type { Segment } from './segment.ts'
import type { SegmentFile } from './segment-files.ts'

const mostInBlock = 65_536

/** Where a live segment tells of each process: its images, what was completed later, its end. */
export class ProcessIndex {
  private readonly history: History
  private readonly file: SegmentFile
  /** block × 65,536 + index, ascending. */
  private readonly places = new Map<ProcessKey, number[]>()

  private constructor(history: History, file: SegmentFile) {
    this.history = history
    this.file = file
  }

  static async of(history: History, file: SegmentFile, breath: Breath): Promise<ProcessIndex> {
    const index = new ProcessIndex(history, file)
    let ids: readonly number[] = []
    history.read(file, (segment) => {
      ids = segment.blocks(0, Number.MAX_SAFE_INTEGER).map(({ id }) => id)
    })
    for (const id of ids) {
      if (!(await breath.next())) break
      history.read(file, (segment) => index.note(segment, id))
    }
    return index
  }

  /** What is known of the image by now: a completion belongs to the last image before it. */
  completed(entry: ProcessEntry): ProcessFacts {
    let facts: ProcessFacts = entry.facts
    let isThis = false
    for (const other of this.entriesOf(entry.facts.key)) {
      if (other.kind === 'process')
        isThis = other.at === entry.at && other.facts.startedAt === entry.facts.startedAt
      else if (isThis) facts = withEntry(facts, other)
    }
    return facts
  }

  private entriesOf(key: ProcessKey): readonly Entry[] {
    const entries: Entry[] = []
    this.history.read(this.file, (segment) => {
      for (const place of this.places.get(key) ?? [])
        entries.push(segment.block(Math.floor(place / mostInBlock)).entryOf(place % mostInBlock))
    })
    return entries
  }

  private note(segment: Segment, id: number): void {
    const block = segment.block(id)
    for (let index = 0; index < block.entries; index += 1) {
      const isOfProcess =
        block.isProcess(index) || block.isCompletion(index) || block.objectOf(index) === 'process'
      if (!isOfProcess) continue
      const key = block.actorOf(index)
      const places = this.places.get(key)
      const place = id * mostInBlock + index
      if (places === undefined) this.places.set(key, [place])
      else places.push(place)
    }
  }
}

function withEntry(facts: ProcessFacts, entry: Entry): ProcessFacts {
  if (entry.kind === 'completion')
    return { ...facts, fields: { ...facts.fields, ...entry.completion.fields } }
  if (entry.kind !== 'event' || entry.event.operation !== 'exit') return facts
  const code = entry.event.fields['process.exit_code']
  const fields = code === undefined ? facts.fields : { ...facts.fields, 'process.exit_code': code }
  return { ...facts, fields, endedAt: entry.at }
}
