/**
 * The recorder in a process of its own, so that what it costs can be told from what the load costs. Started with
 * `decode` it only records; with `everything` it also matches 500 Signals and writes the journal.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from '@tocsin/engine'
import { compile, readIntel } from '@tocsin/intel'
import type { Finding, RecordedEvent } from '@tocsin/model'
import { Journal } from '../../packages/agent/src/journal/journal.ts'
import { Recorder } from '../../packages/agent/src/recorder/recorder.ts'
import { Watch } from '../../packages/agent/src/watch/watch.ts'

const mode = process.argv[2]
const folder = mkdtempSync(join(tmpdir(), 'tocsin-bench-'))
const counts: Record<string, number> = {}
const findings: Finding[] = []
let blind = 0

const nothing = { info: () => undefined, warn: () => undefined, error: () => undefined }
const journal = mode === 'everything' ? newJournal() : undefined
const watch = mode === 'everything' ? watching() : undefined
const recorder = new Recorder({
  stateDir: folder,
  exclude: [folder],
  onProcess: (facts) => {
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
  onBlind: () => {
    blind += 1
  },
  onSourcesChanged: () => undefined,
})
await recorder.start()
watch?.use(signals(), 1)
let before = process.cpuUsage()

process.on('message', (wanted: 'begin' | 'end' | 'stop') => {
  if (wanted === 'begin') {
    for (const key of Object.keys(counts)) delete counts[key]
    findings.length = 0
    blind = 0
    before = process.cpuUsage()
    process.send?.('began')
  } else if (wanted === 'end') {
    const { user, system } = process.cpuUsage(before)
    process.send?.({
      counts,
      findings: findings.length,
      blind,
      seconds: (user + system) / 1e6,
      rss: process.memoryUsage().rss,
    })
  } else void recorder.stop().then(() => process.exit(0))
})
process.send?.({ sources: recorder.states })

/** Only what the load does. */
function count({ object, operation, actor, fields }: RecordedEvent): void {
  const command = recorder.table.get(actor)?.fields['process.command_line']?.values[0]
  const isLoad = typeof command === 'string' && command.includes('tocsin-load')
  if (!isLoad) return
  const protocol = object === 'network' ? ` ${fields['network.protocol']?.values[0]}` : ''
  const key = `${object}${protocol} ${operation}`
  counts[key] = (counts[key] ?? 0) + 1
}

function newJournal(): Journal {
  return new Journal({ stateDir: folder, log: nothing, processOf: (key) => recorder.table.get(key) })
}

function watching(): Watch {
  return new Watch({
    chainOf: (key, most) => recorder.table.chainOf(key, most),
    running: () => recorder.table.all(),
    onFinding: (finding) => findings.push(finding),
    onBlind: () => undefined,
  })
}

function signals() {
  const bodies = Array.from({ length: 500 }, (_, number) =>
    number === 0
      ? "process.command_line contains 'tocsin-load-process'"
      : `process.path ends with '/tool-${number}' AND process.command_line contains '--option-${number}' AND group(file.path contains '/place-${number}/' AND file.operation is 'create')`,
  )
  const yara = { validate: () => ({ accepted: true, problems: [] }) }
  return bodies.map((body, number) => {
    const { document } = readIntel(Buffer.from(body), { fileName: `${number}.signal` }, { yara })
    if (document === undefined) throw new Error(body)
    return load(compile(document, { id: number + 1, revision: 1 }), () => undefined)
  })
}
