import { type Content, type Digest, digestOfBytes } from '@tocsin/model'

/** A fact about bytes that only their content shows, said in YARA. */
export interface ContentFact {
  /** YARA modules that the expression reads. */
  readonly modules?: readonly string[]
  /** What stands right of `$… =`: a quoted text, a hex string or a pattern, with its modifiers. */
  readonly strings?: readonly string[]
  /** The condition, given the identifiers of the strings (`$s0`, `$s1` …); it speaks of no others. */
  readonly condition: (identifiers: readonly string[]) => string
}

/** Makes a rule of a fact, keeps its text among the blobs, and gives the leaf that asks for it. */
export function contentOf(fact: ContentFact, of: Content['of'], blobs: Map<Digest, Uint8Array>): Content {
  const { modules = [], strings = [], condition } = fact
  const text = ruleText(modules, strings, condition)
  const bytes = new TextEncoder().encode(text)
  const source = digestOfBytes(bytes)
  blobs.set(source, bytes)
  const content: Content = { kind: 'content', source, engines: ['libyara', 'yara-x'], modules, of }
  facts.set(content, fact)
  return content
}

const facts = new WeakMap<Content, ContentFact>()

/** What a generated rule says; nothing of a rule that somebody wrote. */
export function factOfContent(content: Content): ContentFact | undefined {
  return facts.get(content)
}

/** "Has a value, and it is not this": what is no program for Windows has no values of one. */
export function deniedFact(fact: ContentFact): ContentFact {
  const isOfProgram = fact.modules?.includes('pe') ?? false
  return {
    ...fact,
    condition: (names) => `${isOfProgram ? 'pe.is_pe and ' : ''}not (${fact.condition(names)})`,
  }
}

function ruleText(
  modules: readonly string[],
  strings: readonly string[],
  condition: ContentFact['condition'],
): string {
  const imports = modules.map((name) => `import "${name}"\n`).join('')
  const identifiers = strings.map((_, number) => `$s${number}`)
  const section = strings.map((value, number) => ` $s${number} = ${value}\n`).join('')
  const head = strings.length === 0 ? '' : `strings:\n${section}`
  return `${imports}rule fact {\n${head}condition:\n ${condition(identifiers)}\n}\n`
}

export type Encoding = 'utf-8' | 'wide'

/** A text as YARA writes it between quotes; its bytes are those of UTF-8, or of UTF-16 where it is wide. */
export function quoted(text: string, encoding: Encoding = 'utf-8'): string {
  const written = [...encoded(text, encoding)].map((byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
    return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  })
  return `"${written.join('')}"`
}

export function encoded(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text)
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
  return Uint8Array.from(units.flatMap((unit) => [unit & 0xff, unit >> 8]))
}
