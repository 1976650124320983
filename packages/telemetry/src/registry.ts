import { type Field, type Fields, known, unknownField } from '@tocsin/model'
import { textField } from './facts.ts'

/** Sysmon's words for what happened in the registry; whether it happened to a value of a key. */
export const registryWords: ReadonlyMap<string, { readonly operation: string; readonly ofValue: boolean }> =
  new Map([
    ['createkey', { operation: 'create', ofValue: false }],
    ['deletekey', { operation: 'delete', ofValue: false }],
    ['renamekey', { operation: 'rename', ofValue: false }],
    ['setvalue', { operation: 'set', ofValue: true }],
    ['deletevalue', { operation: 'delete', ofValue: true }],
    ['renamevalue', { operation: 'rename', ofValue: true }],
    // Words of Sysmon before version 11.
    ['createvalue', { operation: 'create', ofValue: true }],
  ])

/**
 * The path of a key, behind which Sysmon writes the name of the value that the event is about.
 * Limit: a backslash in the name of a value is taken for one of the key's path.
 */
export function registryFields(target: string, word: string | undefined): Fields {
  const told = word === undefined ? undefined : registryWords.get(word.trim().toLowerCase())
  const operation: Field = told === undefined ? unknownField : known(told.operation)
  const cut = target.lastIndexOf('\\')
  if (told?.ofValue !== true || cut <= 0)
    return { 'registry.operation': operation, 'registry.key_path': textField(target) }
  return {
    'registry.operation': operation,
    'registry.key_path': textField(target.slice(0, cut)),
    'registry.value_name': textField(target.slice(cut + 1)),
  }
}

/** What the operation is called in an event. */
export function registryOperation(word: string | undefined): string {
  return registryWords.get(word?.trim().toLowerCase() ?? '')?.operation ?? 'change'
}
