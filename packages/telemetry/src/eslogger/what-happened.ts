import { type Field, type Fields, known, unknownField } from '@tocsin/model'
import { pathFields, textField } from '../facts.ts'
import { isRecord, type JsonRecord, textAt } from '../json-record.ts'
import { pathAt } from './process.ts'
import type { EsloggerRow } from './table.ts'

type ReadRow = Exclude<EsloggerRow, { readonly why: string }>

const executable = 4

/** The fields of an event, by what it is; or why this one is nothing to tell. */
export function whatHappened(
  row: ReadRow,
  details: JsonRecord,
): { readonly fields: Fields } | { readonly other: string } {
  switch (row.name) {
    case 'exec':
      return { fields: { 'process.operation': known('start') } }
    case 'exit':
      return {
        fields: { 'process.operation': known('exit'), 'process.exit_code': exitField(details.stat) },
      }
    case 'mmap':
      return mapped(details)
    case 'kextload': {
      const name = textAt(details, 'identifier')
      return { fields: name === undefined ? {} : { 'driver.name': textField(name) } }
    }
    case 'close':
      return details.modified === true ? fileOf(row, details) : { other: 'nothing was written' }
    default:
      return fileOf(row, details)
  }
}

/** Only what is mapped to be executed is a library that is loaded. */
function mapped({ protection, source }: JsonRecord) {
  const path = pathAt(source)
  if (typeof protection !== 'number' || (protection & executable) === 0) return { other: 'it is no code' }
  return { fields: path === undefined ? {} : pathFields('image', path) }
}

function fileOf({ name, operation }: ReadRow, details: JsonRecord) {
  const path = pathOf(name, details)
  const source = name === 'rename' ? pathAt(details.source) : undefined
  return {
    fields: {
      'file.operation': known(operation),
      ...(path === undefined ? {} : pathFields('file', path)),
      ...(source === undefined ? {} : { 'file.source_path': textField(source) }),
    },
  }
}

function pathOf(name: string, details: JsonRecord): string | undefined {
  switch (name) {
    case 'create':
    case 'rename':
      return destinationOf(details.destination)
    case 'link':
      return joined(details.target_dir, details.target_filename)
    default:
      return pathAt(details.target)
  }
}

/** A file that is there, or a name in a folder. */
function destinationOf(destination: unknown): string | undefined {
  if (!isRecord(destination)) return undefined
  const { existing_file, new_path } = destination
  return pathAt(existing_file) ?? (isRecord(new_path) ? joined(new_path.dir, new_path.filename) : undefined)
}

function joined(folder: unknown, name: unknown): string | undefined {
  const path = pathAt(folder)
  if (path === undefined || typeof name !== 'string') return undefined
  return path.endsWith('/') ? `${path}${name}` : `${path}/${name}`
}

/** Of a status as wait(2) gives it: the exit code, or 128 and the number of the signal that ended it. */
function exitField(status: unknown): Field {
  if (typeof status !== 'number' || !Number.isSafeInteger(status)) return unknownField
  const signal = status & 0x7f
  return known(signal === 0 ? (status >> 8) & 0xff : 128 + signal)
}
