import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type LoadedProgram, load, ProgramRefused } from '@tocsin/engine'
import { compile, type Reading, readIntel, type Tools } from '@tocsin/intel'

/** A document that can be evaluated. */
export interface ReadyDocument {
  readonly file: string
  readonly loaded: LoadedProgram
}

/** A document that cannot, and why. */
export interface RefusedDocument {
  readonly file: string
  readonly why: string
}

/** Reads, compiles and loads documents; those that are refused do not stop the others. */
export async function readPrograms(
  files: readonly string[],
  tools: Tools,
): Promise<{ readonly ready: readonly ReadyDocument[]; readonly refused: readonly RefusedDocument[] }> {
  const ready: ReadyDocument[] = []
  const refused: RefusedDocument[] = []
  for (const [number, file] of files.entries()) {
    const outcome = readyOf(
      file,
      number + 1,
      readIntel(await readFile(file), { fileName: basename(file) }, tools),
    )
    if ('why' in outcome) refused.push(outcome)
    else ready.push(outcome)
  }
  return { ready, refused }
}

function readyOf(file: string, id: number, reading: Reading): ReadyDocument | RefusedDocument {
  const { document, diagnostics } = reading
  if (document === undefined) {
    const error = diagnostics.find(({ severity }) => severity === 'error')
    return { file, why: error === undefined ? 'it cannot be read' : `${error.message} (${error.code})` }
  }
  try {
    const program = compile(document, { id, revision: 1 })
    return { file, loaded: load(program, (digest) => document.blobs.get(digest)) }
  } catch (error) {
    if (error instanceof ProgramRefused) return { file, why: error.message }
    throw error
  }
}
