import type { Comparison, Condition } from '@tocsin/model'
import { attributeOf, type XmlElement } from '../../xml/tree.ts'
import { type Flaw, isFlaw } from '../lowering/byte-facts.ts'
import { term } from '../lowering/compose.ts'
import { type ContentFact, contentOf, quoted } from '../lowering/content-rule.ts'
import { flawOfValue } from '../lowering/literals.ts'
import { wholeRule } from '../lowering/whole-rule.ts'
import { yaraHexOf } from '../lowering/yara-hex.ts'
import { yaraRegexOf } from '../lowering/yara-regex.ts'
import { isYes } from './parameters.ts'
import type { IocReader } from './reader.ts'
import type { YaraWay } from './terms/entry.ts'
import { yaraPlace } from './yara-place.ts'

export interface YaraItem {
  readonly element: XmlElement
  readonly part: YaraWay['part']
  readonly comparison: Comparison
  readonly text: string
  readonly exact: boolean
}

/** A part of a YARA rule as a condition on one file. */
export function lowerYaraItem(item: YaraItem, reader: IocReader): Condition | Flaw {
  const flaw = flawOfValue(item.text)
  if (flaw !== undefined) return { flaw }
  if (item.part === 'size') return fileSize(item)
  if (item.part === 'rule') return lowerRule(item, reader)
  const fact = factOf(item, reader)
  return isFlaw(fact) ? fact : contentOf(fact, 'file', reader.blobs)
}

/** What stands right of `$… =`. */
export function yaraString(item: YaraItem, reader: IocReader): string | Flaw {
  const { part, text, element } = item
  if (part === 'hex') {
    const hex = yaraHexOf(text)
    return typeof hex === 'string' ? hex : hex
  }
  const names = ['yara/wide', 'yara/ascii', 'yara/fullword', 'yara/nocase', 'yara/xor']
  const parameters = reader.parameters.take(element, names)
  const has = (name: string) => isYes(parameters.get(`yara/${name}`))
  const modifiers = [
    ...(has('wide') ? ['wide'] : []),
    ...(has('wide') && !has('ascii') ? [] : ['ascii']),
    ...(has('fullword') ? ['fullword'] : []),
  ]
  if (part === 'text') {
    const ignoresCase = has('nocase') || !item.exact
    // YARA does not read letters of either case through a key.
    const last = has('xor') ? ['xor'] : ignoresCase ? ['nocase'] : []
    return [quoted(unescaped(text)), ...modifiers, ...last].join(' ')
  }
  const regex = yaraRegexOf(withoutSlashes(text))
  if ('flaw' in regex) return regex
  const ignoresCase = regex.ignoresCase || has('nocase') || !item.exact
  return [`/${regex.body}/`, ...modifiers, ...(ignoresCase ? ['nocase'] : [])].join(' ')
}

function factOf(item: YaraItem, reader: IocReader): ContentFact | Flaw {
  const string = yaraString(item, reader)
  if (typeof string !== 'string') return string
  const given = reader.parameters.take(item.element, ['yara/count', 'yara/offset/at', 'yara/offset/in'])
  const place = yaraPlace(given.get('yara/offset/at'), given.get('yara/offset/in'))
  if (isFlaw(place)) return place
  const count = given.get('yara/count')
  const number = count === undefined ? undefined : counted(item.comparison, count)
  if (number !== undefined && typeof number !== 'string') return number
  const isPresence = ['is', 'contains', 'matches'].includes(item.comparison)
  if (number === undefined && !isPresence)
    return { flaw: `"${item.comparison}" wants the parameter yara/count` }
  return {
    modules: place.modules,
    strings: [string],
    condition: ([name = '$s0']) => {
      const times = number === undefined ? [] : [`#${name.slice(1)} ${number}`]
      const where = place.text === '' && times.length > 0 ? [] : [`${name}${place.text}`]
      return [...where, ...times].join(' and ')
    },
  }
}

const counting: Partial<Readonly<Record<Comparison, string>>> = {
  is: '==',
  contains: '==',
  greater: '>',
  less: '<',
}

function counted(comparison: Comparison, count: string): string | Flaw {
  const operator = counting[comparison]
  if (operator === undefined) return { flaw: `"${comparison}" does not compare counts` }
  return /^\d{1,9}$/.test(count) ? `${operator} ${Number(count)}` : { flaw: `yara/count is no number` }
}

const units: Readonly<Record<string, number>> = { '': 1, kb: 1_024, mb: 1_048_576 }

function fileSize({ comparison, text }: YaraItem): Condition | Flaw {
  const size = /^(\d{1,12})\s*(|kb|mb)$/i.exec(text.trim())
  const isOrder = comparison === 'is' || comparison === 'greater' || comparison === 'less'
  if (size === null) return { flaw: `"${text.slice(0, 40)}" is no size of a file` }
  if (!isOrder) return { flaw: `"${comparison}" does not compare sizes` }
  const bytes = Number(size[1]) * (units[(size[2] ?? '').toLowerCase()] ?? 1)
  return term({ object: 'file', property: 'file.size', comparison, values: [bytes] })
}

function lowerRule({ text, element }: YaraItem, { findings, blobs }: IocReader): Condition | Flaw {
  const content = wholeRule(text, 'file', blobs)
  if (content === undefined) return { flaw: 'it holds no YARA rule that stands for itself' }
  const message = 'the YARA rule inside the document is not checked before it runs'
  findings.say({ code: 'IOC012', severity: 'warning', message, at: element })
  return content
}

/** Authors write such texts as between the quotes of YARA. */
function unescaped(text: string): string {
  const letters: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\', '"': '"' }
  return text.replace(/\\(?:x([0-7][0-9A-Fa-f])|([tnr\\"]))/g, (_, code: string | undefined, letter = '') =>
    code === undefined ? (letters[letter] ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function withoutSlashes(text: string): string {
  const written = /^\/(.*)\/([is]{0,2})$/s.exec(text.trim())
  if (written === null) return text
  return `${written[2]?.includes('i') ? '(?i)' : ''}${written[1] ?? ''}`
}

/** The term that an item names, for those who look at items before they are lowered. */
export function searchOf(element: XmlElement): string {
  const context = element.children.find(({ local }) => local === 'Context')
  return context === undefined ? '' : (attributeOf(context, 'search') ?? '').trim()
}
