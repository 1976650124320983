import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '@tocsin/model'
import { publicKeyOf, sign } from '@tocsin/protocol'
import { exists } from '../storage/postgres/index.ts'
import { keep } from './authority.ts'

/** The key of program sets. It signs each revision once, and none that is not above all it has signed. */
export interface ProgramKey {
  /** Ed25519, hex. */
  readonly publicKey: string
  sign(manifest: Manifest): Promise<string>
}

export async function openProgramKey(folder: string): Promise<ProgramKey> {
  const secret = await secretIn(join(folder, 'programs.key'))
  const publicKey = publicKeyOf(secret)
  const lastFile = join(folder, 'last-revision')
  let last = Number(await readFile(lastFile, 'utf8').catch(() => '0'))
  return {
    publicKey,
    sign: async (manifest) => {
      if (!(manifest.revision > last)) throw new Error(`revision ${manifest.revision} is not above ${last}`)
      last = manifest.revision
      await keep(lastFile, String(last))
      return sign(manifest, secret)
    },
  }
}

/** The key of response actions is another one, made with the first and kept beside it. */
export async function openActionKey(folder: string): Promise<string> {
  return publicKeyOf(await secretIn(join(folder, 'actions.key')))
}

async function secretIn(file: string): Promise<Uint8Array> {
  if (!(await exists(file))) await keep(file, randomBytes(32))
  return new Uint8Array(await readFile(file))
}
