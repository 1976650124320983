import { accountSensors } from './accounts.ts'
import { agentSensors } from './agent.ts'
import { fileSensors } from './files.ts'
import { machineSensors } from './machine.ts'
import { processSensors } from './processes.ts'
import { recordedSensors } from './recorded.ts'
import type { Sensor } from './sensor.ts'
import { softwareSensors } from './software.ts'

// Limit: no sensor answers from an inventory of files, such as Files with Hash or Files with Name.
/** Everything that can be asked; server, agent, command line and the reference read this one table. */
export const sensors: readonly Sensor[] = [
  ...[...machineSensors, ...processSensors, ...softwareSensors],
  ...[...accountSensors, ...fileSensors, ...recordedSensors, ...agentSensors],
]

const byName = new Map(sensors.map((sensor) => [sensor.name.toLowerCase(), sensor]))

/** Names are compared without case. */
export function sensorNamed(name: string): Sensor | undefined {
  return byName.get(name.toLowerCase())
}
