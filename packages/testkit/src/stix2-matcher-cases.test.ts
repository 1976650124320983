import { existsSync, readFileSync } from 'node:fs'
import { evaluate, prove, type Scope } from '@tocsin/engine'
import { lowerPattern } from '@tocsin/intel/formats/stix2/lower.ts'
import type { ObjectPath, Step } from '@tocsin/intel/formats/stix2/pattern/ast.ts'
import { parsePattern } from '@tocsin/intel/formats/stix2/pattern/parse-pattern.ts'
import { absentField, type Condition, type Field, type Instance, type Literal } from '@tocsin/model'
import { expect, test } from 'vitest'

const data = new URL('../../../../shared/data/stix2/matcher-cases/', import.meta.url)
const isThere = existsSync(data)
if (!isThere) console.warn('the matcher cases are not beside this repository; their tests are skipped')

type Json = Readonly<Record<string, unknown>>

/** Verdict of a pattern over bundles, or `error` where it is none. */
function verdictOf(text: string, bundles: readonly Json[]): 'match' | 'no-match' | 'inconclusive' | 'error' {
  const condition = conditionOf(text)
  return condition === undefined ? 'error' : evaluate(condition, scopeOf(bundles))
}

/** The observations that meet it. */
function takenBy(text: string, bundles: readonly Json[]): readonly string[] {
  const condition = conditionOf(text)
  const binding = condition && prove(condition, scopeOf(bundles))
  return binding?.instances.map(({ key }) => key) ?? []
}

function conditionOf(text: string): Condition | undefined {
  const { pattern, problems } = parsePattern(text)
  if (pattern === undefined || problems.some(({ severity }) => severity === 'error')) return undefined
  return lowerPattern(pattern, { views: () => [], blobs: new Map(), say: () => undefined })
}

function scopeOf(bundles: readonly Json[]): Scope {
  return {
    instances: bundles.flatMap(observationsIn),
    tools: { sets: new Map(), content: () => ({ verdict: 'no-match', offsets: [] }) },
    mayBeUnseen: () => false,
  }
}

/**
 * An observation is seen once for every object in it, so that one comparison speaks of one object, and as often as it
 * was observed. All these views have the observation's key: no two parts of a pattern take the same one.
 */
function observationsIn(bundle: Json, place: number): readonly Instance[] {
  // STIX 2.0 comes without a bundle around it.
  const objects = bundle.type === 'bundle' ? listOf(bundle.objects) : [bundle]
  return objects
    .filter(({ type }) => type === 'observed-data')
    .flatMap((observed) => {
      const graph = graphOf(observed, objects)
      const at = microsOf(String(observed.first_observed)) ?? 0
      const copies = Array.from(
        { length: Number(observed.number_observed) },
        (_, number) => `${observed.id ?? place}#${number}`,
      )
      return copies.flatMap((key) => [...graph.values()].map((root) => viewOf(root, graph, key, at)))
    })
}

/** STIX 2.0 holds its objects within, 2.1 names those beside it. */
function graphOf(observed: Json, beside: readonly Json[]): ReadonlyMap<string, Json> {
  const within = isObject(observed.objects) ? Object.entries(observed.objects) : []
  const named = new Set(Array.isArray(observed.object_refs) ? observed.object_refs : [])
  const graph = new Map<string, Json>()
  for (const [id, object] of within) if (isObject(object)) graph.set(id, object)
  for (const object of beside) if (named.has(object.id)) graph.set(String(object.id), object)
  return graph
}

function viewOf(root: Json, graph: ReadonlyMap<string, Json>, key: string, at: number): Instance {
  return {
    object: 'observation',
    from: 'event',
    key,
    at,
    read: (property) => {
      const [written = '', reading = 'plain'] = property
        .slice('foreign:stix2/'.length)
        .split(/ as (?=bytes$|time$)/)
      const path = pathOf(written)
      if (path === undefined || path.objectType !== root.type) return absentField
      const values = walk([root], path.steps, graph).flatMap((value) => literalOf(value, path, reading))
      return { values, whole: true } satisfies Field
    },
  }
}

/** The pattern parser reads the path too. */
function pathOf(written: string): ObjectPath | undefined {
  const { pattern } = parsePattern(`[EXISTS ${written}]`)
  const isTest = pattern?.kind === 'observation' && pattern.comparison.kind === 'exists'
  return isTest && pattern.comparison.kind === 'exists' ? pattern.comparison.path : undefined
}

function walk(
  values: readonly unknown[],
  steps: readonly Step[],
  graph: ReadonlyMap<string, Json>,
): readonly unknown[] {
  const [step, ...rest] = steps
  if (step === undefined) return values
  const next = values.flatMap((value): readonly unknown[] => {
    if (step.kind === 'key') return isObject(value) && Object.hasOwn(value, step.key) ? [value[step.key]] : []
    const items = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []
    return step.index === '*' ? items : items.slice(step.index, step.index + 1)
  })
  const isReference = step.kind === 'key' && /_refs?$/.test(step.key)
  const follows = rest.length > 0 && (isReference || step.kind === 'index')
  return walk(follows ? next.map((value) => followed(value, graph)) : next, rest, graph)
}

function followed(value: unknown, graph: ReadonlyMap<string, Json>): unknown {
  if (Array.isArray(value)) return value
  return typeof value === 'string' ? (graph.get(value) ?? value) : value
}

function literalOf(value: unknown, path: ObjectPath, reading: string): readonly Literal[] {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return [value]
  if (typeof value !== 'string') return []
  if (reading === 'time') {
    const time = microsOf(value)
    return [time === undefined ? value : { time }]
  }
  const last = path.steps.at(-1)
  const ending = last?.kind === 'key' ? last.key.slice(-4) : ''
  const bytes =
    ending === '_bin'
      ? Buffer.from(value, 'base64')
      : ending === '_hex'
        ? Buffer.from(value, 'hex')
        : undefined
  if (reading === 'plain') return [bytes === undefined ? value : bytes.toString('latin1')]
  const isByteWise = [...value].every((point) => (point.codePointAt(0) ?? 0) <= 0xff)
  if (bytes === undefined && !isByteWise) return [value]
  return [{ bytes: (bytes ?? Buffer.from(value, 'latin1')).toString('hex') }]
}

function microsOf(text: string): number | undefined {
  const { pattern } = parsePattern(`[x:y = t'${text}']`)
  const comparison = pattern?.kind === 'observation' ? pattern.comparison : undefined
  const [constant] = comparison?.kind === 'test' ? comparison.constants : []
  return constant?.kind === 'time' ? constant.micros : undefined
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const names = [
  'basic_ops',
  'binary',
  'comparison_exprs',
  'complex',
  'matching_sdos',
  'null',
  'object_path_quoting',
  'observation_exprs',
  'references',
  'temporal_qualifiers',
  'timestamps',
] as const

interface Suite {
  readonly constants: Readonly<Record<string, readonly Json[]>>
  readonly cases: readonly {
    readonly test: string
    readonly params: string
    readonly values: readonly unknown[]
  }[]
}

type Verdict = ReturnType<typeof verdictOf>

/** What a case of the suite says by its name. */
function expectedOf(name: string): Verdict {
  if (/_err(?:or)?(?:_|$)|^test_null_pattern$/.test(name)) return 'error'
  return /_nomatch$|^test_null_json$|^test_match_referenced_sco_only$/.test(name) ? 'no-match' : 'match'
}

/** The suite makes these in code: more of the same than can be tried in every order. */
function explosion(version: 'v20' | 'v21'): readonly Json[] {
  return Array.from({ length: 20 }, (_, number) => {
    const time = `2004-10-11T21:45:${String(number).padStart(2, '0')}Z`
    const person = { type: 'person', name: 'alice', age: 10, id: `person--${number}` }
    const observed = { type: 'observed-data', number_observed: 1, first_observed: time, last_observed: time }
    if (version === 'v20') return { ...observed, objects: { 0: person } }
    return { type: 'bundle', objects: [{ ...observed, object_refs: [person.id] }, person] }
  })
}

/** Not patterns, but arguments of a function inside the OASIS matcher; our events last no time. */
const otherCases = 'test_intervals_within_match'

const counted = { v20: 0, v21: 0 }

for (const version of ['v20', 'v21'] as const) {
  for (const name of isThere ? names : []) {
    const suite: Suite = JSON.parse(readFileSync(new URL(`${version}/${name}.json`, data), 'utf8'))
    for (const { test: title, values } of suite.cases.filter((each) => each.test !== otherCases)) {
      const isExplosion = title.startsWith('test_combinatorial_explosion')
      const bundles = isExplosion ? explosion(version) : (suite.constants._observations ?? [])
      test(`${version} ${name} ${title}`, () => {
        for (const value of values) {
          const [text, expected] = Array.isArray(value) ? value.map(String) : [String(value)]
          expect(verdictOf(text ?? '', bundles), text).toBe(expectedOf(title))
          if (expected !== undefined) expect(takenBy(text ?? '', bundles)).toEqual([`${expected}#0`])
          counted[version] += 1
        }
      })
    }
  }
}

test.skipIf(!isThere)('every pattern of the suite was held against the interpreter', () => {
  expect(counted).toEqual({ v20: 137, v21: 139 })
})
