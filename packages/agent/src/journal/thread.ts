import { parentPort, workerData } from 'node:worker_threads'
import { takeOrders } from '../recorder/end-worker.ts'
import { blind, counts, page } from './answer.ts'
import { Breath } from './breath.ts'
import { isDamage } from './damage.ts'
import { type Reading, readingOf } from './events.ts'
import { History } from './history.ts'
import type { Answers, Asked, FromThread, ThreadData, ToThread } from './messages.ts'
import { processTree } from './process-tree.ts'
import type { ProcessIndexes } from './processes.ts'
import { seal } from './seal.ts'
import { Segment } from './segment.ts'
import type { SegmentFile } from './segment-files.ts'

/** The thread that seals segments and answers questions about the past; several at once take turns. */
const { folder } = workerData as ThreadData
const cancelled = new Set<number>()
const indexes: ProcessIndexes = new Map()
let sealing = Promise.resolve()

takeOrders((message: ToThread) => {
  switch (message.kind) {
    case 'ask':
      void ask(message)
      return
    case 'cancel':
      cancelled.add(message.id)
      return
    case 'seal':
      sealing = sealing.then(() => sealOne(message.file))
  }
})

async function ask({ id, asked, milliseconds }: Extract<ToThread, { readonly kind: 'ask' }>): Promise<void> {
  const history = new History(folder)
  try {
    const breath = new Breath({ milliseconds, isCancelled: () => cancelled.has(id) })
    tell({ kind: 'answer', id, answer: await answer(readingOf(history, breath, indexes), asked) })
  } catch (error) {
    tell({ kind: 'failed', id, fault: String(error) })
  } finally {
    for (const { file, error, isDamaged } of history.unread)
      if (isDamaged) tell({ kind: 'damaged', path: file.path, fault: String(error) })
    history.close()
    cancelled.delete(id)
  }
}

function answer(reading: Reading, { name, asked }: Asked): Promise<Answers[keyof Answers]['answer']> {
  switch (name) {
    case 'page':
      return page(reading, asked)
    case 'counts':
      return counts(reading, asked)
    case 'tree':
      return processTree(reading, asked)
    case 'blind':
      return blind(reading, asked.from, asked.to)
  }
}

async function sealOne(file: SegmentFile): Promise<void> {
  const { path } = file
  let held: Segment | undefined
  try {
    held = new Segment(file)
    held.blocks(0, 0)
    tell({ kind: 'opened', path })
    const bytes = await seal(file, folder, new Breath({ milliseconds: Number.POSITIVE_INFINITY }))
    tell({ kind: 'sealed', path, bytes })
  } catch (error) {
    tell({ kind: 'unsealed', path, isDamaged: isDamage(error), fault: String(error) })
  } finally {
    held?.close()
  }
}

function tell(message: FromThread): void {
  parentPort?.postMessage(message)
}
