import { entryOf, evaluate, eventInstance, type Observed, stateInstance, viewOf } from '@tocsin/engine'
import { type ConversionTarget, convert, type IntelDocument, normalForm, readIntel } from '@tocsin/intel'
import {
  absentField,
  type Condition,
  type Field,
  type Fields,
  known,
  type Term,
  unknownField,
} from '@tocsin/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'

/** Few letters, so that values and recorded texts meet; all that some language gives a meaning to. */
const letters = ['a', 'B', 'b', '-', '/', '\u2013', '\\', '.', '*', '?', '%', '_', "'", ' ', '"', '<', '&']
const text = fc
  .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 4 })
  .map((units) => units.join(''))
  .filter((value) => value.trim() === value)

const comparisons = [
  'is',
  'contains',
  'starts with',
  'ends with',
  'glob',
  'like',
  'in domain',
  'matches',
] as const
const patterns = ['a.b', '^b', '[ab]+$', '(?i)B', '\\.']

function termOn(property: string): fc.Arbitrary<Condition> {
  const styles: fc.Arbitrary<Term['text']> = fc.constantFrom(
    { exact: false },
    { exact: false },
    { exact: true },
    { exact: false, dashes: true as const },
  )
  return fc
    .record({
      comparison: fc.constantFrom(...comparisons),
      values: fc.array(text, { minLength: 1, maxLength: 2 }),
      pattern: fc.constantFrom(...patterns),
      style: styles,
    })
    .map(({ comparison, values, pattern, style }): Term => {
      const isPattern = comparison === 'matches'
      return {
        kind: 'term',
        object: property.startsWith('file.') ? 'file' : 'process',
        property,
        comparison,
        operand: { kind: 'values', values: isPattern ? [pattern] : values },
        apply: 'any',
        negate: false,
        text: isPattern ? { exact: style.exact } : style,
      }
    })
}

function partOn(properties: readonly string[]): fc.Arbitrary<Condition> {
  const { node } = fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      ...properties.map(termOn),
      fc
        .array(tie('node'), { minLength: 2, maxLength: 3 })
        .map((parts): Condition => ({ kind: 'and', parts })),
      fc
        .array(tie('node'), { minLength: 2, maxLength: 3 })
        .map((parts): Condition => ({ kind: 'or', parts })),
      tie('node').map((part): Condition => ({ kind: 'not', part })),
    ),
  }))
  return node
}

const field: fc.Arbitrary<Field> = fc.oneof(
  { weight: 8, arbitrary: text.map(known) },
  { weight: 1, arbitrary: fc.constant(absentField) },
  { weight: 1, arbitrary: fc.constant(unknownField) },
)

function fieldsOf(properties: readonly string[]): fc.Arbitrary<Fields> {
  return fc
    .tuple(...properties.map(() => field))
    .map((values) =>
      Object.fromEntries(properties.map((property, at) => [property, values[at] ?? unknownField])),
    )
}

function documentOf(condition: Condition): IntelDocument {
  return {
    kind: 'sigma',
    typeVersion: '2.0',
    intrinsicId: 'sample',
    name: 'sample',
    description: null,
    platforms: [],
    techniques: [],
    contents: '',
    compiled: null,
    subject: 'instance',
    condition,
    origins: new Map(),
    blobs: new Map(),
  }
}

const yara = { validate: () => ({ accepted: false, problems: [] }) }

/** What the converted document is read as; nothing where it is refused. */
function throughFormat(condition: Condition, target: ConversionTarget): Condition | undefined {
  const printed = convert({ document: documentOf(condition), kind: 'sigma', diagnostics: [] }, target, 0)
  if (printed.kind === 'refused') return undefined
  const reading = readIntel(new TextEncoder().encode(printed.text), {}, { yara })
  expect(reading.document, `${printed.text}${JSON.stringify(reading.diagnostics)}`).toBeDefined()
  return reading.document?.condition
}

const sets = new Map()
const tools = { sets, content: () => ({ verdict: 'inconclusive' as const, offsets: [] }) }

function verdictOn(condition: Condition, instance: Observed, entry?: Observed) {
  return evaluate(condition, {
    instances: [instance],
    ...(entry === undefined ? {} : { entry }),
    tools,
    mayBeUnseen: () => false,
  })
}

function actorWith(fields: Fields) {
  return viewOf([{ key: 'boot:1:1', parent: null, fields, startedAt: 0, endedAt: null }], true)
}

const ofProcess = ['process.command_line', 'process.cwd'] as const
const ofFileEvent = ['file.path', 'process.command_line'] as const
const ofFile = ['file.name'] as const

test('a condition on one process means the same as a signal', () => {
  let count = 0
  fc.assert(
    fc.property(
      partOn(ofProcess),
      fc.array(fieldsOf(ofProcess), { minLength: 6, maxLength: 6 }),
      (part, recorded) => {
        const condition: Condition = { kind: 'same', object: 'process', from: 'event', part }
        const again = throughFormat(condition, 'signal')
        if (again === undefined) return
        count += 1
        for (const fields of recorded) {
          const actor = actorWith(fields)
          if (actor === undefined) continue
          const start = eventInstance(
            { id: '1', object: 'process', operation: 'start', at: 1, actor: 'boot:1:1', fields },
            actor,
          )
          expect(verdictOn(again, start, entryOf(actor))).toBe(verdictOn(condition, start))
        }
      },
    ),
    { numRuns: 150 },
  )
  expect(count).toBeGreaterThan(100)
})

test('a condition on one file event means the same as a group of a signal', () => {
  let count = 0
  fc.assert(
    fc.property(
      partOn(ofFileEvent),
      fc.array(fc.tuple(fieldsOf(['file.path']), fieldsOf(['process.command_line'])), {
        minLength: 6,
        maxLength: 6,
      }),
      (part, recorded) => {
        const condition: Condition = { kind: 'same', object: 'file', from: 'event', part }
        const again = throughFormat(condition, 'signal')
        if (again === undefined) return
        count += 1
        for (const [fields, facts] of recorded) {
          const actor = actorWith(facts)
          if (actor === undefined) continue
          const event = eventInstance(
            { id: '1', object: 'file', operation: 'write', at: 1, actor: 'boot:1:1', fields },
            actor,
          )
          expect(verdictOn(again, event, entryOf(actor))).toBe(verdictOn(condition, event))
        }
      },
    ),
    { numRuns: 150 },
  )
  expect(count).toBeGreaterThan(75)
})

test.each(['openioc', 'stix2'] as const)('a condition on one file means the same in %s', (target) => {
  let count = 0
  fc.assert(
    fc.property(
      partOn(ofFile),
      fc.array(fieldsOf(ofFile), { minLength: 6, maxLength: 6 }),
      (part, recorded) => {
        const condition: Condition = { kind: 'same', object: 'file', from: 'either', part }
        const again = throughFormat(condition, target)
        if (again === undefined) return
        count += 1
        for (const fields of recorded) {
          const file = stateInstance('file', 'f', 1, fields)
          expect(verdictOn(again, file)).toBe(verdictOn(condition, file))
        }
      },
    ),
    { numRuns: 100 },
  )
  expect(count).toBeGreaterThan(35)
})

test('the normal form of a condition has its verdict', () => {
  const bound = partOn(ofFile).map(
    (part): Condition => ({ kind: 'same', object: 'file', from: 'either', part }),
  )
  const { node } = fc.letrec<{ node: Condition }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      bound,
      fc
        .array(tie('node'), { minLength: 1, maxLength: 3 })
        .map((parts): Condition => ({ kind: 'and', parts })),
      fc
        .array(tie('node'), { minLength: 1, maxLength: 3 })
        .map((parts): Condition => ({ kind: 'or', parts })),
      tie('node').map((part): Condition => ({ kind: 'not', part })),
    ),
  }))
  fc.assert(
    fc.property(node, fc.array(fieldsOf(ofFile), { maxLength: 4 }), (condition, files) => {
      const instances = files.map((fields, at) => stateInstance('file', `f${at}`, at, fields))
      const verdict = (each: Condition) => evaluate(each, { instances, tools, mayBeUnseen: () => false })
      expect(verdict(normalForm(condition))).toBe(verdict(condition))
    }),
    { numRuns: 300 },
  )
})
