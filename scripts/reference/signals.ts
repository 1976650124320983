import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  featureVersions,
  platformsOf,
  type SignalProperty,
  signalConditions,
  signalLimits,
  signalObjects,
  signalProperties,
} from '../../packages/intel/src/index.ts'
import { codes, table } from './table.ts'

const source = fileURLToPath(new URL('../../packages/intel/src/formats/signal/', import.meta.url))

/** The language of signals: grammar, types and properties. */
export async function signalsPage(): Promise<string> {
  const objects = signalObjects.map((object) => {
    const own = signalProperties.filter((row) => row.object === object)
    return `### ${object}\n\n${table(['property', 'type', 'conditions', 'filled by', 'version', 'also read as', 'reads'], own.map(rowOf))}\n`
  })
  return `# Signals
How to write one: [writing signals](../guides/writing-signals.md). Here stands what the language has.

## Grammar

\`\`\`
${(await grammar()).join('\n')}
\`\`\`

Keywords, names and conditions are read in any case; AND binds tighter than OR. A signal has at most ${signalLimits.characters} characters,
${signalLimits.terms} terms and ${signalLimits.depth} levels of parentheses.

## Types

${table(['type', 'conditions', 'a value of `is`'], typeRows())}

Text, names and paths are compared without regard to case. \`matches\` takes an RE2 expression and is found anywhere in the value.

## Properties
*Filled by*: the events that carry it and where they can be recorded at all; what an endpoint really records of it is found there by trial. *Version*: the lowest
\`syntax_version\` that knows it. A \`group\` needs version ${featureVersions.group}, \`file.operation is create\` ${featureVersions.createOperation}, and a term about an event outside a group
${featureVersions.bareEventTerm}, whatever its property. *Reads*: rows of [properties](properties.md).

${objects.join('\n')}`
}

function rowOf(row: SignalProperty): readonly string[] {
  return [
    `\`${row.object}.${row.property}\``,
    row.type === 'word' ? row.words.join(', ') : row.type,
    conditionsOf(row.conditions),
    `${row.object} events on ${platformsOf(row).join(', ')}`,
    String(row.since),
    codes(row.aliases),
    codes(row.lowersTo),
  ]
}

function conditionsOf(conditions: SignalProperty['conditions']): string {
  return conditions.length === signalConditions.length ? 'all' : codes(conditions)
}

/** The rules that stand above the functions that read them. */
async function grammar(): Promise<readonly string[]> {
  const files = ['parse-signal.ts', 'parse-term.ts', 'tokenize.ts']
  const texts = await Promise.all(files.map((file) => readFile(source + file, 'utf8')))
  return texts.flatMap((text) => [...text.matchAll(/^\/\/ (\w+ := .+)$/gm)].map(([, rule = '']) => rule))
}

const wanted: Readonly<Record<SignalProperty['type'], string>> = {
  text: 'any text',
  hash: 'MD5, SHA-1 or SHA-256, told apart by their length',
  address: 'an address, or a network such as `10.0.0.0/8`',
  integer: 'a whole number',
  port: 'a number up to 65535',
  boolean: '`true` or `false`',
  word: 'one of the words that the property lists',
}

function typeRows(): readonly (readonly string[])[] {
  return Object.entries(wanted).map(([type, value]) => {
    const conditions = signalProperties.find((row) => row.type === type)?.conditions ?? []
    return [type, conditionsOf(conditions), value]
  })
}
