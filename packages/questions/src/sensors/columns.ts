import type { Column, ColumnType, Sensor } from './sensor.ts'

/** Columns by name; the type is `text` unless said. */
export function columns(...names: readonly (string | readonly [string, ColumnType])[]): readonly Column[] {
  return names.map((each) =>
    typeof each === 'string' ? { name: each, type: 'text' } : { name: each[0], type: each[1] },
  )
}

/** A sensor that the agent answers on Linux. */
export function linuxSensor(
  name: string,
  description: string,
  of: Pick<Sensor, 'columns'> & Partial<Pick<Sensor, 'parameters' | 'isSecret'>>,
): Sensor {
  return { parameters: [], isSecret: false, platforms: ['linux'], ...of, name, description }
}
