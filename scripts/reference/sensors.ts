import { answerLimits, type Sensor, sensors } from '../../packages/questions/src/index.ts'
import { table } from './table.ts'

/** Everything that a question can ask for, from the table that server, agent and command line read. */
export function sensorsPage(): string {
  const { rows, bytes, millis } = answerLimits
  return `# Sensors
What can be asked of endpoints. A sensor gives rows of these columns. One endpoint answers a question with at most
${rows.toLocaleString('en')} rows or ${bytes / 2 ** 20} MiB, and has ${millis / 1_000} seconds for it; what is cut is said to be. How to ask is in the
[guide](../guides/asking.md).

Units: *bytes*; *percent* of 100; *duration* in seconds; *time* in µs since 1970, UTC; *flag* is true or false. A test
may write them as \`2 GB\`, \`80%\`, \`3 d\`, \`2026-01-31\` and \`true\`.

${sensors.map(section).join('\n\n')}
`
}

function section({ name, description, parameters, columns, platforms, isSecret }: Sensor): string {
  const given = parameters.map(
    ({ label, usual }) =>
      `${label}${usual === undefined ? '' : ` (without it: ${usual === '' ? 'any' : usual})`}`,
  )
  const facts = [
    `Platforms: ${platforms.join(', ')}.`,
    ...(given.length === 0 ? [] : [`Parameters: ${given.join('; ')}.`]),
    ...(isSecret ? ['Its rows may hold secrets: it takes the permission `questions.secrets`.'] : []),
  ]
  const rows = columns.map((column) => [column.name, column.type])
  return `## ${name}\n\n${description} ${facts.join(' ')}\n\n${table(['column', 'type'], rows)}`
}
