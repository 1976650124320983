import { type Diagnostic, type Kind, oversizeOf } from '@tocsin/model'
import type { Hints, Reading, YaraValidator } from './document.ts'
import { readCybox } from './formats/cybox/read-cybox.ts'
import { readList } from './formats/list/read-list.ts'
import { readMisp } from './formats/misp/read-misp.ts'
import { readOpenIoc } from './formats/openioc/read-openioc.ts'
import { readSigma } from './formats/sigma/read-sigma.ts'
import { readSignal } from './formats/signal/read-signal.ts'
import { readStix } from './formats/stix/read-stix.ts'
import { readStix2 } from './formats/stix2/read-stix2.ts'
import { readYara } from './formats/yara/read-yara.ts'
import { claimedKind, sniffKind } from './kind.ts'
import type { ReadingCode } from './reading-codes.ts'
import { checkDocument } from './rules/check-document.ts'
import { headOf } from './sniff/head.ts'
import { flawOfJson } from './text.ts'

export interface Tools {
  readonly yara: YaraValidator
}

// Limit: a document has at most 64 MiB; YARA 16 MiB, a Sigma rule 1 MiB, one signal 65,536 characters.
/** Bodies above this are refused unread. */
export const largestBody = 64 * 1024 * 1024

/** Finds out what a body is, reads it and checks it. Never throws. */
export function readIntel(bytes: Uint8Array, hints: Hints, tools: Tools): Reading {
  if (bytes.length > largestBody) return refused('INT002', 'the document is larger than 64 MiB')
  if (isBlank(bytes)) return refused('INT001', 'the document is empty')
  const flaw = /^[{[]/.test(headOf(bytes)) ? flawOfJson(new TextDecoder().decode(bytes)) : undefined
  if (flaw !== undefined) return refused('INT006', flaw)
  const kind = sniffKind(bytes, hints)
  if (kind === null) return unknownKind()
  const read = readers[kind]
  if (read === undefined) {
    const reading = refused('INT004', `documents of the kind ${kind} are not read`)
    return { ...reading, kind }
  }
  const reading = read(bytes, hints, tools)
  const diagnostics = [...contradiction(kind, hints), ...reading.diagnostics]
  if (reading.document === undefined) return { ...reading, diagnostics }
  const oversize = oversizeOf(reading.document.condition)
  if (oversize !== undefined) return { kind, diagnostics: [...diagnostics, tooLarge(oversize)] }
  if (kind === 'tanium-signal') return { ...reading, diagnostics }
  return { ...reading, diagnostics: [...diagnostics, ...checkDocument(reading.document)] }
}

/**
 * The text that the diagnostics of a reading point into: what was uploaded for signals, whose `contents` are made;
 * the decoded text for the rest.
 */
export function sourceOf(reading: Reading, bytes: Uint8Array): string {
  const { document } = reading
  if (document !== undefined && document.kind !== 'tanium-signal') return document.contents
  return new TextDecoder().decode(bytes)
}

type Reader = (bytes: Uint8Array, hints: Hints, tools: Tools) => Reading

/** Signals run the checks themselves, because their diagnostics point into the upload. */
const readers: Readonly<Partial<Record<Kind, Reader>>> = {
  'tanium-signal': readSignal,
  openioc: readOpenIoc,
  stix: (bytes, hints, { yara }) => readStix(bytes, hints, yara),
  cybox: readCybox,
  stix2: (bytes, hints, { yara }) => readStix2(bytes, hints, yara),
  yara: (bytes, hints, { yara }) => readYara(bytes, hints, yara),
  sigma: readSigma,
  misp: readMisp,
  list: readList,
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))
}

function unknownKind(): Reading {
  const message = 'nothing tells what this document is'
  const hint = 'name the file .ioc, .stix, .yara, .signal, … or send the header “type”'
  return { kind: null, diagnostics: [{ code: 'INT003', severity: 'error', message, hint }] }
}

function tooLarge(why: string): Diagnostic {
  const message = `endpoints take no such condition: ${why}`
  return { code: 'INT007', severity: 'error', message, hint: 'split the document' }
}

function contradiction(kind: Kind, hints: Hints): readonly Diagnostic[] {
  const claimed = claimedKind(hints)
  if (claimed === undefined || claimed === kind) return []
  const message = `the name or header says ${claimed}, the body is ${kind}; it was read as ${kind}`
  return [{ code: 'INT005', severity: 'note', message }]
}

function refused(code: ReadingCode, message: string): Reading {
  return { kind: null, diagnostics: [{ code, severity: 'error', message }] }
}
