import type { ObjectKind } from '@tocsin/model'

/** What an action does to the object it affects, as the recorder calls it. */
export interface Operation {
  readonly object: ObjectKind
  readonly property: string
  readonly words: readonly string[]
}

const file = (...words: readonly string[]): Operation => ({
  object: 'file',
  property: 'file.operation',
  words,
})
const process = (...words: readonly string[]): Operation => ({
  object: 'process',
  property: 'process.operation',
  words,
})
const registry = (...words: readonly string[]): Operation => ({
  object: 'registry',
  property: 'registry.operation',
  words,
})

/** Names of ActionNameVocab that a recorder can see. */
const operations: ReadonlyMap<string, Operation> = new Map([
  ['create file', file('create')],
  ['delete file', file('delete')],
  ['write to file', file('create', 'write')],
  ['modify file', file('write')],
  ['rename file', file('rename')],
  ['move file', file('rename')],
  ['create process', process('start')],
  ['kill process', process('exit')],
  ['create registry key', registry('create')],
  ['delete registry key', registry('delete')],
  ['create registry key value', registry('set')],
  ['modify registry key value', registry('set')],
  ['delete registry key value', registry('delete')],
])

const network = (...words: readonly string[]): Operation => ({
  object: 'network',
  property: 'network.operation',
  words,
})

/** What a type of action without a name is, depending on the object that it affects. */
const types: ReadonlyMap<string, readonly Operation[]> = new Map([
  ['create', [file('create'), process('start'), registry('create', 'set')]],
  ['write', [file('create', 'write'), registry('set')]],
  ['modify', [file('write'), registry('set')]],
  ['delete', [file('delete'), registry('delete')]],
  ['remove', [file('delete'), registry('delete')]],
  ['move', [file('rename')]],
  ['rename', [file('rename'), registry('rename')]],
  ['execute', [process('start')]],
  ['kill', [process('exit')]],
  ['connect', [network('connect')]],
  ['listen', [network('listen')]],
])

/** What the recorder calls an action, by its name or else by its type; nothing if it sees none such. */
export function operationsOf(name: string | undefined, type: string | undefined): readonly Operation[] {
  if (name === undefined) return types.get(type?.trim().toLowerCase() ?? '') ?? []
  const named = operations.get(name.trim().toLowerCase())
  return named === undefined ? [] : [named]
}
