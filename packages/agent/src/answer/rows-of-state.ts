import type { Row } from '@tocsin/questions'
import type { StateProvider } from '../scan/state/provider.ts'
import type { Answerer, Tools } from './answerer.ts'
import { cellsOfObject } from './cells.ts'

/** A sensor whose rows are the objects of a state provider. */
export function ofState(sensor: string, provider: StateProvider, ...properties: readonly string[]): Answerer {
  return { sensor, rows: (_, tools) => rowsOfState(provider, properties, tools) }
}

export async function* rowsOfState(
  provider: StateProvider,
  properties: readonly string[],
  { reading, missed }: Tools,
): AsyncIterable<Row> {
  for await (const object of reading.objects(provider)) yield cellsOfObject(object, properties)
  if (!reading.sawAll(provider.object)) missed('not all of it could be read')
}
