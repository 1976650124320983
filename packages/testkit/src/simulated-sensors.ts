import type { Sensors } from '@tocsin/agent/answer/answer-question.ts'
import { type Cell, type Column, type Row, sensorNamed } from '@tocsin/questions'

const common = 30

/** What a simulated machine says: thirty programs run on each, and one only there; other sensors have one row. */
export function simulatedSensors(computerName: string): Sensors {
  return {
    rowsOf: async ({ sensor }) => ({ rows: rowsOf(sensor, computerName), missing: null }),
  }
}

function rowsOf(sensor: string, computerName: string): readonly Row[] {
  if (sensor === 'Running Processes') {
    const shared = Array.from({ length: common }, (_, place): Row => [`program-${place}`])
    return [...shared, [`only-on-${computerName}`]]
  }
  if (sensor === 'Computer Name') return [[computerName]]
  if (sensor === 'Operating System') return [['Simulated Linux 1.0']]
  return [(sensorNamed(sensor)?.columns ?? []).map(cellOf)]
}

function cellOf({ name, type }: Column): Cell {
  if (type === 'text') return name.toLowerCase()
  return type === 'flag' ? true : 42
}
