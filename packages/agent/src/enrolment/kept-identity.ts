import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** What an enrolled endpoint presents, and what it trusts. */
export interface Identity {
  readonly endpoint: string
  /** PEM, PKCS#8; made here and never sent. */
  readonly key: string
  readonly certificate: string
  readonly authority: string
  /** Ed25519 public key of program sets, hex; pinned for ever. */
  readonly programKey: string
}

const fileName = 'identity.json'
const parts = ['endpoint', 'key', 'certificate', 'authority', 'programKey'] as const

/** The identity of an earlier enrolment. */
export async function keptIdentity(stateDir: string): Promise<Identity | undefined> {
  const text = await readFile(join(stateDir, fileName), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const value: unknown = JSON.parse(text)
  const isWhole =
    value !== null &&
    typeof value === 'object' &&
    parts.every((part) => part in value && typeof value[part as never] === 'string')
  if (!isWhole) throw new Error(`${join(stateDir, fileName)} is damaged: remove it and enrol again`)
  return value as Identity
}

/** Whole or not at all, also where the power fails. */
export async function keepIdentity(stateDir: string, identity: Identity): Promise<void> {
  const path = join(stateDir, fileName)
  const file = await open(`${path}.new`, 'w', 0o600)
  await file.writeFile(JSON.stringify(identity))
  await file.sync()
  await file.close()
  await rename(`${path}.new`, path)
}
