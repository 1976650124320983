import type { Diagnostic, Span } from '@tocsin/model'
import { diagnosticCodes } from './diagnostic-codes.ts'

/** A document that was read, with what is said about it. */
export interface DiagnosedFile {
  /** Relative to where the report is read from, with `/` between folders. */
  readonly path: string
  readonly diagnostics: readonly Diagnostic[]
  /** The text that the spans count in. */
  readonly source: string
}

/** The diagnostics of documents as a SARIF 2.1.0 log, which code hosts and editors show beside the lines. */
export function renderSarif(files: readonly DiagnosedFile[], version: string): string {
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Tocsin', semanticVersion: version, rules: [...rules.values()] } },
        columnKind: 'utf16CodeUnits',
        artifacts: files.map(({ path }) => ({ location: { uri: uriOf(path) } })),
        results: files.flatMap(resultsOf),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

const rules = new Map(
  diagnosticCodes.flatMap(({ about, codes }) =>
    Object.entries(codes).map(([id, text]) => [
      id,
      { id, shortDescription: { text }, properties: { tags: [about] } },
    ]),
  ),
)
const ruleNumbers = new Map([...rules.keys()].map((code, number) => [code, number]))

function resultsOf({ path, diagnostics, source }: DiagnosedFile, number: number) {
  return diagnostics.map(({ code, severity, message, hint, span }) => {
    const artifactLocation = { uri: uriOf(path), index: number }
    const region = span === undefined ? {} : { region: regionOf(span, source) }
    const ruleIndex = ruleNumbers.get(code)
    return {
      ruleId: code,
      ...(ruleIndex === undefined ? {} : { ruleIndex }),
      // SARIF has the same three words.
      level: severity,
      message: { text: hint === undefined ? message : `${message}; hint: ${hint}` },
      locations: [{ physicalLocation: { artifactLocation, ...region } }],
    }
  })
}

/** Both ends in lines and columns from 1; the end column is the one behind the last character. */
function regionOf({ from, to, line, column }: Span, source: string) {
  const end = Math.max(from, Math.min(to, source.length))
  const newlines = countOf('\n', source.slice(from, end))
  const lineStart = source.lastIndexOf('\n', end - 1) + 1
  return {
    startLine: line,
    startColumn: column,
    endLine: line + newlines,
    endColumn: newlines === 0 ? column + (end - from) : end - lineStart + 1,
    charOffset: from,
    charLength: end - from,
  }
}

function countOf(letter: string, text: string): number {
  return text.split(letter).length - 1
}

/** A relative reference; a colon in its first part would be taken for a scheme, so that it is escaped too. */
function uriOf(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/')
}
