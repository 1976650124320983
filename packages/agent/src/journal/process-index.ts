import type { ProcessFacts, ProcessKey } from '@tocsin/model'
import { kept } from './block-texts.ts'
import type { Entry } from './entry.ts'
import type { Segment } from './segment.ts'

const mostInBlock = 65_536
const every = Number.MAX_SAFE_INTEGER

/** Where a live segment tells of each process: its images, what was completed later, its end; and its children. */
export class ProcessIndex {
  /** block × 65,536 + index, ascending. */
  private readonly places = new Map<ProcessKey, number[]>()
  private readonly children = new Map<ProcessKey, ProcessKey[]>()
  private last = 0

  /** Takes in what was written since the last time. */
  update(segment: Segment): void {
    for (const { id } of segment.blocks(0, every, this.last)) {
      this.note(segment, id)
      this.last = id
    }
  }

  /** Images of a process, the oldest first: a completion belongs to the last image before it. */
  imagesOf(segment: Segment, key: ProcessKey): readonly ProcessFacts[] {
    const images: ProcessFacts[] = []
    for (const place of this.places.get(key) ?? []) {
      const entry = segment.block(Math.floor(place / mostInBlock)).entryOf(place % mostInBlock)
      const last = images.at(-1)
      if (entry.kind === 'process') images.push(entry.facts)
      else if (last !== undefined) images[images.length - 1] = withEntry(last, entry)
    }
    return images
  }

  /** One that ran several images comes several times. */
  childrenOf(key: ProcessKey): readonly ProcessKey[] {
    return this.children.get(key) ?? []
  }

  private note(segment: Segment, id: number): void {
    const block = segment.block(id)
    for (let index = 0; index < block.entries; index += 1) {
      const isProcess = block.isProcess(index)
      if (!isProcess && !block.isCompletion(index) && block.objectOf(index) !== 'process') continue
      const key = block.actorOf(index)
      const places = this.places.get(key)
      const place = id * mostInBlock + index
      if (places === undefined) this.places.set(kept(key), [place])
      else places.push(place)
      const parent = isProcess ? block.parentOf(index) : null
      if (parent !== null) this.noteChild(parent, key)
    }
  }

  private noteChild(parent: ProcessKey, key: ProcessKey): void {
    const children = this.children.get(parent)
    if (children === undefined) this.children.set(kept(parent), [kept(key)])
    else children.push(kept(key))
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
