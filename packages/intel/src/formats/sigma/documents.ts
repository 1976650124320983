import { type Remarks, short } from './remarks.ts'
import { entryOf, textOf, type YamlEntry, type YamlMap, type YamlNode } from './yaml-tree.ts'

/**
 * The rules of a file. A document with `action: global` is a part of all that follow it, as in files of the time
 * before Sigma 2. Dropping a correlation or filter would alert on what its author does not want to hear of.
 */
export function rulesOf(documents: readonly YamlNode[], remarks: Remarks): readonly YamlMap[] {
  if (documents.length === 0 && !remarks.hasErrors())
    remarks.say({ code: 'SGM004', severity: 'error', message: 'the document has no rule' })
  const rules: YamlMap[] = []
  let common: YamlMap | undefined
  for (const node of documents) {
    if (node.kind !== 'map') {
      remarks.say({ code: 'SGM004', severity: 'error', message: 'a rule is a map', at: node.at })
      continue
    }
    const action = textOf(node, 'action')?.toLowerCase()
    if (action === 'global') common = merged(common, node)
    else if (action === 'reset') common = undefined
    else {
      sayOthers(node, remarks)
      rules.push(merged(common, node))
    }
  }
  if (rules.length === 0 && common !== undefined)
    remarks.say({
      code: 'SGM004',
      severity: 'error',
      message: 'no rule follows what is global',
      at: common.at,
    })
  return rules
}

const others = {
  correlation: 'counts or orders what other rules match',
  filter: 'takes matches from other rules',
} as const

function sayOthers(node: YamlMap, remarks: Remarks): void {
  for (const key of ['correlation', 'filter'] as const) {
    const entry = entryOf(node, key)
    if (entry === undefined) continue
    const type = entry.value.kind === 'map' ? textOf(entry.value, 'type') : undefined
    const name = type === undefined ? key : `${key} (${short(type)})`
    const message = `a ${name} ${others[key]}, which endpoints do not do`
    const hint = hintFor(key)
    remarks.say({ code: 'SGM005', severity: 'error', message, hint, at: entry.keyAt })
  }
}

function hintFor(key: keyof typeof others): string {
  return key === 'filter'
    ? 'write the exception into the rule itself, as a search that its condition denies'
    : 'upload the rules it names by themselves, if each is worth an alert'
}

/** Maps are joined key by key; of anything else the later one counts. */
function merged(common: YamlMap | undefined, own: YamlMap): YamlMap {
  if (common === undefined) return own
  const entries = new Map<string, YamlEntry>(common.entries.map((entry) => [entry.key, entry]))
  for (const entry of own.entries) {
    const before = entries.get(entry.key)
    const areMaps = before?.value.kind === 'map' && entry.value.kind === 'map'
    const value = areMaps ? merged(before.value, entry.value) : entry.value
    entries.set(entry.key, { ...entry, value })
  }
  return { ...own, entries: [...entries.values()].filter(({ key }) => key !== 'action') }
}
