import type { Term } from '@tocsin/model'

/** Properties of a path that recorder and scanner fill from the path itself. */
const paths: Readonly<
  Record<string, { readonly name: string; readonly folder?: string; readonly extension?: string }>
> = {
  'file.path': { name: 'file.name', folder: 'file.directory', extension: 'file.extension' },
  'process.path': { name: 'process.name' },
  'process.parent_path': { name: 'process.parent_name' },
  'process.ancestry_path': { name: 'process.ancestry_name' },
}

const either: Readonly<Record<string, string>> = {
  'network.local_address': 'network.address',
  'network.remote_address': 'network.address',
  'network.local_port': 'network.port',
  'network.remote_port': 'network.port',
  'connection.local_address': 'connection.address',
  'connection.remote_address': 'connection.address',
  'connection.local_port': 'connection.port',
  'connection.remote_port': 'connection.port',
}

/**
 * Terms on other properties that are met wherever this one is. A path tells its name, folder and extension where every
 * value of the term has a slash before the name.
 */
export function derivedTerms(term: Term): readonly Term[] {
  const wider = either[term.property]
  if (wider !== undefined) return [{ ...term, property: wider }]
  const own = paths[term.property]
  if (own === undefined) return term.property === 'file.name' ? extensionOf(term, 'file.extension') : []
  const texts = plainTexts(term)
  if (texts === undefined || !['is', 'ends with'].includes(term.comparison) || !texts.every(hasName))
    return []
  const names = termOf(term, own.name, texts.map(nameOf))
  const folders = own.folder === undefined ? [] : folderOf(term, own.folder, texts)
  const extensions = own.extension === undefined ? [] : extensionOf(names, own.extension)
  return [names, ...folders, ...extensions]
}

function folderOf(term: Term, property: string, texts: readonly string[]): readonly Term[] {
  const isWhole = term.comparison === 'is' && texts.every((text) => /^\/.+\//.test(text))
  return isWhole
    ? [
        termOf(
          term,
          property,
          texts.map((text) => text.slice(0, text.lastIndexOf('/'))),
        ),
      ]
    : []
}

/** The extension of a name that is known as a whole. */
function extensionOf(term: Term, property: string): readonly Term[] {
  const texts = plainTexts(term)
  if (
    texts === undefined ||
    term.comparison !== 'is' ||
    !texts.every((text) => /^[^/\\]+\.[^./\\]+$/.test(text))
  )
    return []
  return [
    termOf(
      term,
      property,
      texts.map((text) => text.slice(text.lastIndexOf('.') + 1)),
    ),
  ]
}

function termOf(term: Term, property: string, values: readonly string[]): Term {
  return { ...term, property, comparison: 'is', operand: { kind: 'values', values } }
}

/** Every value is a text, one of them suffices, and it is compared as written but for case. */
function plainTexts({ operand, apply, negate, text }: Term): readonly string[] | undefined {
  if (operand.kind !== 'values' || apply !== 'any' || negate) return undefined
  if (text.nfc === true || text.dashes === true) return undefined
  const texts = operand.values.filter((value) => typeof value === 'string')
  return texts.length === operand.values.length ? texts : undefined
}

/** On Windows a backslash would part names as well. */
function hasName(text: string): boolean {
  return /^[^\\]*\/[^\\/]+$/.test(text)
}

function nameOf(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1)
}
