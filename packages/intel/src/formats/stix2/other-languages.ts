import { type Condition, childrenOf, type EventObject, type Span } from '@tocsin/model'
import type { Reading } from '../../document.ts'
import { eachLeaf } from '../../each-leaf.ts'
import { allOf, same } from '../lowering/compose.ts'
import { readOpenIoc } from '../openioc/read-openioc.ts'
import { readSigma } from '../sigma/read-sigma.ts'
import { readSignal } from '../signal/read-signal.ts'
import { embeddedRules } from '../yara/embedded-rules.ts'
import type { Indicator } from './indicators.ts'
import { diagnostic } from './remarks.ts'
import type { Shared } from './shared.ts'

/** An indicator whose pattern is in another language, read by that language's reader; nothing if it is refused. */
export function otherLanguage(
  indicator: Indicator,
  at: Span | undefined,
  shared: Shared,
): Condition | undefined {
  const say = (message: string) =>
    shared.remarks.say(diagnostic('ST2007', 'warning', `${indicator.id}: ${message}`, at))
  if (indicator.language === 'yara') return rulesOf(indicator.pattern, say, shared)
  const reading = readText(indicator)
  const { document } = reading
  for (const message of remarksOf(reading)) say(message)
  if (document === undefined) return undefined
  for (const [digest, bytes] of document.blobs) shared.blobs.set(digest, bytes)
  if (document.subject !== 'process') return document.condition
  const condition = ofOneProcess(document.condition)
  if (condition === undefined) say('left out: a signal about several events must be a document of its own')
  return condition
}

function rulesOf(text: string, say: (message: string) => void, shared: Shared): Condition | undefined {
  const rules = embeddedRules(text, shared)
  if (rules.kind === 'refused') {
    say(`left out: ${rules.why}`)
    return undefined
  }
  for (const warning of rules.warnings) say(warning)
  return rules.content
}

function readText({ language, pattern, id, name }: Indicator): Reading {
  const bytes = new TextEncoder().encode(pattern)
  const hints = { name: name ?? id }
  if (language === 'sigma') return readSigma(bytes, hints)
  return language === 'openioc' ? readOpenIoc(bytes, hints) : readSignal(bytes, hints)
}

/** The reader's own places are inside the pattern; the indicator's is told instead. */
function remarksOf({ document, diagnostics }: Reading): readonly string[] {
  const [flaw] = diagnostics.filter(({ severity }) => severity === 'error')
  if (document === undefined) return [`left out: ${flaw?.message ?? 'nobody can read it'}`]
  const messages = diagnostics.filter(({ severity }) => severity === 'warning').map(({ message }) => message)
  return [...new Set(messages)].slice(0, mostRemarks)
}

const mostRemarks = 20

/**
 * A signal speaks of one process and what it did. Beside indicators it stands for itself where one instance shows
 * all of that: a process, or one event, which knows its actor.
 */
function ofOneProcess(signal: Condition): Condition | undefined {
  // What shows in one instance lies within any window.
  const condition = signal.kind === 'within' ? signal.part : signal
  const objects = new Set<string>()
  eachLeaf(condition, (leaf) => objects.add(leaf.kind === 'term' ? leaf.object : 'file'))
  if (objects.size === 1 && objects.has('process')) return same('process', 'either', condition)
  const parts = condition.kind === 'and' ? condition.parts : [condition]
  const events = parts.filter((part) => !isOfProcess(part))
  const [event] = events
  const object = event && objectOf(event)
  if (events.length !== 1 || event === undefined || object === undefined) return undefined
  const inner = event.kind === 'same' ? event.part : event
  return same(object, 'event', allOf([...parts.filter(isOfProcess), inner], inner))
}

function isOfProcess(part: Condition): boolean {
  if (part.kind === 'term') return part.object === 'process'
  return part.kind !== 'content' && childrenOf(part).every(isOfProcess)
}

const eventObjects: ReadonlySet<string> = new Set<EventObject>([
  'file',
  'network',
  'dns',
  'registry',
  'image',
  'driver',
])

function objectOf(event: Condition) {
  if (event.kind !== 'term' && event.kind !== 'same') return undefined
  return event.object !== 'observation' && eventObjects.has(event.object) ? event.object : undefined
}
