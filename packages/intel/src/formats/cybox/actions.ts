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

export function operationNamed(action: string): Operation | undefined {
  return operations.get(action.trim().toLowerCase())
}
