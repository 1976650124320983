import { readSync } from 'node:fs'
import type { Observed } from '@tocsin/engine'
import { absentField, type Field, type Fields, known, unknownField } from '@tocsin/model'
import { textsField } from '../state/fields.ts'
import { elfFacts } from './elf.ts'
import { peFacts } from './pe.ts'
import { type ReadAt, Span } from './span.ts'

/** Properties that are read only where a term asks for them. */
export const factProperties = [
  ...['file.format', 'file.machine', 'file.entry_point', 'file.section', 'file.library', 'file.import'],
  ...['file.export', 'file.compiled', 'file.imphash', 'file.signed', 'file.interpreter', 'file.build_id'],
] as const

// Limit: version information, resources and certificates of programs are read by content rules only.
/** The facts of a file that is a program; of another file it is known that it has none. */
export async function fieldsOfProgram(readAt: ReadAt, size: number): Promise<Fields> {
  const span = new Span(readAt, size)
  const facts = (await peFacts(span)) ?? (await elfFacts(span))
  if (facts === undefined)
    return Object.fromEntries(factProperties.map((property) => [property, absentField]))
  const { compiled, isSigned, isWhole } = facts
  const listed = (texts: readonly string[]) => textsField(texts, isWhole)
  return {
    'file.format': known(facts.format),
    'file.machine': known(facts.machine),
    'file.entry_point': known(facts.entryPoint),
    'file.section': listed(facts.sections),
    'file.library': listed(facts.libraries),
    'file.import': listed(facts.imports),
    'file.export': listed(facts.exports),
    'file.compiled': compiled === undefined ? absentField : known({ time: compiled * 1_000_000 }),
    'file.imphash': facts.imphash === null ? unknownField : optional(facts.imphash),
    'file.signed': isSigned === undefined ? absentField : known(isSigned),
    'file.interpreter': optional(facts.interpreter),
    'file.build_id': optional(facts.buildId),
  }
}

function optional(text: string | undefined): Field {
  return text === undefined || text === '' ? absentField : known(text)
}

/** These facts are read but not listed: an explanation shows of them only what a term of the program asked for. */
export function withProgram(instance: Observed, program: Fields): Observed {
  return { ...instance, read: (property) => program[property] ?? instance.read(property) }
}

export function readerOf(fd: number): ReadAt {
  return async (offset, length) => {
    const bytes = Buffer.allocUnsafe(length)
    return bytes.subarray(0, readSync(fd, bytes, 0, length, offset))
  }
}
