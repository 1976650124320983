/**
 * The recorder in a process of its own, so that what it costs can be told from what the load costs. Started with
 * `decode` it only records; with `everything` it also matches 500 Signals, of which one is met by every hundredth
 * process, and writes the journal; with `alerts` that one is met by every process.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlindInterval, ProcessFacts, ProcessKey, RecordedEvent } from '@tocsin/model'
import { Journal } from '../../packages/agent/src/journal/journal.ts'
import { Recorder } from '../../packages/agent/src/recorder/recorder.ts'
import { Watch } from '../../packages/agent/src/watch/watch.ts'
import { loadMark, processMark } from './recorder-bursts.ts'
import { loadedSignals } from './signals.ts'

/** What happened since it was told to begin. */
export interface Told {
  /** Events of the load by object and operation. */
  counts: Record<string, number>
  /** Events of anybody else: where there are many the machine is not quiet. */
  others: number
  findings: number
  /** Of blind intervals; null: nobody knows. */
  lost: number | null
  seconds: number
  rss: number
}

const mode = process.argv[2]
const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'))
const ours = new Set<ProcessKey>()
let told = nothingYet()
let lastId = 0
let before = process.cpuUsage()

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const journal = mode === 'decode' ? undefined : newJournal()
const watch = mode === 'decode' ? undefined : watching()
const recorder = new Recorder({
  stateDir: folder,
  exclude: [folder],
  onProcess: (facts) => {
    if (isOurs(facts)) ours.add(facts.key)
    journal?.process(facts)
    watch?.process(facts)
  },
  onEvent: (event) => {
    count(event)
    journal?.event(event)
    watch?.event(event)
  },
  onCompletion: (completion, facts) => {
    journal?.completion(completion)
    watch?.completed(facts)
  },
  onExit: (key, at) => watch?.ended(key, at),
  onBlind: noteBlind,
  onSourcesChanged: () => undefined,
})
await recorder.start()
watch?.use(loadedSignals(500, { start: processMark, end: mode === 'alerts' ? '' : '00' }), 1)
// As the agent does.
setInterval(() => watch?.sweep(Date.now() * 1_000), 10_000)

process.on('message', (wanted: 'begin' | 'end' | 'stop') => {
  if (wanted === 'begin') {
    told = nothingYet()
    ours.clear()
    before = process.cpuUsage()
    process.send?.('began')
  } else if (wanted === 'end') {
    const { user, system } = process.cpuUsage(before)
    process.send?.({ ...told, seconds: (user + system) / 1e6, rss: process.memoryUsage().rss })
  } else void recorder.stop().then(() => process.exit(0))
})
process.send?.({ sources: recorder.states })

function nothingYet(): Told {
  return { counts: {}, others: 0, findings: 0, lost: 0, seconds: 0, rss: 0 }
}

/** The processes of a burst of processes, or else the one that makes the burst. */
function isOurs({ fields }: ProcessFacts): boolean {
  const line = fields['process.command_line']?.values[0]
  return typeof line === 'string' && (line.startsWith(processMark) || line.endsWith(loadMark))
}

/** A question is told again with its answer: it is one. */
function count({ id, object, operation, actor, fields }: RecordedEvent): void {
  const isNew = Number(id) > lastId
  lastId = Math.max(lastId, Number(id))
  if (!isNew) return
  if (!ours.has(actor)) {
    told.others += 1
    return
  }
  const protocol = object === 'network' ? ` ${fields['network.protocol']?.values[0]}` : ''
  const key = `${object}${protocol} ${operation}`
  told.counts[key] = (told.counts[key] ?? 0) + 1
}

function noteBlind({ count: lost }: BlindInterval): void {
  told.lost = lost === null || told.lost === null ? null : told.lost + lost
}

function newJournal(): Journal {
  return new Journal({ stateDir: folder, log, processOf: (key) => recorder.table.get(key) })
}

function watching(): Watch {
  return new Watch({
    chainOf: (key, most) => recorder.table.chainOf(key, most),
    running: () => recorder.table.all(),
    onFinding: () => {
      told.findings += 1
    },
    onBlind: () => undefined,
  })
}
