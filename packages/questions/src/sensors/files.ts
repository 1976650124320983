import { columns, linuxSensor } from './columns.ts'
import type { Parameter, Sensor } from './sensor.ts'

const path: Parameter = { key: 'path', label: 'absolute path' }

export const fileSensors: readonly Sensor[] = [
  linuxSensor('File Exists', 'Whether a path is there, and what it is; a link is not followed.', {
    parameters: [path],
    columns: columns('Path', ['Exists', 'flag'], 'Kind'),
  }),
  linuxSensor('File Hash', 'Hashes of one file; a link is followed.', {
    parameters: [path],
    columns: columns('Path', ['Size', 'bytes'], 'MD5', 'SHA-1', 'SHA-256'),
  }),
  linuxSensor('Folder Contents', 'What lies in a folder.', {
    parameters: [path],
    columns: columns('Name', 'Kind', ['Size', 'bytes'], ['Modified', 'time'], 'Owner', 'Mode'),
  }),
  linuxSensor('File Contents', 'Lines of one file of text, the first 64 KiB of it.', {
    parameters: [path],
    columns: columns(['Line', 'number'], 'Text'),
    isSecret: true,
  }),
]
