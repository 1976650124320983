import {
  type ByteTest,
  type FactOf,
  type Flaw,
  numberTest,
  regexTest,
  textTest,
  timeTest,
} from './byte-facts.ts'

type Expression = (read: string, test: ByteTest) => string | Flaw

/** A number in the headers of a program for Windows. */
export const peNumber = (read: string): FactOf => peFact((test) => numberTest(read, test))
export const peTime = (read: string): FactOf => peFact((test) => timeTest(read, test))
export const peText = (read: string): FactOf => peFact((test) => textTest(read, test))

/** Some member of a list has it; `read` is the member's field. */
export function peEach(list: string, read: string, of: 'number' | 'text' | 'wide text'): FactOf {
  const expressions: Readonly<Record<typeof of, Expression>> = {
    number: numberTest,
    text: textTest,
    'wide text': wideTest,
  }
  return peFact((test) => {
    const inner = expressions[of](`e.${read}`, test)
    return isTextual(inner) ? `for any e in ${list} : (${inner})` : inner
  })
}

/** Whether a function of the module finds a name. */
export function peNamed(call: (pattern: string) => string): FactOf {
  return peFact((test) => {
    const pattern = regexTest(test)
    return isTextual(pattern) ? call(pattern) : pattern
  })
}

/** The document's words for what a header says. */
export function peWords(words: Readonly<Record<string, string>>): FactOf {
  return peFact(({ comparison, text }) => {
    const wanted = keyOf(text)
    const met = Object.entries(words).filter(([word]) => holds(comparison, keyOf(word), wanted))
    if (met.length > 0) return met.map(([, expression]) => `(${expression})`).join(' or ')
    return { flaw: `no fact of a file is known as “${text.slice(0, 40)}” here`, isUnknown: true }
  })
}

/** Who signed it, or who vouches for that: a whole name may be any part of the distinguished one. */
export function peSigner(read: 'subject' | 'issuer'): FactOf {
  return peFact((test) => {
    const pattern = test.comparison === 'is' ? regexTest({ ...test, comparison: 'contains' }) : undefined
    if (pattern === undefined) return eachSignature(textTest(`e.${read}`, test))
    if (!isTextual(pattern)) return pattern
    const end = pattern.lastIndexOf('/')
    const whole = `/(^|[\\x2f=])${pattern.slice(1, end)}($|\\x2f)${pattern.slice(end)}`
    return eachSignature(`e.${read} matches ${whole}`)
  })
}

/** Yes and no. */
export function peFlag(yes: string): FactOf {
  return peFact(({ comparison, text }) => {
    const word = text.trim().toLowerCase()
    if (comparison !== 'is' && comparison !== 'contains')
      return { flaw: `"${comparison}" does not compare yes and no` }
    if (/^(?:true|yes|1)$/.test(word)) return yes
    return /^(?:false|no|0)$/.test(word)
      ? `not (${yes})`
      : { flaw: `"${text.slice(0, 40)}" is neither true nor false` }
  })
}

function eachSignature(inner: string | Flaw): string | Flaw {
  return isTextual(inner) ? `for any e in pe.signatures : (${inner})` : inner
}

/** What is no program for Windows has none of its facts. */
function peFact(expressionOf: (test: ByteTest) => string | Flaw): FactOf {
  return (test) => {
    const expression = expressionOf(test)
    if (!isTextual(expression)) return expression
    return { modules: ['pe'], condition: () => `pe.is_pe and (${expression})` }
  }
}

function isTextual(expression: string | Flaw): expression is string {
  return typeof expression === 'string'
}

/** Names of resources stand in the file in UTF-16. */
function wideTest(read: string, test: ByteTest): string | Flaw {
  return test.comparison === 'matches'
    ? { flaw: 'names of resources are not matched with patterns' }
    : textTest(read, test, 'wide')
}

function keyOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '')
}

function holds(comparison: ByteTest['comparison'], word: string, wanted: string): boolean {
  if (wanted === '') return false
  if (comparison === 'contains') return word.includes(wanted)
  if (comparison === 'starts with') return word.startsWith(wanted)
  if (comparison === 'ends with') return word.endsWith(wanted)
  return comparison === 'is' && word === wanted
}

const resourceTypes = {
  RT_CURSOR: 'CURSOR',
  RT_BITMAP: 'BITMAP',
  RT_ICON: 'ICON',
  RT_MENU: 'MENU',
  RT_DIALOG: 'DIALOG',
  RT_STRING: 'STRING',
  RT_FONTDIR: 'FONTDIR',
  RT_FONT: 'FONT',
  RT_ACCELERATOR: 'ACCELERATOR',
  RT_RCDATA: 'RCDATA',
  RT_MESSAGETABLE: 'MESSAGETABLE',
  RT_GROUP_CURSOR: 'GROUP_CURSOR',
  RT_GROUP_ICON: 'GROUP_ICON',
  RT_VERSION: 'VERSION',
  RT_DLGINCLUDE: 'DLGINCLUDE',
  RT_PLUGPLAY: 'PLUGPLAY',
  RT_VXD: 'VXD',
  RT_ANICURSOR: 'ANICURSOR',
  RT_ANIICON: 'ANIICON',
  RT_HTML: 'HTML',
  RT_MANIFEST: 'MANIFEST',
} as const

/** Resources have names or numbers, and types that have names or well-known numbers. */
export function peResource(field: 'name' | 'type'): FactOf {
  const number = field === 'name' ? 'id' : 'type'
  return peFact((test) => {
    const named = wideTest(`e.${field}_string`, test)
    if (!isTextual(named)) return named
    const wanted = test.text.trim()
    const known = Object.entries(resourceTypes).filter(
      ([word]) => field === 'type' && holds(test.comparison, keyOf(word), keyOf(wanted)),
    )
    const numbered = /^#?\d{1,9}$/.test(wanted) ? [`e.${number} == ${Number(wanted.replace('#', ''))}`] : []
    const parts = [named, ...numbered, ...known.map(([, name]) => `e.type == pe.RESOURCE_TYPE_${name}`)]
    return `for any e in pe.resources : (${parts.join(' or ')})`
  })
}
