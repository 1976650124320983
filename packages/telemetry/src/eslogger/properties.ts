import { esloggerActor, esloggerTable } from './table.ts'

const personal = ['path', 'name', 'command_line', 'user_name']

/** Object → properties that the events of eslogger carry. There is nothing of networks and DNS. */
export const esloggerProperties: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [...Map.groupBy(esloggerTable, (row) => ('why' in row ? '' : row.object))]
    .filter(([object]) => object !== '')
    .map(([object, rows]) => {
      const own = rows.flatMap((row) => ('why' in row ? [] : row.properties))
      const more = object === 'process' ? [...esloggerActor, ...ofParents()] : []
      return [object, [...new Set([...own, ...more])]]
    }),
)

/** The names by which `eslogger` is asked for what is read, and for the forks, which tell command lines of children. */
export const esloggerEvents: readonly string[] = [
  'fork',
  ...esloggerTable.flatMap((row) => ('why' in row ? [] : [row.name])),
]

function ofParents(): readonly string[] {
  return personal.flatMap((name) => [`process.parent_${name}`, `process.ancestry_${name}`])
}
