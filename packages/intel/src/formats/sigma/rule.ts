import type { Condition } from '@tocsin/model'
import { same } from '../lowering/compose.ts'
import type { LogSource } from './log-source.ts'
import { lowerCondition, type Search } from './lower-condition.ts'
import { lowerSearch } from './lower-search.ts'
import type { Lowering } from './lowering.ts'
import { parseCondition, type SearchCondition } from './parse-condition.ts'
import { type Range, type Remarks, short } from './remarks.ts'
import { sourceOf } from './sources.ts'
import { everyOf, someOf, termOf } from './terms.ts'
import { entryOf, textOf, type YamlMap, type YamlScalar } from './yaml-tree.ts'

/** What one rule looks for, as one event that has all of it. */
export interface LoweredRule {
  readonly condition: Condition
  readonly platforms: ReturnType<typeof sourceOf>['platforms']
}

/** Lowers a rule; nothing where it cannot be read, which is said. */
export function lowerRule(
  rule: YamlMap,
  remarks: Remarks,
  written: Lowering['written'],
): LoweredRule | undefined {
  const detection = entryOf(rule, 'detection')
  const about = entryOf(rule, 'logsource')
  if (about?.value.kind !== 'map') return lacking('logsource', about?.keyAt ?? rule.at, remarks)
  if (detection?.value.kind !== 'map') return lacking('detection', detection?.keyAt ?? rule.at, remarks)
  const source = sourceOf(logSourceOf(about.value))
  sayUnrecorded(logSourceOf(about.value), source.unrecorded, { at: about.keyAt, remarks })
  const lowering = { source, remarks, written }
  const condition = lowerDetection(detection.value, lowering)
  if (condition === undefined) return undefined
  const { object, operations, platforms } = source
  const operation = termOf(object, `${object}.operation`, { comparison: 'is', literal: '' }, plainly)
  const isOfSource: Condition = { ...operation, operand: { kind: 'values', values: operations } }
  const part = operations.length === 0 ? condition : everyOf([isOfSource, condition], object)
  written.set(isOfSource, about.value.at)
  const whole = same(object, 'event', part)
  written.set(whole, detection.value.at)
  return { condition: whole, platforms }
}

const plainly = { exact: false, dashes: false }

function lowerDetection(detection: YamlMap, lowering: Lowering): Condition | undefined {
  const { remarks, source } = lowering
  const named = detection.entries.filter(({ key }) => key !== 'condition' && key !== 'timeframe')
  const timeframe = entryOf(detection, 'timeframe')
  if (timeframe !== undefined)
    remarks.say({
      code: 'SGM019',
      severity: 'error',
      message: 'time frames are not evaluable',
      at: timeframe.keyAt,
    })
  const searches: readonly Search[] = named.map(({ key, keyAt, value }) => ({
    name: key,
    at: keyAt,
    condition: lowerSearch(value, lowering),
  }))
  const conditions = conditionsOf(detection, lowering)
  if (conditions.length === 0) return undefined
  const lowered = conditions.map((each) => lowerCondition(each, searches, lowering))
  for (const { name, at } of searches) {
    if (lowered.some(({ used }) => used.has(name))) continue
    const message = `the condition does not use “${short(name)}”`
    remarks.say({ code: 'SGM015', severity: 'warning', message, at })
  }
  return someOf(
    lowered.map(({ condition }) => condition),
    source.object,
  )
}

function conditionsOf(detection: YamlMap, { remarks }: Lowering): readonly SearchCondition[] {
  const entry = entryOf(detection, 'condition')
  const items = entry?.value.kind === 'list' ? entry.value.items : entry === undefined ? [] : [entry.value]
  const texts = items.filter((item): item is YamlScalar => item.kind === 'scalar' && item.value !== null)
  if (texts.length === 0 || texts.length < items.length) {
    lacking('condition', entry?.keyAt ?? detection.at, remarks)
    return []
  }
  return texts.flatMap((item) => {
    const parsed = parseCondition(item.text)
    if (parsed.kind === 'read') return [placedIn(item.at, parsed.condition)]
    const code = parsed.why.startsWith('aggregations') ? 'SGM019' : 'SGM006'
    remarks.say({ code, severity: 'error', message: `the condition: ${parsed.why}`, at: item.at })
    return []
  })
}

/** YAML folds and quotes text, so only the whole condition has a sure place. */
function placedIn(at: Range, condition: SearchCondition): SearchCondition {
  switch (condition.kind) {
    case 'search':
    case 'of':
      return { ...condition, at }
    case 'not':
      return { ...condition, part: placedIn(at, condition.part), at }
    default:
      return { ...condition, parts: condition.parts.map((part) => placedIn(at, part)), at }
  }
}

function logSourceOf(about: YamlMap): LogSource {
  const words = (['category', 'product', 'service'] as const).flatMap((key) => {
    const text = textOf(about, key)
    return text === undefined ? [] : [[key, text.toLowerCase()] as const]
  })
  return Object.fromEntries(words)
}

function sayUnrecorded(
  { product, category, service }: LogSource,
  why: string | undefined,
  { at, remarks }: { readonly at: Range; readonly remarks: Remarks },
): void {
  if (why === undefined) return
  const name = [product, category, service].filter((word) => word !== undefined).join('/')
  const message = `no endpoint records the log source ${name === '' ? 'of this rule' : `“${short(name)}”`}: ${why}`
  remarks.say({ code: 'SGM014', severity: 'warning', message, at })
}

function lacking(key: string, at: Range, remarks: Remarks): undefined {
  const message = `“${key}” is missing or has the wrong form`
  remarks.say({ code: 'SGM004', severity: 'error', message, at })
}
