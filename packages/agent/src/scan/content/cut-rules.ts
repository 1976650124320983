import type { RuleText } from './messages.ts'

/** A rule as it stands in its text. */
interface Standing {
  readonly name: string
  readonly isGlobal: boolean
  readonly text: string
  readonly from: number
  readonly words: ReadonlySet<string>
}

interface Outline {
  readonly imports: readonly string[]
  readonly rules: readonly Standing[]
}

// piece := blank | comment | text | regex | word | sign
const piece =
  /(?<blank>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>"(?:\\.|[^"\\\n])*")|(?<regex>\/(?:\\.|[^/\\\n])+\/)|(?<word>\w+)|(?<sign>[\s\S])/gy

/** Each rule of a YARA text with what it needs to be compiled alone: imports, global rules, rules that it names. */
export function cutRules(source: string): readonly RuleText[] {
  const { imports, rules } = outlineOf(source)
  const byName = new Map(rules.map((rule) => [rule.name, rule]))
  return rules.map((rule) => {
    const needed = neededBy(rule, byName)
    const texts = rules.filter((each) => each === rule || each.isGlobal || needed.has(each.name))
    return {
      rule: rule.name,
      text: [...imports, ...texts.map(({ text }) => text)].join('\n'),
      needs: [...needed],
      from: rule.from,
      to: rule.from + rule.text.length,
    }
  })
}

/** A text without some of its rules and those that name them. */
export function withoutRules(
  source: string,
  rules: readonly RuleText[],
  unwanted: ReadonlySet<string>,
): string {
  const kept = rules.filter((rule) => !isLost(rule, unwanted))
  if (kept.length === 0) return ''
  const lost = rules.filter((rule) => isLost(rule, unwanted))
  return lost.reduceRight((text, { from, to }) => text.slice(0, from) + text.slice(to), source)
}

/** Whether a rule goes when the unwanted ones go. */
export function isLost({ rule, needs }: RuleText, unwanted: ReadonlySet<string>): boolean {
  return unwanted.has(rule) || needs.some((need) => unwanted.has(need))
}

function neededBy(rule: Standing, byName: ReadonlyMap<string, Standing>): ReadonlySet<string> {
  const needed = new Set<string>()
  const open = [rule]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const word of next.words) {
      const other = byName.get(word)
      if (other === undefined || other === rule || needed.has(word)) continue
      needed.add(word)
      open.push(other)
    }
  }
  return needed
}

function outlineOf(source: string): Outline {
  const imports: string[] = []
  const rules: Standing[] = []
  let start = -1 // of the rule that is open, with its modifiers
  let words: string[] = []
  let isHex = false
  let previous = ''
  for (const { 0: text, index, groups } of source.matchAll(piece)) {
    if (groups?.blank !== undefined) continue
    if (isHex) isHex = text !== '}'
    else if (text === '{' && previous === '=') isHex = true
    else if (groups?.text !== undefined && previous === 'import') imports.push(`import ${text}`)
    else if (start === -1 && (text === 'rule' || text === 'private' || text === 'global')) start = index
    else if (start >= 0 && text === '}') {
      rules.push(standing(source.slice(start, index + 1), start, words))
      start = -1
      words = []
    }
    if (start >= 0 && groups?.word !== undefined) words.push(text)
    previous = text
  }
  return { imports, rules }
}

// rule := { 'private' | 'global' } 'rule' name …
function standing(text: string, from: number, words: readonly string[]): Standing {
  const at = words.indexOf('rule')
  return {
    name: words[at + 1] ?? '',
    isGlobal: words.slice(0, at).includes('global'),
    text,
    from,
    words: new Set(words.slice(at + 2)),
  }
}
