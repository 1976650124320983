import { columns, linuxSensor } from './columns.ts'
import type { Sensor } from './sensor.ts'

export const processSensors: readonly Sensor[] = [
  linuxSensor('Running Processes', 'Names of the programs that run.', { columns: columns('Process') }),
  linuxSensor('Running Processes with Hash', 'Executables that run, with their hashes.', {
    columns: columns('Path', 'MD5', 'SHA-1', 'SHA-256'),
  }),
  linuxSensor('Process Tree', 'Processes that run, each after the one that created it.', {
    columns: columns(
      ...(['Process', ['Depth', 'number'], ['PID', 'number'], ['Parent PID', 'number']] as const),
      ...(['Path', 'Command Line', 'User', ['Started', 'time']] as const),
    ),
  }),
  linuxSensor('Environment', 'Environment variables of running programs, as they were at their start.', {
    columns: columns('Process', 'Variable', 'Value'),
    isSecret: true,
  }),
  linuxSensor('Open Ports', 'Ports that are listened on, with the program that does.', {
    columns: columns('Protocol', 'Address', ['Port', 'number'], 'Process'),
  }),
  linuxSensor('Network Connections', 'TCP and UDP sockets of the main network namespace.', {
    columns: columns(
      ...(['Protocol', 'Local Address', ['Local Port', 'number'], 'Remote Address'] as const),
      ...([['Remote Port', 'number'], 'State'] as const),
    ),
  }),
  linuxSensor('Established Connections with Process', 'TCP connections with the program that holds them.', {
    columns: columns(
      ...(['Protocol', 'Local Address', ['Local Port', 'number'], 'Remote Address'] as const),
      ...([['Remote Port', 'number'], ['PID', 'number'], 'Process', 'Path', 'User'] as const),
    ),
  }),
]
