import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '@tocsin/model'
import { keyIdOf, publicKeyOf, sign } from '@tocsin/protocol'
import { exists, writeDurably } from '../storage/postgres/index.ts'

/** The key of program sets. It signs each revision once, and none that is not above all it has signed. */
export interface ProgramKey {
  /** Ed25519, hex. */
  readonly publicKey: string
  sign(manifest: Manifest): Promise<string>
}

const secretLength = 32

export async function openProgramKey(folder: string): Promise<ProgramKey> {
  const secret = await secretIn(join(folder, 'programs.key'))
  const publicKey = publicKeyOf(secret)
  const lastFile = join(folder, 'last-revision')
  let last = await revisionIn(lastFile)
  let turn: Promise<unknown> = Promise.resolve()
  const signNext = async (manifest: Manifest): Promise<string> => {
    if (manifest.keyId !== keyIdOf(publicKey)) throw new Error('the manifest names another key')
    if (manifest.revision <= last) throw new Error(`revision ${manifest.revision} is not above ${last}`)
    await writeDurably(lastFile, String(manifest.revision)) // before anybody can have the signature
    last = manifest.revision
    return sign(manifest, secret)
  }
  return {
    publicKey,
    sign: (manifest) => {
      const mine = turn.then(() => signNext(manifest))
      turn = mine.catch(() => undefined)
      return mine
    },
  }
}

/** The key of response actions is another one, made with the first and kept beside it. */
export async function openActionKey(folder: string): Promise<string> {
  return publicKeyOf(await secretIn(join(folder, 'actions.key')))
}

async function secretIn(file: string): Promise<Uint8Array> {
  if (!(await exists(file))) await writeDurably(file, randomBytes(secretLength))
  const secret = new Uint8Array(await readFile(file))
  if (secret.length !== secretLength) throw new Error(`${file} holds no key`)
  return secret
}

/** A file that cannot be read must not count as "nothing signed yet". */
async function revisionIn(file: string): Promise<number> {
  if (!(await exists(file))) return 0
  const text = await readFile(file, 'utf8')
  if (!/^[1-9]\d{0,15}$/.test(text)) throw new Error(`${file} holds no revision`)
  return Number(text)
}
