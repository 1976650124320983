import { type Comparison, type Condition, type Literal, type Term, visit } from '@tocsin/model'
import { flawOfPattern, quoted } from './patterns.ts'

/** How a document's words for a place are to be compared with the recorder's full paths. */
export type Meaning =
  | 'plain'
  /** A folder without drive letter, compared with a folder. */
  | 'folder'
  /** A folder without drive letter, compared with the path of a file in it. */
  | 'folder of file'
  /** A file, or the folder it lies in. */
  | 'file or folder'
  /** The last part of a full path. */
  | 'file name'
  /** What stands after the last dot of a full path. */
  | 'file extension'
  /** A whole name is the last part of what the kernel calls the object. */
  | 'object name'
  | 'drive'
  | 'extension'
  /** Hive, key and, if there is one, the value's name. */
  | 'registry path'
  /** A key without its hive. */
  | 'registry key'
  | 'registry hive'

export interface Wanted {
  readonly comparison: Comparison
  readonly value: string
  /** Makes the term on the property in question, or on another one of the same object. */
  readonly make: (comparison: Comparison, values: readonly Literal[], property?: string) => Term
}

const drive = '^(?:[A-Za-z]:)?[\\\\/]*'
const separator = '[\\\\/]'

/**
 * The condition on full paths that a comparison with this meaning stands for; or why there is none: a text becomes a
 * longer pattern, which endpoints may not take any more.
 */
export function placeCondition(meaning: Meaning, wanted: Wanted): Condition | string {
  const condition = placed(meaning, wanted)
  let flaw: string | undefined
  visit(condition, (node) => {
    if (node.kind !== 'term' || node.comparison !== 'matches' || node.operand.kind !== 'values') return
    for (const value of node.operand.values) flaw ??= flawOfPattern(String(value))
  })
  return flaw ?? condition
}

function placed(meaning: Meaning, wanted: Wanted): Condition {
  const { comparison, value, make } = wanted
  switch (meaning) {
    case 'plain':
      return make(comparison, [value])
    case 'extension':
      return make(comparison, [comparison === 'matches' ? value : value.replace(/^\./, '')])
    case 'drive':
      return make(comparison === 'is' ? 'starts with' : comparison, [`${withoutEnd(value, ':\\/')}:`])
    case 'folder':
      return folder(wanted)
    case 'folder of file':
      return folderOfFile(wanted)
    case 'file or folder':
      return fileOrFolder(wanted)
    case 'file name':
      return lastPart(wanted)
    case 'file extension':
      return lastPart({ ...wanted, comparison: 'ends with', value: `.${value.replace(/^\./, '')}` })
    case 'object name':
      return comparison === 'is' ? lastPart(wanted) : make(comparison, [value])
    case 'registry path':
      return registryPath(wanted)
    case 'registry key':
      return registryKey(wanted)
    case 'registry hive':
      return make('starts with', hiveSpellings(`${withoutEnd(value)}\\`))
  }
}

function folder({ comparison, value, make }: Wanted): Condition {
  if (comparison === 'is') return make('matches', [`${drive}${quoted(withoutEnd(value))}$`])
  if (comparison === 'starts with') return make('matches', [`${drive}${quoted(value)}`])
  return make(comparison, [value])
}

// Limit: a regular expression about a loaded library's folder is matched against its whole path.
function folderOfFile({ comparison, value, make }: Wanted): Condition {
  const text = quoted(value)
  if (comparison === 'is') {
    return make('matches', [`${drive}${quoted(withoutEnd(value))}${separator}[^\\\\/]*$`])
  }
  if (comparison === 'starts with') return make('matches', [`${drive}${text}`])
  if (comparison === 'ends with') return make('matches', [`${text}${separator}[^\\\\/]*$`])
  if (comparison === 'contains') return make('matches', [`${text}.*${separator}`])
  return make(comparison, [value])
}

function lastPart({ comparison, value, make }: Wanted): Condition {
  const text = quoted(value)
  const rest = '[^\\\\/]*$'
  if (comparison === 'is') return make('matches', [`(?:^|${separator})${text}$`])
  if (comparison === 'starts with') return make('matches', [`(?:^|${separator})${text}${rest}`])
  if (comparison === 'contains') return make('matches', [`${text}${rest}`])
  return make(comparison, [value])
}

function fileOrFolder({ comparison, value, make }: Wanted): Condition {
  const ending = `${quoted(withoutEnd(value))}(?:${separator}[^\\\\/]*)?$`
  if (comparison === 'is') return make('matches', [`^${ending}`])
  if (comparison === 'ends with') return make('matches', [ending])
  return make(comparison, [value])
}

/** A recorded key and its value's name are two properties; the document's path holds both. */
function registryPath({ comparison, value, make }: Wanted): Condition {
  const key = make(comparison, hiveSpellings(value))
  const cut = value.lastIndexOf('\\')
  const name = value.slice(cut + 1)
  if (name === '' || comparison === 'matches' || comparison === 'starts with') return key
  const naming = make(comparison === 'contains' ? 'starts with' : 'is', [name], 'registry.value_name')
  if (cut < 0) {
    return comparison === 'contains' || comparison === 'ends with'
      ? either(key, make(comparison, [name], 'registry.value_name'))
      : key
  }
  const above = value.slice(0, cut)
  if (above === '') return either(key, naming)
  const inKey = make(comparison === 'is' ? 'is' : 'ends with', hiveSpellings(above))
  return either(key, { kind: 'and', parts: [inKey, naming] })
}

function registryKey({ comparison, value, make }: Wanted): Condition {
  if (/^HK/i.test(value)) return make(comparison, hiveSpellings(value))
  if (comparison === 'is') return make('matches', [`(?:^|\\\\)${quoted(value)}$`])
  if (comparison === 'starts with') return make('matches', [`(?:^|\\\\)${quoted(value)}`])
  return make(comparison, [value])
}

function either(one: Condition, other: Condition): Condition {
  return { kind: 'or', parts: [one, other] }
}

function withoutEnd(folderName: string, letters = '\\/'): string {
  let end = folderName.length
  while (end > 0 && letters.includes(folderName.charAt(end - 1))) end -= 1
  return folderName.slice(0, end)
}

const hives: readonly (readonly [long: string, short: string])[] = [
  ['HKEY_LOCAL_MACHINE', 'HKLM'],
  ['HKEY_CURRENT_USER', 'HKCU'],
  ['HKEY_CLASSES_ROOT', 'HKCR'],
  ['HKEY_USERS', 'HKU'],
  ['HKEY_CURRENT_CONFIG', 'HKCC'],
]

/** Recorders and documents spell hives both ways. */
export function hiveSpellings(path: string): readonly string[] {
  const start = path.split('\\', 1)[0] ?? ''
  const hive = hives.find((spellings) => spellings.includes(start.toUpperCase()))
  if (hive === undefined) return [path]
  return hive.map((spelling) => `${spelling}${path.slice(start.length)}`)
}
