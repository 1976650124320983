import { type Sensor, sensors } from '@tocsin/questions'
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { print, printJson, table, tell } from '../output.ts'

export function register(program: Command): void {
  program
    .command('sensors')
    .description('list what can be asked for; with a part of a name, the columns, too')
    .argument('[name...]', 'a part of the name')
    .option('--json', 'one JSON object')
    .action((words: readonly string[], { json }: { json?: true }) => {
      const wanted = words.join(' ').toLowerCase()
      const found = sensors.filter(({ name }) => name.toLowerCase().includes(wanted))
      process.exitCode = found.length === 0 ? exitCodes.no : exitCodes.done
      if (json) printJson({ items: found })
      else if (found.length === 0) tell(`no sensor has "${wanted}" in its name`)
      else if (wanted === '') print(table(['sensor', 'says'], found.map(rowOf)))
      else for (const line of found.flatMap(linesOf)) print(line)
    })
}

function rowOf(sensor: Sensor): readonly string[] {
  return [written(sensor), sensor.description]
}

function written({ name, parameters }: Sensor): string {
  return parameters.length === 0 ? name : `${name}[${parameters.map(({ key }) => key).join(',')}]`
}

function linesOf(sensor: Sensor): readonly string[] {
  const { description, parameters, columns } = sensor
  return [
    `${written(sensor)}: ${description}`,
    ...parameters.map(
      ({ key, label, usual }) => `  [${key}] ${label}${usual ? `, ${usual} without it` : ''}`,
    ),
    `  ${columns.map(({ name, type }) => (type === 'text' ? name : `${name} (${type})`)).join(', ')}`,
  ]
}
