import { callOf } from './calls.ts'
import { auditTypes, type JoinedRecords, recordOf } from './joined-records.ts'
import { pathFrom } from './path-from.ts'
import { fieldOf, textOf } from './record-text.ts'

/** What a call did to a file. */
export interface FileChange {
  readonly operation: 'create' | 'rename' | 'delete'
  /** Missing where the name is relative to an open folder, of which the log does not tell the path. */
  readonly path: string | undefined
  readonly name: string
  readonly source?: string
}

interface Named {
  readonly name: string
  readonly nametype: string
}

const inWorkingFolder = /^(?:f{6}|f{14})9c$/i

/** What is created, renamed or deleted, as the types of the names in the PATH records say. Folders do not count. */
export function fileChangesOf(joined: JoinedRecords): readonly FileChange[] {
  const syscall = recordOf(joined, auditTypes.syscall) ?? ''
  const call = callOf(fieldOf(syscall, 'arch'), fieldOf(syscall, 'syscall'))
  const names = joined.records.flatMap(({ type, text }) => (type === auditTypes.path ? namedOf(text) : []))
  const folder = folderOf(joined)
  // Limit: a name that is relative to an open folder has no path in an audit log.
  const isRelative = (descriptor: string) => !inWorkingFolder.test(fieldOf(syscall, descriptor) ?? '')
  const changeOf = (operation: FileChange['operation'], name: string, isAt: boolean): FileChange => {
    const path = name.startsWith('/') || !isAt ? pathFrom(name, folder) : undefined
    return { operation, path, name: name.slice(name.lastIndexOf('/') + 1) }
  }
  const ofType = (nametype: string) => names.filter((each) => each.nametype === nametype)
  switch (call) {
    case 'create':
    case 'createAt':
      return ofType('CREATE').map(({ name }) =>
        changeOf('create', name, call === 'createAt' && isRelative('a0')),
      )
    case 'unlink':
    case 'unlinkAt':
      return ofType('DELETE').map(({ name }) =>
        changeOf('delete', name, call === 'unlinkAt' && isRelative('a0')),
      )
    case 'rename':
    case 'renameAt': {
      const [from] = ofType('DELETE')
      const [to] = ofType('CREATE')
      if (from === undefined || to === undefined) return []
      const source = changeOf('delete', from.name, call === 'renameAt' && isRelative('a0')).path
      const renamed = changeOf('rename', to.name, call === 'renameAt' && isRelative('a2'))
      return [source === undefined ? renamed : { ...renamed, source }]
    }
    default:
      return []
  }
}

/** Nothing for folders, whose mode begins with 04. */
function namedOf(text: string): readonly Named[] {
  const name = textOf(text, 'name')
  const nametype = fieldOf(text, 'nametype')
  if (name === undefined || nametype === undefined || /^04/.test(fieldOf(text, 'mode') ?? '')) return []
  return [{ name, nametype }]
}

function folderOf(joined: JoinedRecords): string | undefined {
  const record = recordOf(joined, auditTypes.cwd)
  return record === undefined ? undefined : textOf(record, 'cwd')
}
