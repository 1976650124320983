import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { compile, coverage, type IntelDocument, programDigest, readIntel, relatedKeysOf } from '@tocsin/intel'
import { canonicalBytes, digestOf, digestOfBytes, type Program, storableText } from '@tocsin/model'
import type { CoverageRow, Profile } from '../../endpoints/index.ts'
import { loadYaraValidator } from '../../yara.ts'
import type { Answers, CompiledProgram, FromReader, ReadResult, ToReader } from './messages.ts'
import { remarksOn } from './remarks-on.ts'

/** The process in which documents are read: it may hang or run out of memory, the server does not. */
await serve()

async function serve(): Promise<void> {
  new Worker(new URL('./watch-parent.ts', import.meta.url)).unref()
  const yara = await loadYaraValidator()
  let last: IntelDocument | null = null
  const answer = (message: ToReader): Answers[keyof Answers] => {
    switch (message.kind) {
      case 'read': {
        const reading = readIntel(message.bytes, message.hints, { yara })
        last = reading.document ?? null
        return readResult(message.bytes, last, reading.diagnostics)
      }
      case 'compile':
        if (last === null) throw new Error('nothing was read')
        return compiled(last, message)
      case 'relate':
        if (last === null) throw new Error('nothing was read')
        return remarksOn(last, message.candidates, performance.now() + message.forMs)
      case 'cover':
        return message.programs.map(({ digest, bytes }) => ({
          program: digest,
          coverage: coverage(
            JSON.parse(new TextDecoder().decode(bytes)) as Program,
            message.profile.capability,
          ),
        }))
    }
  }
  const post = (message: FromReader) => process.send?.(message)
  process.on('disconnect', () => process.exit())
  process.on('message', (message: ToReader) => {
    try {
      post({ kind: 'answer', value: answer(message) })
    } catch (error) {
      post({ kind: 'fault', text: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  post({ kind: 'ready' })
}

function readResult(
  bytes: Uint8Array,
  document: IntelDocument | null,
  diagnostics: ReadResult['diagnostics'],
): ReadResult {
  if (document === null) return { document: null, keys: { offers: [], asks: [] }, diagnostics }
  const { name, platforms, kind } = document
  const contents = storableText(document.contents)
  const measured = kind === 'tanium-signal' ? new TextEncoder().encode(document.contents) : bytes
  return {
    diagnostics,
    keys: relatedKeysOf(document.condition),
    document: {
      kind,
      typeVersion: document.typeVersion,
      intrinsicId: storableText(document.intrinsicId),
      name: storableText(name),
      description: document.description === null ? null : storableText(document.description),
      platforms,
      techniques: document.techniques,
      contents,
      compiled: document.compiled === null ? null : storableText(document.compiled),
      md5: createHash('md5').update(measured).digest('hex'),
      size: measured.length,
      identity: digestOf([digestOfBytes(bytes), name, [...platforms].sort()]),
      origins: Object.fromEntries(document.origins),
    },
  }
}

function compiled(
  document: IntelDocument,
  order: { readonly id: number; readonly revision: number; readonly profiles: readonly Profile[] },
): CompiledProgram {
  const program = compile(document, { id: order.id, revision: order.revision })
  const digest = programDigest(program)
  const coverageRows: CoverageRow[] = order.profiles.map((profile) => ({
    profile: profile.digest,
    program: digest,
    coverage: coverage(program, profile.capability),
  }))
  return {
    digest,
    bytes: canonicalBytes(program),
    blobs: [...document.blobs].map(([blob, bytes]) => ({ digest: blob, bytes })),
    coverage: coverageRows,
  }
}
