import type { Hints } from '@tocsin/intel'
import type { Digest } from '@tocsin/model'
import { saveCoverage } from '../endpoints/index.ts'
import type { Queryable } from '../storage/database.ts'
import { saveObjects } from './objects.ts'
import { withReading } from './receive.ts'

/** The document that a program of a text names that is not stored: the identity column begins with 1. */
const nobody = 0

export interface CompiledText {
  readonly name: string
  readonly program: Digest
  readonly blobs: readonly Digest[]
}

/** Compiles a text that is not stored; only its program and blobs are kept, as objects, and where it can fire. */
export function compileText(
  within: Queryable,
  body: { readonly bytes: Uint8Array; readonly hints: Hints },
): Promise<CompiledText> {
  return withReading(within, body, async ({ document, compileAs }) => {
    const program = await compileAs(nobody, 0)
    await saveObjects(within, [program, ...program.blobs])
    await saveCoverage(within, program.coverage)
    const blobs = program.blobs.map(({ digest }) => digest)
    return { name: document.name, program: program.digest, blobs }
  })
}

/** Blobs that the program of a stored document names. */
export async function blobsOfProgram(within: Queryable, program: Digest): Promise<readonly Digest[]> {
  const [row] = await within.query<{ blobs: readonly Digest[] }>(
    'select blobs from revisions where program = $1 limit 1',
    [program],
  )
  return row?.blobs ?? []
}
