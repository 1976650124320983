import type { EventObject } from '@tocsin/model'

/** An event of Endpoint Security: what it is here, or why it is nothing that conditions can read. */
export type EsloggerRow = {
  /** The name that eslogger takes and writes. */
  readonly name: string
} & (
  | {
      readonly object: EventObject
      readonly operation: string
      /** What it fills, besides what is known of the process that acts. */
      readonly properties: readonly string[]
    }
  | { readonly why: string }
)

const ofFile = ['file.operation', 'file.path', 'file.name', 'file.directory', 'file.extension']
const noProperty = 'the vocabulary has no properties for it'

/** Every event that the agent asks for, and others that files of events often hold. */
export const esloggerTable: readonly EsloggerRow[] = [
  { name: 'exec', object: 'process', operation: 'start', properties: ['process.operation'] },
  {
    name: 'exit',
    object: 'process',
    operation: 'exit',
    properties: ['process.operation', 'process.exit_code'],
  },
  { name: 'fork', why: 'the child is told by what it does' },
  { name: 'create', object: 'file', operation: 'create', properties: ofFile },
  { name: 'write', why: 'the close of a written file tells of it once' },
  { name: 'close', object: 'file', operation: 'write', properties: ofFile },
  { name: 'rename', object: 'file', operation: 'rename', properties: [...ofFile, 'file.source_path'] },
  { name: 'unlink', object: 'file', operation: 'delete', properties: ofFile },
  { name: 'link', object: 'file', operation: 'create', properties: ofFile },
  { name: 'truncate', object: 'file', operation: 'write', properties: ofFile },
  { name: 'setmode', object: 'file', operation: 'change', properties: ofFile },
  { name: 'setowner', object: 'file', operation: 'change', properties: ofFile },
  { name: 'mmap', object: 'image', operation: 'load', properties: ['image.path', 'image.name'] },
  { name: 'kextload', object: 'driver', operation: 'load', properties: ['driver.name'] },
  { name: 'kextunload', why: noProperty },
  { name: 'open', why: 'files that are only opened are not recorded' },
  { name: 'signal', why: noProperty },
  { name: 'mount', why: noProperty },
  { name: 'unmount', why: noProperty },
]

/** What every event tells of the process that acts; the command line is that of its last exec. */
export const esloggerActor: readonly string[] = [
  'process.path',
  'process.name',
  'process.pid',
  'process.parent_pid',
  'process.user_name',
  'process.command_line',
  'process.cwd',
  'process.start_time',
]
