import { evaluate, LiveMatcher, load, type Scope, stateInstance, viewOf } from '@tocsin/engine'
import { expect, test } from 'vitest'
import { compile } from '../compile.ts'
import type { IntelDocument } from '../document.ts'
import { readSignal } from '../formats/signal/read-signal.ts'
import { type Example, exampleOf } from './example.ts'
import { relate } from './relate.ts'

function signal(text: string): IntelDocument {
  const { document, diagnostics } = readSignal(new TextEncoder().encode(text), { name: 'sample' })
  if (document === undefined) throw new Error(JSON.stringify(diagnostics))
  return document
}

function scopeOf({ entry, instances }: Example): Scope {
  return {
    entry: stateInstance('process', 'entry', 1, entry),
    instances: instances.map(({ object, fields }, at) => stateInstance(object, `i${at}`, 1, fields)),
    tools: { sets: new Map(), content: () => ({ verdict: 'no-match', offsets: [] }) },
    mayBeUnseen: () => true,
  }
}

test.each([
  ["process.path ends with '/dropper' AND process.user_name is NOT 'root'", "process.name contains 'drop'"],
  [
    "process.name is 'sh' AND process.ancestry_path ends with '/nginx'",
    "process.ancestry_name is 'nginx' OR process.name is 'x'",
  ],
  [
    "process.name is 'python3' AND network.remote_port is 4444 AND file.path starts with '/etc/cron.d/'",
    "network.port is 4444 AND process.name contains 'python'",
  ],
])('what the signal %s matches, the engine matches for the wider one too', (narrow, wide) => {
  const [one, other] = [signal(narrow), signal(wide)]
  expect(relate(one, other)).toBe('narrower')
  const example = exampleOf(one)
  if (example === undefined) throw new Error('there is an example')
  const scope = scopeOf(example)
  expect(evaluate(one.condition, scope)).toBe('match')
  expect(evaluate(other.condition, scope)).toBe('match')
})

test('as things happen, the example of the narrower signal raises both', () => {
  const narrow = signal("process.path ends with '/dropper' AND process.command_line contains '--go'")
  const wide = signal("process.name is 'dropper'")
  const loaded = [narrow, wide].map((each, id) =>
    load(compile(each, { id: id + 1, revision: 1 }), () => undefined),
  )
  const matcher = new LiveMatcher(loaded, { mostSubjects: 10, onEvicted: () => undefined })
  const fields = exampleOf(narrow)?.entry ?? {}
  const facts = { key: 'boot:1:1', parent: null, fields, startedAt: 1_000, endedAt: null }
  const view = viewOf([facts], true)
  if (view === undefined) throw new Error('a chain of one process is a view')
  expect(matcher.start(view)).toHaveLength(2)
})

test('what only patterns or contents tell has no example', () => {
  expect(
    exampleOf({
      ...signal("process.name is 'x'"),
      condition: {
        kind: 'content',
        source: 'd',
        engines: ['yara-x'],
        modules: [],
        of: 'file',
      },
    }),
  ).toBeUndefined()
})
