import {
  absentField,
  type Field,
  type Fields,
  known,
  type PropertyType,
  storableText,
  unknownField,
} from '@tocsin/model'
import { addressText } from './address.ts'

/** Longer values are cut, as the recorder cuts them. */
const longestText = 32_768

export function textField(text: string): Field {
  const plain = storableText(text)
  if (plain.length <= longestText) return known(plain)
  return { values: [{ cut: plain.slice(0, longestText).toWellFormed() }], whole: false }
}

/** A path with the name in it; of files the folder and the extension too. */
export function pathFields(owner: string, path: string): Fields {
  const plain = textField(path)
  if (!plain.whole) return { [`${owner}.path`]: plain }
  const { folder, name } = splitPath(path)
  const fields = { [`${owner}.path`]: plain, [`${owner}.name`]: textField(name) }
  if (owner !== 'file') return fields
  const dot = name.lastIndexOf('.')
  return {
    ...fields,
    'file.directory': textField(folder),
    'file.extension': textField(dot > 0 ? name.slice(dot + 1) : ''),
  }
}

/** `C:\…` and `\…` are paths of Windows, where both strokes separate; everywhere else only `/` does. */
function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const isWindows = /^(?:[A-Za-z]:[\\/]|\\)/.test(path)
  const cut = isWindows ? Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) : path.lastIndexOf('/')
  const folder = cut === 0 ? path.slice(0, 1) : path.slice(0, Math.max(0, cut))
  return {
    folder: isWindows && /^[A-Za-z]:$/.test(folder) ? `${folder}\\` : folder,
    name: path.slice(cut + 1),
  }
}

const hashLengths: ReadonlyMap<string, number> = new Map([
  ['md5', 32],
  ['sha1', 40],
  ['sha256', 64],
])

/** `MD5=…,SHA256=…`; what is not listed stays unknown, for every file has all hashes. */
export function hashFields(owner: string, text: string): Fields {
  const fields: Record<string, Field> = {}
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=', 2).map((each) => each.trim().toLowerCase())
    if (hashLengths.get(name) === value.length && /^[0-9a-f]+$/.test(value))
      fields[`${owner}.${name}`] = known(value)
  }
  return fields
}

/** Names and addresses of a DNS answer as Sysmon lists them: `type:  5 name;::ffff:192.0.2.1;`. */
export function answersField(text: string): Field {
  const answers = text
    .split(';')
    .map((answer) => answer.replace(/^\s*type:\s*\d+\s*/, '').trim())
    .filter((answer) => answer !== '')
    .map((answer) => addressText(answer) ?? storableText(answer))
  return { values: answers, whole: true }
}

/** A text as a property of this type holds it; unknown where it cannot be one. */
export function typedField(type: PropertyType, text: string): Field {
  const plain = text.trim()
  switch (type) {
    case 'integer':
    case 'port': {
      const number =
        /^-?\d{1,15}$/.test(plain) || /^0x[0-9a-f]{1,12}$/i.test(plain) ? Number(plain) : undefined
      return number === undefined ? unknownField : known(number)
    }
    case 'boolean': {
      const word = plain.toLowerCase()
      return word === 'true' || word === 'false' ? known(word === 'true') : unknownField
    }
    case 'address': {
      const address = addressText(plain)
      return address === undefined ? unknownField : known(address)
    }
    case 'time': {
      const at = microsOf(plain)
      return at === undefined ? unknownField : known({ time: at })
    }
    case 'hash':
      return /^[0-9a-f]{32,64}$/i.test(plain) ? known(plain.toLowerCase()) : unknownField
    default:
      return textField(text)
  }
}

/** Empty, or the stroke that Sysmon writes where there is nothing. */
export function isNothing(text: string): boolean {
  return text === '' || text === '-'
}

/** Nothing there where the source would say so. */
export function fieldOrAbsent(type: PropertyType, text: string): Field {
  return isNothing(text) ? absentField : typedField(type, text)
}

/** `2020-09-04 15:23:04.123`, with `T`, a zone, or up to nine digits of a second; without a zone it is UTC. */
export function microsOf(text: string): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(
    text.trim(),
  )
  if (parts === null) return undefined
  const [, day, time, fraction = '', zone = 'Z'] = parts
  const millis = Date.parse(
    `${day}T${time}${/^z$/i.test(zone) ? 'Z' : zone.replace(/(\d\d):?(\d\d)$/, '$1:$2')}`,
  )
  return Number.isNaN(millis) ? undefined : millis * 1_000 + Number(fraction.padEnd(6, '0').slice(0, 6))
}
