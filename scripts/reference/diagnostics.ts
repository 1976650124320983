import { diagnosticCodes } from '../../packages/intel/src/index.ts'
import { questionCodes } from '../../packages/questions/src/index.ts'
import { receivingCodes } from '../../packages/server/src/intel/index.ts'
import { table } from './table.ts'

/** Every code of a document's diagnostics. */
export function diagnosticsPage(): string {
  const tables = [
    ...diagnosticCodes,
    { about: 'What the server adds', codes: receivingCodes },
    { about: 'Questions', codes: questionCodes },
  ]
  const parts = tables.map(({ about, codes }) => {
    const rows = Object.entries(codes).map(([code, meaning]) => [`\`${code}\``, meaning])
    return `## ${about}\n\n${table(['code', 'meaning'], rows)}\n`
  })
  return `# Diagnostics
What Tocsin says about a document. An *error* refuses the document; a *warning* means that a part of it can never match or is surely
not meant; a *note* says how it was read. Each diagnostic has a code, a message, mostly a place (line, column, and the range of
characters), and often a hint. \`tocsin check FILE\` shows them without a server.

${parts.join('\n')}`
}
