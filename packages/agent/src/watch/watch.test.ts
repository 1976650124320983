import { type LoadedProgram, load } from '@tocsin/engine'
import {
  type BlindInterval,
  digestOf,
  type Finding,
  known,
  type ProcessFacts,
  type Program,
  type RecordedEvent,
  unknownField,
} from '@tocsin/model'
import { beforeEach, expect, test } from 'vitest'
import { programOf, term } from '../testdata/programs.ts'
import { Watch } from './watch.ts'

/** What the recorder knows, as the watch asks for it. */
class FakeRecorder {
  readonly byKey = new Map<string, ProcessFacts>()

  process(pid: number, path: string, parent: number | null, more: Partial<ProcessFacts> = {}): ProcessFacts {
    const facts: ProcessFacts = {
      key: `boot:${pid}:1`,
      parent: parent === null ? null : `boot:${parent}:1`,
      fields: {
        'process.pid': known(pid),
        'process.path': known(path),
        'process.name': known(path.split('/').at(-1) ?? ''),
        'process.command_line': known(path),
        'process.sha256': unknownField,
      },
      startedAt: 1_000_000 + pid,
      endedAt: null,
      ...more,
    }
    this.byKey.set(facts.key, facts)
    return facts
  }

  readonly chainOf = (key: string, most: number): readonly ProcessFacts[] => {
    const chain: ProcessFacts[] = []
    for (let next = this.byKey.get(key); next !== undefined && chain.length < most; ) {
      chain.push(next)
      next = next.parent === null ? undefined : this.byKey.get(next.parent)
    }
    return chain
  }
}

let recorder: FakeRecorder
let findings: Finding[]
let blind: BlindInterval[]
let watch: Watch
beforeEach(() => {
  recorder = new FakeRecorder()
  findings = []
  blind = []
  watch = new Watch({
    chainOf: recorder.chainOf,
    running: () => [...recorder.byKey.values()],
    onFinding: (finding) => findings.push(finding),
    onBlind: (interval) => blind.push(interval),
  })
})

const signal: Partial<Program> = { subject: 'process' }
const loaded = (program: Program): LoadedProgram => ({
  ...load(program, () => undefined),
  digest: digestOf(program),
})
const curl = loaded(programOf(term('process.name', 'is', 'curl'), signal))

function fileEvent(actor: string, path: string): RecordedEvent {
  return {
    id: `event ${path}`,
    object: 'file',
    operation: 'create',
    at: 5_000_000,
    actor,
    fields: { 'file.path': known(path), 'file.operation': known('create') },
  }
}

test('an exec becomes a finding with its chain, acting process first, and its explanation', () => {
  watch.use([curl], 7)
  recorder.process(1, '/sbin/init', null)
  recorder.process(20, '/bin/bash', 1)
  watch.process(recorder.process(30, '/usr/bin/curl', 20))
  expect(findings).toHaveLength(1)
  expect(findings[0]).toMatchObject({ program: curl.digest, deployment: 7, mode: 'live', count: 1 })
  expect(findings[0]?.chain.map(({ fields }) => fields['process.name']?.values[0])).toEqual([
    'curl',
    'bash',
    'init',
  ])
  expect(findings[0]?.explanation.witnesses).toMatchObject([{ property: 'process.name', seen: 'curl' }])
})

test('one image alerts once for a program', () => {
  watch.use([curl], 1)
  const facts = recorder.process(30, '/usr/bin/curl', null)
  watch.process(facts)
  watch.completed(facts)
  expect(findings).toHaveLength(1)
})

test('a process that was never announced is matched by its first event, though no program looks at such events', () => {
  watch.use([curl], 1)
  const facts = recorder.process(30, '/usr/bin/curl', null)
  watch.event(fileEvent(facts.key, '/home/x'))
  watch.event(fileEvent(facts.key, '/home/y'))
  expect(findings).toHaveLength(1)
})

test('a chain in a finding has at most 16 ancestors', () => {
  watch.use([curl], 1)
  for (let pid = 1; pid < 40; pid += 1) recorder.process(pid, '/bin/sh', pid === 1 ? null : pid - 1)
  watch.process(recorder.process(40, '/usr/bin/curl', 39))
  expect(findings[0]?.chain).toHaveLength(17)
})

test('event and process terms of a signal meet over one image', () => {
  const drops = loaded(
    programOf(
      { kind: 'and', parts: [term('process.name', 'is', 'curl'), term('file.path', 'starts with', '/tmp/')] },
      signal,
    ),
  )
  watch.use([drops], 1)
  const facts = recorder.process(30, '/usr/bin/curl', null)
  watch.process(facts)
  watch.event(fileEvent(facts.key, '/home/x'))
  expect(findings).toEqual([])
  watch.event(fileEvent(facts.key, '/tmp/x'))
  expect(findings.map(({ subject }) => subject)).toEqual([`${facts.key}@${facts.startedAt}`])
})

test('a hash that comes late is matched when it comes', () => {
  const byHash = loaded(programOf(term('process.sha256', 'is', 'ab'.repeat(32)), signal))
  watch.use([byHash], 1)
  const facts = recorder.process(30, '/tmp/x', null)
  watch.process(facts)
  expect(findings).toEqual([])
  const complete = { ...facts, fields: { ...facts.fields, 'process.sha256': known('ab'.repeat(32)) } }
  recorder.byKey.set(facts.key, complete)
  watch.completed(complete)
  expect(findings).toHaveLength(1)
})

test('processes that run are held against programs that are new, and only those', () => {
  recorder.process(30, '/usr/bin/curl', null)
  watch.use([curl], 1)
  expect(findings).toHaveLength(1)
  const bash = loaded(programOf(term('process.name', 'is', 'bash'), signal))
  recorder.process(31, '/bin/bash', null)
  watch.use([curl, bash], 2)
  expect(findings.map(({ program }) => program)).toEqual([curl.digest, bash.digest])
})

test('a program that was withdrawn finds nothing more', () => {
  watch.use([curl], 1)
  watch.use([], 2)
  watch.process(recorder.process(30, '/usr/bin/curl', null))
  expect(findings).toEqual([])
})

test('blind intervals near a finding stand beside it, others do not', () => {
  watch.use([curl], 1)
  const near = { from: 900_000, to: 950_000, object: 'file', count: 2, reason: 'overflow' } as const
  watch.noteBlind({ ...near, from: 1, to: 2 })
  const later = recorder.process(30, '/usr/bin/curl', null, { startedAt: 120_000_000 })
  watch.noteBlind({ ...near, from: 100_000_000, to: 110_000_000 })
  watch.process(later)
  expect(findings[0]?.blind).toEqual([{ ...near, from: 100_000_000, to: 110_000_000 }])
})
