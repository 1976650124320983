import { columns, linuxSensor } from './columns.ts'
import type { Parameter, Sensor } from './sensor.ts'

const since: Parameter = { key: 'since', label: 'how far back, such as 90m, 12h or 7d', usual: '1h' }

/** The filter is looked up in the journal's index where it has one. */
function withFilter(label: string): readonly Parameter[] {
  return [{ key: 'filter', label, usual: '' }, since]
}

/** They are answered from the journal of the endpoint, the newest events first. */
export const recordedSensors: readonly Sensor[] = [
  linuxSensor('Recorded Processes', 'Programs that were started.', {
    parameters: withFilter('a part of the command line'),
    columns: columns(
      ['Time', 'time'],
      'Path',
      'Command Line',
      'User',
      ['PID', 'number'],
      ['Parent PID', 'number'],
    ),
  }),
  linuxSensor('Recorded File Events', 'Files that were created, written, renamed or deleted.', {
    parameters: withFilter('a part of the path'),
    columns: columns(['Time', 'time'], 'Operation', 'Path', 'Process', 'User', ['Times', 'number']),
  }),
  linuxSensor('Recorded Network Events', 'Connections that were made or accepted.', {
    parameters: withFilter('a part of the remote address'),
    columns: columns(
      ...([['Time', 'time'], 'Operation', 'Protocol', 'Remote Address', ['Remote Port', 'number']] as const),
      ...([['Local Port', 'number'], 'Process', 'User', ['Times', 'number']] as const),
    ),
  }),
  linuxSensor('Recorded DNS Queries', 'Names that were looked up.', {
    parameters: withFilter('a part of the name'),
    columns: columns(['Time', 'time'], 'Query', 'Answer', 'Process', 'User', ['Times', 'number']),
  }),
  linuxSensor('Blind Intervals', 'Times in which the endpoint recorded nothing or lost events.', {
    parameters: [{ ...since, usual: '1d' }],
    columns: columns(['From', 'time'], ['To', 'time'], 'Object', 'Reason', ['Lost Events', 'number']),
  }),
]
