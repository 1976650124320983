import { columns, linuxSensor } from './columns.ts'
import type { Sensor } from './sensor.ts'

export const agentSensors: readonly Sensor[] = [
  linuxSensor('Intel Coverage', 'Whether the endpoint runs an intel document, and if not, why.', {
    parameters: [{ key: 'id', label: 'id of the document' }],
    columns: columns(['Intel ID', 'number'], 'Name', ['Revision', 'number'], 'State', 'Reason'),
  }),
  linuxSensor('Client Status', 'What the agent says of itself.', { columns: columns('Fact', 'Value') }),
]
